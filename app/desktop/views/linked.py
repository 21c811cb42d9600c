"""The three planes and the 3-D view, linked: what the Review and the Plan page have in common."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.desktop.knee.scene import Scene
from app.desktop.knee.view import KneeView
from app.desktop.planes.model import PlanesModel
from app.desktop.planes.reslice import Plane
from app.desktop.planes.view import PlaneView
from app.desktop.views.loader import ShownKnee


class LinkedViews(QObject):
    """planes and knee share `model`; which bones are shown, and in which colour, is the scene's to say."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = PlanesModel(self)
        self.planes = {plane: PlaneView(plane, self.model) for plane in Plane}
        self.knee = KneeView(self.model)
        self.knee.scene_changed.connect(self._show_scene)

    def show_knee(self, shown: ShownKnee) -> None:
        """Another knee, looked at in its middle; window, slab and scene stay as the planner had them."""
        low, high = shown.volume.box_mm
        x, y, z = ((low + high) / 2).tolist()
        self.model.update(
            volume=shown.volume, bones=shown.bones, crosshair_mm=shown.volume.clamped((x, y, z)), marks=()
        )
        self.knee.set_knee(shown.knee, shown.volume)

    def clear(self) -> None:
        """No knee."""
        self.model.update(volume=None, bones={}, marks=(), picking=False)
        self.knee.set_knee(None, None)

    def on_maximised(self, then: Callable[[str], object]) -> None:
        """Call `then` with the name of a view that is to be alone."""
        for plane, view in self.planes.items():
            view.maximised.connect(lambda name=plane.value: then(name))
        self.knee.maximised.connect(lambda: then("knee"))

    def _show_scene(self) -> None:
        scene: Scene = self.knee.scene
        colours = {bone: look.colour for bone, look in scene.bones.items()}
        self.model.update(shown=scene.visible, colours=colours)
