"""The knee in 3-D: turned, moved and zoomed by mouse and by keys, and picked on its surfaces."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.desktop.knee.camera import StandardView
from app.desktop.knee.pane import KneePane
from app.desktop.knee.scene import nearest_hit
from app.desktop.planes.model import PlanesModel

_TURN = 0.4  # degrees for a layout unit of the mouse
_KEY_TURN, _ZOOM_STEP = 10.0, 1.15
_CLICK = 4.0  # layout units within which a press and a release are a click


class KneeView(KneePane):
    """maximised: double-clicked.   picked: a point of a bone's surface (LPS mm), clicked while picking or with Ctrl."""

    maximised = Signal()
    picked = Signal(object)

    def __init__(self, model: PlanesModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._pressed, self._last = QPointF(), QPointF()
        self.setAccessibleDescription(self.help_text())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        self._pressed = self._last = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt: left turns, middle or Shift moves, right zooms."""
        moved, self._last = event.position() - self._last, event.position()
        if self._viewpoint is None or not event.buttons():
            return
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.buttons() & Qt.MouseButton.RightButton:
            self._move(self._viewpoint.nearer(1.005 ** -moved.y()))
        elif shifted or event.buttons() & Qt.MouseButton.MiddleButton:
            self._move(self._viewpoint.moved(moved.x(), moved.y(), self.height()))
        else:
            self._move(self._viewpoint.turned(moved.x() * _TURN, moved.y() * _TURN))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt: a click while picking, or with Ctrl, takes the point of the surface."""
        clicked = (event.position() - self._pressed).manhattanLength() <= _CLICK
        wanted = self._model.state.picking or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if clicked and wanted and event.button() == Qt.MouseButton.LeftButton:
            self._pick(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if event.button() == Qt.MouseButton.LeftButton and not self._model.state.picking:
            self.maximised.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if self._viewpoint is not None:
            self._move(self._viewpoint.nearer(_ZOOM_STEP ** (event.angleDelta().y() / 120)))
        event.accept()

    def _pick(self, place: QPointF) -> None:
        if self._picture is None:
            return
        seen = tuple(mesh for mesh in self._meshes if mesh.bone in self._scene.visible)
        seen_from = self._picture.viewpoint
        hit = nearest_hit(seen, seen_from.eye_mm, seen_from.ray(place.x(), place.y(), (self.width(), self.height())))
        if hit is not None:
            x, y, z = hit[1].tolist()
            self.picked.emit((x, y, z))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Called by Qt; the keys are told by the accessible description."""
        key, view = Qt.Key(event.key()), self._viewpoint
        standard = {standard.letter: standard for standard in StandardView}.get(event.text().upper())
        turns = {
            Qt.Key.Key_Left: (-_KEY_TURN, 0.0),
            Qt.Key.Key_Right: (_KEY_TURN, 0.0),
            Qt.Key.Key_Up: (0.0, -_KEY_TURN),
            Qt.Key.Key_Down: (0.0, _KEY_TURN),
        }
        if view is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif standard is not None:
            self.look(standard)
        elif key in turns:
            self._move(view.turned(*turns[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._move(view.nearer(1 / _ZOOM_STEP if key == Qt.Key.Key_Minus else _ZOOM_STEP))
        elif key in (Qt.Key.Key_0, Qt.Key.Key_T, Qt.Key.Key_M):
            actions = {Qt.Key.Key_0: self.fit, Qt.Key.Key_M: self.maximised.emit}
            actions.get(key, lambda: self.set_turntable(not self._turntable))()
        else:
            super().keyPressEvent(event)

    def help_text(self) -> str:
        """What mouse and keys do."""
        return self.tr(
            "Left button or arrow keys: turn. Middle button, or Shift and left button: move. Wheel, right button, or +"
            " and -: zoom. A, P, L, R, S, I: standard views. T: turntable. 0: fit. Ctrl and click: crosshair to the"
            " surface. Double click or M: this view alone."
        )
