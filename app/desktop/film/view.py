"""A film under the planner's hands: window by drag, zoom at the pointer, pan, and lines and circles to measure with.

Everything a mouse can do here a keyboard can: arrows pan, or move the chosen handle (with Shift by ten pixels),
Ctrl+arrows change the window, Enter places a shape, Space takes the next handle, Escape ends the measuring. Zoom and
the rest have the keys of the panel (film_panel.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.desktop.film.canvas import FilmCanvas
from app.desktop.film.marks import TOOL, letter_font, letter_places, paint_shape, paint_text
from app.desktop.film.tools import Line, Shape, nearest_handle
from app.desktop.parts.words import number_words

_REACH = 12.0  # units within which a handle is taken hold of
_PAN, _FAST = 40.0, 10.0  # of an arrow key: units; pixels with Shift

_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


@dataclass(slots=True)
class _Drag:
    """A drag in progress: where it was last, and what a move does with (last, now)."""

    last: QPointF
    move: Callable[[QPointF, QPointF], object]

    def to(self, at: QPointF) -> None:
        """The pointer went on."""
        self.move(self.last, at)
        self.last = at


class FilmView(FilmCanvas):
    """One film.

    shape_changed: the Shape that was drawn or moved.   edge_clicked: a direction at the left or right was clicked.
    cancelled: Escape was pressed while measuring.
    """

    shape_changed = Signal(object)
    edge_clicked = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._windowing = False
        self._kind: Shape | None = None
        self._hint = ""
        self._shape: Shape | None = None
        self._handle: int | None = None
        self._drag: _Drag | None = None

    # Measuring ----------------------------------------------------------------------------------------------------

    @property
    def shape_drawn(self) -> Shape | None:
        """What is drawn to measure."""
        return self._shape

    @property
    def measuring(self) -> bool:
        """Whether a shape is there or is to be drawn."""
        return self._shape is not None or self._kind is not None

    @property
    def chosen_handle(self) -> int | None:
        """The handle that the arrow keys move."""
        return self._handle

    def start_drawing(self, kind: Shape, hint: str) -> None:
        """Let the planner draw a shape of this kind; `hint` says how."""
        self._kind, self._shape, self._handle, self._hint = kind, None, None, hint
        self._show_pointer(None)
        self.refresh()

    def show_shape(self, shape: Shape | None) -> None:
        """A shape that can be changed; None ends the measuring."""
        self._kind, self._shape, self._hint = None, shape, ""
        self._handle = None if shape is None else self._handle
        self._show_pointer(None)
        self.refresh()

    def set_windowing(self, windowing: bool) -> None:
        """Whether the left button drags the window instead of the film; the right one always does."""
        self._windowing = windowing

    def spoken(self) -> str:
        """What those hear who do not see the film."""
        said = [super().spoken()]
        if self._shape is not None:
            said.append(self.tr("{0} columns across").format(number_words(self._shape.across(self.aspect), 1)))
        return ", ".join([*said, self._hint] if self._hint else said)

    def _place_in_the_middle(self) -> None:
        """A shape of the kind to be drawn, for those who have no mouse."""
        if self._kind is not None and self.image is not None:
            x, y = self.film_point(self.area.center())
            reach = min(self.width(), self.height()) / 8 / self.zoom
            self._change(self._kind.drawn((x, y), (x + reach, y), self.aspect))

    def _change(self, shape: Shape) -> None:
        """Another shape stands by the planner's hand."""
        self._handle = 1 if self._handle is None else self._handle
        self.show_shape(shape)
        self.shape_changed.emit(shape)

    # Painting -----------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        """What lies over the film."""
        super().paint_marks(painter, area)
        if self._shape is not None:
            handles = [self.screen_point(point) for point in self._shape.handles(self.aspect)]
            paint_shape(painter, self._outline(self._shape), handles, self._handle)
        if self._hint:
            height = painter.fontMetrics().height()
            place = QRectF(area.left(), area.bottom() - 6 * height, area.width(), 2.0 * height)
            paint_text(painter, place, self._hint, TOOL)

    def _outline(self, shape: Shape) -> QPainterPath:
        path = QPainterPath()
        if isinstance(shape, Line):
            path.moveTo(self.screen_point(shape.start))
            path.lineTo(self.screen_point(shape.end))
        else:
            radius = shape.radius * self.zoom
            path.addEllipse(self.screen_point(shape.middle), radius, radius)
        return path

    # Mouse --------------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Called by Qt."""
        self.zoom_by(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        at = event.position()
        if self.image is None or self._drag is not None:
            return
        if event.button() == Qt.MouseButton.LeftButton and self._kind is None and self._edge_at(at):
            self.edge_clicked.emit()
            return
        self._drag = _Drag(at, self._mover(event.button(), at))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if self._drag is None:
            self._show_pointer(event.position())
        else:
            self._drag.to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        self._drag = None
        self._show_pointer(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if event.button() == Qt.MouseButton.LeftButton and not self.measuring and not self._edge_at(event.position()):
            self.fit()

    def _mover(self, button: Qt.MouseButton, at: QPointF) -> Callable[[QPointF, QPointF], object]:
        """What a drag with this button from this point does."""
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.RightButton or (left and self._windowing and not self.measuring):
            return self._drag_window
        if left and (kind := self._kind) is not None:
            start = self.film_point(at)
            return lambda _last, now: self._change(kind.drawn(start, self.film_point(now), self.aspect))
        index = self._handle_at(at) if left else None
        if index is not None:
            self._handle = index
            self.refresh()
            return lambda last, now: self._move_handle(index, now - last)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        return lambda last, now: self.pan_by(now.x() - last.x(), now.y() - last.y())

    def _drag_window(self, last: QPointF, now: QPointF) -> None:
        """To the right: wider. Up: brighter."""
        moved = now - last
        self._change_window(moved.x() / max(self.width(), 1), moved.y() / max(self.height(), 1))

    def _change_window(self, wider: float, higher: float) -> None:
        """By shares of the film's whole range."""
        if self.image is not None:
            span = self.image.high - self.image.low
            self.show_window(self.window_shown.dragged(wider * span, higher * span, self.image.least_width))

    def _move_handle(self, index: int, by: QPointF) -> None:
        """Move a handle by units of the screen."""
        if self._shape is not None:
            x, y = self._shape.handles(self.aspect)[index]
            to = (x + by.x() / self.zoom, y + by.y() / self.zoom / self.aspect)
            self._change(self._shape.with_handle(index, to, self.aspect))

    def _edge_at(self, at: QPointF) -> bool:
        places = letter_places(self.area, letter_font(self.font()))
        sideways = (Qt.Edge.LeftEdge, Qt.Edge.RightEdge)
        return self.edges is not None and any(places[edge].contains(at) for edge in sideways)

    def _handle_at(self, at: QPointF) -> int | None:
        if self._shape is None:
            return None
        return nearest_handle(self._shape, self.film_point(at), self.aspect, _REACH / self.zoom)

    def _show_pointer(self, at: QPointF | None) -> None:
        if self._kind is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif at is not None and self._edge_at(at):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif at is not None and self._handle_at(at) is not None:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            self.unsetCursor()

    # Keys ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Called by Qt. Keys that mean nothing here go on to the page."""
        key = event.key()
        if key in _ARROWS:
            self._arrow(*_ARROWS[Qt.Key(key)], event.modifiers())
        elif not (self.measuring and self._measuring_key(key)):
            super().keyPressEvent(event)

    def _arrow(self, x: float, y: float, keys: Qt.KeyboardModifier) -> None:
        if keys & Qt.KeyboardModifier.ControlModifier:
            self._change_window(x / 40, y / 40)
        elif self._shape is not None and self._handle is not None:
            pixels = _FAST if keys & Qt.KeyboardModifier.ShiftModifier else 1.0
            self._move_handle(self._handle, QPointF(x, y * self.aspect) * self.zoom * pixels)
        else:
            self.pan_by(-x * _PAN, -y * _PAN)

    def _measuring_key(self, key: int) -> bool:
        """Whether a key was one of measuring."""
        if key == Qt.Key.Key_Escape:
            self.show_shape(None)
            self.cancelled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._kind is not None:
            self._place_in_the_middle()
        elif key == Qt.Key.Key_Space and self._shape is not None:
            count = len(self._shape.handles(self.aspect))
            self._handle = ((self._handle if self._handle is not None else -1) + 1) % count
            self.refresh()
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().focusOutEvent(event)
        self.update()
