"""One reformatted plane: the voxels, the bones' outlines, the crosshair, and everything by mouse and by keyboard."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.desktop.film.window_presets import HuWindow, Preset, greys
from app.desktop.parts.picture_frame import PictureFrame
from app.desktop.parts.words import number_words
from app.desktop.planes.model import PlanesModel, PlanesState
from app.desktop.planes.paint import PlanePainter
from app.desktop.planes.reslice import Plane, PointMm, Section, section

_ZOOM_STEP = 1.15
_NOTCH = 120  # eighths of a degree of a wheel's notch
_PRESET_KEYS = {Qt.Key.Key_1: Preset.BONE, Qt.Key.Key_2: Preset.SOFT_TISSUE, Qt.Key.Key_3: Preset.FULL}
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, -1),
    Qt.Key.Key_Down: (1, 1),
}


class PlaneView(QWidget):
    """A plane of the model's volume. maximised: double-clicked.   picked: a point (LPS mm) was chosen while picking."""

    maximised = Signal()
    picked = Signal(object)

    def __init__(self, plane: Plane, model: PlanesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plane, self._model = plane, model
        self._frame = PictureFrame()
        self._pixels: QImage | None = None
        self._made_of: tuple[object, ...] = ()
        self._cursor: QPointF | None = None
        self._last, self._notches = QPointF(), 0.0
        self._painter = PlanePainter(plane)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(120, 100))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.words[plane])
        self.setAccessibleDescription(self._help())
        model.changed.connect(self._model_changed)

    @property
    def words(self) -> dict[Plane, str]:
        """Names of the planes."""
        return {
            Plane.AXIAL: self.tr("Axial"),
            Plane.CORONAL: self.tr("Coronal"),
            Plane.SAGITTAL: self.tr("Sagittal"),
        }

    @property
    def frame(self) -> PictureFrame:
        """How the plane lies in the widget; its units are millimetres of the page."""
        return self._frame

    @property
    def position_mm(self) -> float:
        """Where the plane lies along its normal."""
        return self._model.state.crosshair_mm[self.plane.normal]

    def point_at(self, place: QPointF) -> PointMm:
        """The point of the plane (LPS mm) at a place of the widget."""
        return self.plane.lps(*self._frame.to_picture(place.x(), place.y()), self.position_mm)

    def place_of(self, point_mm: PointMm) -> QPointF:
        """Where a point, projected onto the plane, lies in the widget."""
        u, v = self.plane.page(point_mm)
        return QPointF(*self._frame.to_widget(float(u), float(v)))

    def fit(self) -> None:
        """Show the whole plane."""
        self._frame = self._frame.fitted()
        self.update()

    def current_section(self) -> Section | None:
        """What is shown; None without a volume."""
        state = self._model.state
        if state.volume is None:
            return None
        return section(state.volume, self.plane, self.position_mm, state.slab)

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Called by Qt."""
        state = self._model.state
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        image = self._image(state)
        if image is not None:
            self._painter.paint(painter, image, self._frame, state)
            self._paint_words(painter, state)
        if self.hasFocus():
            self._painter.focus_ring(painter, self.rect(), self.palette())
        painter.end()

    def _image(self, state: PlanesState) -> QImage | None:
        made_of = (state.volume, self.position_mm, state.slab, state.window)
        if made_of != self._made_of:
            shown = self.current_section()
            self._pixels = None if shown is None else _grey_image(shown, state.window)
            if shown is not None:
                self._frame = replace(self._frame, box=shown.box_mm)
            self._made_of = made_of
        return self._pixels

    def _paint_words(self, painter: QPainter, state: PlanesState) -> None:
        name = f"{self.words[self.plane]}  {along(self.plane.normal, self.position_mm)}"
        slab = self.tr("Slab {0} mm").format(f"{state.slab.thickness_mm:g}") if state.slab.thickness_mm else ""
        window = self.tr("L {0}  W {1}").format(round(state.window.level), round(state.window.width))
        self._painter.words(painter, QRectF(self.rect()), (name, slab, self._readout(state), window))
        self._painter.ruler(painter, QRectF(self.rect()), self._frame, self.tr("mm"))

    def _readout(self, state: PlanesState) -> str:
        """HU and place under the mouse, else at the crosshair."""
        point = state.crosshair_mm if self._cursor is None else self.point_at(self._cursor)
        hu = None if state.volume is None else state.volume.hu_at(point)
        if hu is None:
            return ""
        place = "  ".join(along(axis, value) for axis, value in enumerate(point))
        return self.tr("{0} HU   {1} mm").format(hu, place)

    def _model_changed(self) -> None:
        self.setCursor(Qt.CursorShape.CrossCursor if self._model.state.picking else Qt.CursorShape.ArrowCursor)
        self.update()

    # Mouse ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        self._last = event.position()
        if event.button() == Qt.MouseButton.LeftButton and not _panning(event):
            if self._model.state.picking:
                self.picked.emit(self.point_at(event.position()))
            else:
                self._model.look_at(self.point_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        moved, self._last, self._cursor = event.position() - self._last, event.position(), event.position()
        state = self._model.state
        if event.buttons() & Qt.MouseButton.RightButton:
            self._model.update(window=state.window.dragged(moved.x(), moved.y()))
        elif _panning(event):
            self._frame = self._frame.panned(moved.x(), moved.y())
        elif event.buttons() & Qt.MouseButton.LeftButton and not state.picking:
            self._model.look_at(self.point_at(event.position()))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if event.button() == Qt.MouseButton.LeftButton and not self._model.state.picking:
            self.maximised.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Called by Qt: scroll through the volume; with Ctrl, zoom about the mouse."""
        self._notches += event.angleDelta().y() / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(_ZOOM_STEP**self._notches, event.position())
            self._notches = 0.0
        elif abs(self._notches) >= 1:
            steps = int(self._notches)
            self._notches -= steps
            self._model.step(self.plane.normal, steps)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802, ARG002
        """Called by Qt."""
        self._cursor = None
        self.update()

    # Keyboard -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Called by Qt; the keys are told by the accessible description and the tooltip."""
        key = Qt.Key(event.key())
        middle = QPointF(self.width() / 2, self.height() / 2)
        actions = {
            Qt.Key.Key_PageUp: lambda: self._model.step(self.plane.normal, 1),
            Qt.Key.Key_PageDown: lambda: self._model.step(self.plane.normal, -1),
            Qt.Key.Key_Plus: lambda: self._zoom(_ZOOM_STEP, middle),
            Qt.Key.Key_Equal: lambda: self._zoom(_ZOOM_STEP, middle),
            Qt.Key.Key_Minus: lambda: self._zoom(1 / _ZOOM_STEP, middle),
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_M: self.maximised.emit,
        }
        if key in actions:
            actions[key]()
        elif key in _PRESET_KEYS:
            self._model.update(window=_PRESET_KEYS[key].value)
        elif key in _ARROWS:
            self._arrow(*_ARROWS[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._model.state.picking:
            self.picked.emit(self._model.state.crosshair_mm)
        else:
            super().keyPressEvent(event)

    def _arrow(self, across: int, direction: int, pan: bool) -> None:
        """One voxel on the page: across 0 is u, 1 is v; with Shift the picture moves instead."""
        if pan:
            right, down = (-20 * direction, 0) if across == 0 else (0, -20 * direction)
            self._frame = self._frame.panned(right, down)
            self.update()
        else:
            sign = self.plane.down if across else 1
            self._model.step(self.plane.axes[across], direction * sign)

    def _zoom(self, factor: float, at: QPointF) -> None:
        self._frame = self._frame.zoomed(factor, at.x(), at.y())
        self.update()

    def _help(self) -> str:
        return self.tr(
            "Wheel or Page Up and Page Down: scroll. Left button or arrow keys: crosshair. Right button: level and"
            " width. 1, 2, 3: bone, soft tissue, full. Ctrl and wheel, or + and -: zoom. Middle button, or Shift and"
            " left button or arrows: move. 0: fit. Double click or M: this view alone."
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt."""
        self._frame = self._frame.resized(event.size().width(), event.size().height())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(360, 320)


def along(axis: int, value_mm: float) -> str:
    """A coordinate by its direction: L 12.0 or R 12.0."""
    letter = ("LR", "PA", "SI")[axis][0 if value_mm >= 0 else 1]
    return f"{letter} {number_words(abs(value_mm), 1)}"


def _panning(event: QMouseEvent) -> bool:
    shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    held = event.buttons()
    return bool(held & Qt.MouseButton.MiddleButton) or (shifted and bool(held & Qt.MouseButton.LeftButton))


def _grey_image(shown: Section, window: HuWindow) -> QImage:
    pixels = greys(shown.hu, window)
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
    return image.copy()  # the array goes; its bytes must stay
