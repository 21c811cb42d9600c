"""The knee in 3-D as a picture, with the bones' names and a cross of directions; knee_view.py turns it by hand.

Pictures come from the render thread. While the hand moves they are smaller if they must be; at rest one follows at full
resolution. Nothing is drawn that nobody asked for: there is no timer but the turntable's.
"""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from app.cases.knee import Knee
from app.desktop.knee.camera import StandardView, Viewpoint, fitted
from app.desktop.knee.overlay import paint_overlay
from app.desktop.knee.pictures import KneePictures, Picture
from app.desktop.knee.scene import Scene
from app.desktop.planes.model import PlanesModel
from app.desktop.planes.paint import PlanePainter
from app.desktop.planes.reslice import StandingVolume
from engine.domain import Bone, BoneMesh

_STILL_AFTER_MS = 180
_TURNTABLE_DEGREES_PER_SECOND = 24.0
_CENTRED = int(Qt.AlignmentFlag.AlignCenter.value) | int(Qt.TextFlag.TextWordWrap.value)


class KneePane(QWidget):
    """described: a RendererKind, once known.   turning: whether the turntable runs.   scene_changed: another Scene."""

    described = Signal(object)
    turning = Signal(bool)
    scene_changed = Signal()

    def __init__(self, model: PlanesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._meshes: tuple[BoneMesh, ...] = ()
        self._volume: StandingVolume | None = None
        self._scene = Scene()
        self._viewpoint: Viewpoint | None = None
        self._pictures: KneePictures | None = None
        self._picture: Picture | None = None
        self._image = QImage()
        self._problem = ""
        self._spun_at = 0.0
        self._turntable = self._stale = False
        self._rest = QTimer(self, singleShot=True, interval=_STILL_AFTER_MS)
        self._rest.timeout.connect(lambda: self._ask(still=True))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(False)
        self.setMinimumSize(QSize(120, 100))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Knee in 3-D"))
        model.changed.connect(self.update)

    # What is shown --------------------------------------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        """What is drawn."""
        return self._scene

    @property
    def viewpoint(self) -> Viewpoint | None:
        """Where it is seen from; None without a knee."""
        return self._viewpoint

    @property
    def picture(self) -> Picture | None:
        """The latest picture."""
        return self._picture

    def set_knee(self, knee: Knee | None, volume: StandingVolume | None) -> None:
        """Show another knee; it is prepared in the render thread."""
        self._meshes = () if knee is None else knee.meshes
        self._volume, self._viewpoint, self._picture, self._image = volume, None, None, QImage()
        self._stale = True
        if self._meshes and self.isVisible():
            self._begin()
        self.update()

    def set_scene(self, scene: Scene) -> None:
        """Draw something else of the same knee."""
        self._scene = scene
        self._move(self._viewpoint)
        self.scene_changed.emit()

    def look(self, view: StandardView) -> None:
        """From a standard side, the whole knee."""
        self._move(fitted(*self._box(), view, self._pixels()))

    def fit(self) -> None:
        """The whole knee, seen from where the eye is now."""
        if self._viewpoint is not None and self._meshes:
            whole = fitted(*self._box(), StandardView.ANTERIOR, self._pixels())
            self._move(Viewpoint(self._viewpoint.basis, whole.focal_mm, whole.distance_mm))

    def set_turntable(self, on: bool) -> None:
        """Turn the knee about its long axis until told otherwise."""
        if on != self._turntable:
            self._turntable, self._spun_at = on, time.monotonic()
            self.turning.emit(on)
            self._ask(still=not on)

    @property
    def turntable(self) -> bool:
        """Whether the knee turns."""
        return self._turntable

    def screenshot_png(self) -> bytes:
        """What is seen, with names and directions, as PNG; empty without a picture."""
        if self._image.isNull():
            return b""
        shot = QPixmap(self.size() * self.devicePixelRatioF())
        shot.setDevicePixelRatio(self.devicePixelRatioF())
        painter = QPainter(shot)
        self._paint(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        shot.save(buffer, "PNG")
        return bytes(buffer.data().data())

    def close_view(self) -> None:
        """Give back the renderer."""
        self._rest.stop()
        self._turntable = False
        if self._pictures is not None:
            self._pictures.close()
            self._pictures = None

    # Pictures -------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self._pictures is None:
            self._pictures = KneePictures(self)
            self._pictures.drawn.connect(self._drawn)
            self._pictures.described.connect(self.described)
            self._pictures.failed.connect(self._failed)
        if self._stale:
            self._stale = False
            self._pictures.show(self._meshes, self._volume)
            self._viewpoint = fitted(*self._box(), StandardView.ANTERIOR, self._pixels())
        self._ask(still=True)

    def _ask(self, still: bool) -> None:
        if self._pictures is not None and self._viewpoint is not None and self.isVisible():
            self._pictures.ask(self._scene, self._viewpoint, self._pixels(), still)

    def _move(self, viewpoint: Viewpoint | None) -> None:
        if viewpoint is not None and self._meshes:
            self._viewpoint = viewpoint
            self._ask(still=False)
            self._rest.start()

    def _drawn(self, picture: Picture) -> None:
        self._picture = picture
        rows, columns, _ = picture.pixels.shape
        self._image = QImage(picture.pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBX8888)
        self.update()
        if self._turntable and self._viewpoint is not None:
            now = time.monotonic()
            self._viewpoint = self._viewpoint.spun(_TURNTABLE_DEGREES_PER_SECOND * (now - self._spun_at))
            self._spun_at = now
            self._ask(still=False)

    def _failed(self, sentence: str) -> None:
        self._problem = sentence
        self.update()

    def _box(self) -> tuple[np.ndarray, np.ndarray]:
        points = [mesh.vertices_mm for mesh in self._meshes]
        return np.min([p.min(axis=0) for p in points], axis=0), np.max([p.max(axis=0) for p in points], axis=0)

    def _pixels(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(int(self.width() * ratio), 8), max(int(self.height() * ratio), 8)

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Called by Qt."""
        painter = QPainter(self)
        self._paint(painter)
        if self.hasFocus():
            PlanePainter.focus_ring(painter, self.rect(), self.palette())
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image.isNull() or self._picture is None:
            words = self._problem or (self.tr("Drawing the knee …") if self._meshes else "")
            painter.setPen(Qt.GlobalColor.lightGray)
            painter.drawText(self.rect().adjusted(24, 24, -24, -24), _CENTRED, words)
            return
        painter.drawImage(QRectF(self.rect()), self._image)
        size = self.width(), self.height()
        paint_overlay(painter, self._picture.viewpoint, size, self._anchors(), self._model.state)

    def _anchors(self) -> dict[Bone, tuple[float, float, float]]:
        """Where each bone's name hangs: the middle of its box."""
        if not self._scene.labels:
            return {}
        shown = [mesh for mesh in self._meshes if mesh.bone in self._scene.visible]
        middles = {mesh.bone: (mesh.vertices_mm.min(axis=0) + mesh.vertices_mm.max(axis=0)) / 2 for mesh in shown}
        return {bone: (float(x), float(y), float(z)) for bone, (x, y, z) in middles.items()}

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802, ARG002
        """Called by Qt: the renderer is made when there is something to see."""
        if self._meshes:
            self._begin()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802, ARG002
        """Called by Qt."""
        self.set_turntable(False)
        self._rest.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, ARG002
        """Called by Qt."""
        self._move(self._viewpoint)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(360, 320)
