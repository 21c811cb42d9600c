"""A film on the screen: its window, zoom and place, its directions and its scale; no mouse and no keys.

Points of the film are (column, row) as shown, pixel centres at whole numbers; the screen has layout units.
"""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.film.image import FilmImage, Preset, Window
from app.desktop.film.marks import INK, TOOL, Bar, Edges, bar_length_mm, paint_bar, paint_letters, paint_readout
from app.desktop.film.tools import Point

_BLACK = QColor(0, 0, 0)
_CLOSEST, _FARTHEST = 32.0, 0.25  # units a column takes at most; share of the fitting zoom at least
_STAYS_IN_VIEW = 40.0


class FilmCanvas(QWidget):
    """One film. window_changed: another Window stands."""

    window_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 120)
        self._image: FilmImage | None = None
        self._aspect = 1.0
        self._window = Window(0.0, 1.0)
        self._inverted = False
        self._zoom = 1.0
        self._origin = QPointF()
        self._fitted = True
        self._edges: Edges | None = None
        self._bar: Bar | None = None
        self._message = ""
        self._inset = 0.0
        self._grey: tuple[tuple, np.ndarray] | None = None

    # What is shown ------------------------------------------------------------------------------------------------

    @property
    def image(self) -> FilmImage | None:
        """The film as it is oriented."""
        return self._image

    @property
    def aspect(self) -> float:
        """Row over column spacing."""
        return self._aspect

    @property
    def window_shown(self) -> Window:
        """The window that stands."""
        return self._window

    @property
    def inverted(self) -> bool:
        """Whether bone is shown dark."""
        return self._inverted

    @property
    def edges(self) -> Edges | None:
        """The directions at the edges."""
        return self._edges

    def show_film(self, image: FilmImage | None, aspect: float = 1.0, keep: bool = False) -> None:
        """Show a film; `keep`: it is the same one hung another way, so that its window stays."""
        self._image, self._aspect, self._grey, self._message = image, aspect, None, ""
        if image is not None and not keep:
            self._window = image.window_of(Preset.WHOLE)
        self.fit()

    def show_message(self, sentence: str) -> None:
        """Say why there is no film to see."""
        self.show_film(None)
        self._message = sentence
        self.refresh()

    def show_edges(self, edges: Edges | None) -> None:
        """The directions at the edges."""
        self._edges = edges
        self.refresh()

    def show_bar(self, bar: Bar | None) -> None:
        """The scale, or None where it is unknown."""
        self._bar = bar
        self.refresh()

    def show_window(self, window: Window) -> None:
        """Another window."""
        if self._image is not None and window != self._window:
            self._window = window
            self.window_changed.emit(window)
            self.refresh()

    def show_preset(self, preset: Preset) -> None:
        """The window of a preset."""
        if self._image is not None:
            self.show_window(self._image.window_of(preset))

    def set_inverted(self, inverted: bool) -> None:
        """Bone dark instead of bright; on the screen only."""
        self._inverted = inverted
        self.refresh()

    def set_inset(self, top: float) -> None:
        """Keep so many units at the top free of the film and its letters."""
        if top != self._inset:
            self._inset = top
            if self._fitted:
                self.fit()

    @property
    def area(self) -> QRectF:
        """The part of the view that is the film's."""
        return QRectF(self.rect()).adjusted(0, self._inset, 0, 0)

    def refresh(self) -> None:
        """Paint again, and tell those who do not see the film."""
        self.setAccessibleDescription(self.spoken())
        self.update()

    def spoken(self) -> str:
        """What those hear who do not see the film."""
        if self._image is None:
            return self._message
        parts = [self.readout()]
        if self._edges is not None:
            parts.append(self.tr("right edge {0}, lower edge {1}").format(self._edges.right, self._edges.bottom))
        return ", ".join(parts)

    def readout(self) -> str:
        """Window and zoom in words."""
        width, level = round(self._window.width), round(self._window.level)
        percent = round(100 * self._zoom * self.devicePixelRatioF())
        return self.tr("W {0}  L {1}  ·  {2} %").format(width, level, percent)

    # Places -------------------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Layout units a column of the film takes."""
        return self._zoom

    def film_point(self, at: QPointF) -> Point:
        """(column, row) of a point of the widget."""
        where = (at - self._origin) / self._zoom
        return where.x() - 0.5, where.y() / self._aspect - 0.5

    def screen_point(self, point: Point) -> QPointF:
        """The point of the widget that shows (column, row)."""
        return self._origin + QPointF(point[0] + 0.5, (point[1] + 0.5) * self._aspect) * self._zoom

    def fit(self) -> None:
        """The whole film in the view, in its middle."""
        self._fitted = True
        if self._image is not None and self.width() > 0 and self.height() > 0:
            self._zoom = self._fitting_zoom()
            self._origin = self.area.center() - self._size_shown() / 2
        self.refresh()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Closer or farther; the point of the film under `at` (the middle of the view otherwise) stays there."""
        if self._image is None:
            return
        at = at if at is not None else self.area.center()
        zoom = min(max(self._zoom * factor, _FARTHEST * self._fitting_zoom()), _CLOSEST)
        self._origin = at - (at - self._origin) * (zoom / self._zoom)
        self._zoom, self._fitted = zoom, False
        self.refresh()

    def show_pixels(self) -> None:
        """One pixel of the film for each of the screen."""
        self.zoom_by(1 / (self._zoom * self.devicePixelRatioF()))

    def pan_by(self, x: float, y: float) -> None:
        """Move the film by layout units; some of it always stays in the view."""
        if self._image is None:
            return
        size, keep = self._size_shown(), _STAYS_IN_VIEW
        self._origin = QPointF(
            min(max(self._origin.x() + x, keep - size.x()), self.width() - keep),
            min(max(self._origin.y() + y, keep - size.y()), self.height() - keep),
        )
        self._fitted = False
        self.refresh()

    def _size_shown(self) -> QPointF:
        assert self._image is not None
        rows, columns = self._image.size
        return QPointF(columns * self._zoom, rows * self._aspect * self._zoom)

    def _fitting_zoom(self) -> float:
        assert self._image is not None
        rows, columns = self._image.size
        return max(min(self.area.width() / columns, self.area.height() / (rows * self._aspect)), 1e-6)

    # Painting -----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt. Small: the view takes what there is, and never makes the page scroll."""
        return QSize(160, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Called by Qt."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _BLACK)
        area = QRectF(self.rect())
        if self._image is None:
            painter.setPen(INK)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(24, 24, -24, -24), int(flags), self._message)
        else:
            self._paint_film(painter, self._image)
            self.paint_marks(painter, self.area)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(TOOL, 2.0))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.end()

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        """What lies over the film."""
        if self._edges is not None:
            paint_letters(painter, area, self._edges)
        longest = min(160.0, area.width() / 3)
        length = None if self._bar is None else bar_length_mm(self._bar, self._zoom, longest)
        if self._bar is not None and length is not None:
            words = self.tr("{0} mm {1}").format(f"{length:g}", self._bar.words)
            paint_bar(painter, area, self._bar, self._zoom, words, length)
        self._paint_readout(painter, area)

    def _paint_readout(self, painter: QPainter, area: QRectF) -> None:
        """Window and zoom, or the zoom alone where the scale bar and the letters leave no room."""
        words = self.readout()
        if painter.fontMetrics().horizontalAdvance(words) > area.width() * 0.42:
            words = words.rpartition("·")[2].strip()
        paint_readout(painter, area, words)

    def _paint_film(self, painter: QPainter, image: FilmImage) -> None:
        """The visible pixels of the level that is nearest to the screen's."""
        level = image.level_for(self._zoom * self.devicePixelRatioF())
        (top, left), block = image.before(level), 1 << level
        wide, high = block * self._zoom, block * self._aspect * self._zoom  # of a pixel of the level on the screen
        origin = self._origin - QPointF(left * self._zoom, top * self._aspect * self._zoom)
        rows, columns = image.levels[level].shape
        c0, c1 = _visible(origin.x(), wide, self.width(), columns)
        r0, r1 = _visible(origin.y(), high, self.height(), rows)
        if c0 >= c1 or r0 >= r1:
            return
        grey = self._grey_of(image, level, (r0, r1, c0, c1))
        shown = QImage(grey.data, c1 - c0, r1 - r0, c1 - c0, QImage.Format.Format_Grayscale8)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(QRectF(self._origin, self._origin + self._size_shown()))
        place = QRectF(origin.x() + c0 * wide, origin.y() + r0 * high, (c1 - c0) * wide, (r1 - r0) * high)
        painter.drawImage(place, shown)
        painter.setClipping(False)

    def _grey_of(self, image: FilmImage, level: int, part: tuple[int, int, int, int]) -> np.ndarray:
        """Grey levels of a part (rows from and to, columns from and to); the last one is kept."""
        key = (id(image), level, part, self._window, self._inverted)
        if self._grey is None or self._grey[0] != key:
            r0, r1, c0, c1 = part
            table = image.grey_table(self._window, self._inverted)
            self._grey = key, np.ascontiguousarray(table[image.levels[level][r0:r1, c0:c1]])
        return self._grey[1]


def _visible(origin: float, step: float, size: float, count: int) -> tuple[int, int]:
    """The pixels, from and to, that a view of `size` units sees when pixels of `step` units begin at `origin`."""
    return max(floor(-origin / step), 0), min(ceil((size - origin) / step), count)
