"""What is painted over a film: the directions at its edges, a scale bar, what is drawn to measure, and its window.

Films are black in both themes, so the colours here are fixed.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from app.cases.films import opposite

INK = QColor("#E7ECF2")
OPEN = QColor("#F4C062")
TOOL = QColor("#74B3FF")
SHADE = QColor(0, 0, 0, 190)
_LENGTHS_MM = (1, 2, 5, 10, 20, 50, 100, 200)
_MARGIN = 10.0
_TIGHT = 14.0  # views narrower than so many letters have no room for a letter beside the scale bar


@dataclass(frozen=True, slots=True)
class Edges:
    """Directions of the right and lower edge, and whether they are settled; unsettled ones carry a question mark."""

    right: str
    bottom: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """Millimetres a column measures in the plane that `words` names ("at the joint")."""

    mm_per_column: float
    words: str


def letters_of(edges: Edges) -> dict[Qt.Edge, str]:
    """The letter at each edge."""
    letters = {
        Qt.Edge.RightEdge: edges.right,
        Qt.Edge.LeftEdge: opposite(edges.right),
        Qt.Edge.BottomEdge: edges.bottom,
        Qt.Edge.TopEdge: opposite(edges.bottom),
    }
    return {edge: letter if edges.settled else f"{letter}?" for edge, letter in letters.items()}


def letter_places(area: QRectF, font: QFont) -> dict[Qt.Edge, QRectF]:
    """Where the letters stand in a view."""
    height = QFontMetricsF(font).height() * 1.3
    box = QRectF(0, 0, 1.6 * height, height)
    middle = area.center()
    raised = 1.2 * height if area.width() < _TIGHT * height else 0.0  # above the scale bar's words
    places = {
        Qt.Edge.LeftEdge: QPointF(area.left() + box.width() / 2, middle.y()),
        Qt.Edge.RightEdge: QPointF(area.right() - box.width() / 2, middle.y()),
        Qt.Edge.TopEdge: QPointF(middle.x(), area.top() + height / 2 + 2),
        Qt.Edge.BottomEdge: QPointF(middle.x(), area.bottom() - height / 2 - 2 - raised),
    }
    return {edge: box.translated(place - box.center()) for edge, place in places.items()}


def letter_font(font: QFont) -> QFont:
    """The font of the letters, from the widget's."""
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * 1.2)
    larger.setWeight(QFont.Weight.DemiBold)
    return larger


def paint_letters(painter: QPainter, area: QRectF, edges: Edges) -> None:
    """The directions at the edges."""
    font = letter_font(painter.font())
    for edge, place in letter_places(area, font).items():
        paint_text(painter, place, letters_of(edges)[edge], INK if edges.settled else OPEN, font)


def paint_text(painter: QPainter, place: QRectF, text: str, colour: QColor, font: QFont | None = None) -> None:
    """Text in the middle of a place, with a dark rim so that it is readable on bone and on air."""
    font = font or painter.font()
    metrics = QFontMetricsF(font)
    path = QPainterPath()
    left = place.center().x() - metrics.horizontalAdvance(text) / 2
    path.addText(QPointF(left, place.center().y() + (metrics.ascent() - metrics.descent()) / 2), font, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(
        path, QPen(SHADE, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.fillPath(path, colour)


def bar_length_mm(bar: Bar, units_per_column: float, longest: float) -> float | None:
    """The longest round length whose bar has at most `longest` units on the screen, or None where none fits."""
    fitting = [mm for mm in _LENGTHS_MM if mm / bar.mm_per_column * units_per_column <= longest]
    return float(fitting[-1]) if fitting else None


def paint_bar(painter: QPainter, area: QRectF, bar: Bar, units_per_column: float, text: str, length_mm: float) -> None:
    """A bar at the lower left with its length and plane in words."""
    length = length_mm / bar.mm_per_column * units_per_column
    metrics = QFontMetricsF(painter.font())
    y = area.bottom() - _MARGIN - metrics.height() - 4
    left, right = area.left() + _MARGIN, area.left() + _MARGIN + length
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (QPen(SHADE, 4.0), QPen(INK, 1.6)):
        painter.setPen(pen)
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        for end in (left, right):
            painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
    width = metrics.horizontalAdvance(text)
    paint_text(painter, QRectF(left, y + 4, width, metrics.height()), text, INK)


def paint_readout(painter: QPainter, area: QRectF, text: str) -> None:
    """Window and zoom at the lower right."""
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(text), metrics.height()
    place = QRectF(area.right() - _MARGIN - width, area.bottom() - _MARGIN - height, width, height)
    paint_text(painter, place, text, INK)


def paint_shape(painter: QPainter, outline: QPainterPath, handles: list[QPointF], chosen: int | None) -> None:
    """A line or circle on the screen with its handles; the one that the keys move is filled."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(SHADE, 4.0), QPen(TOOL, 1.6)):
        painter.setPen(pen)
        painter.drawPath(outline)
    for index, handle in enumerate(handles):
        painter.setPen(QPen(SHADE, 1.0))
        painter.setBrush(TOOL if index == chosen else INK)
        size = 5.5 if index == chosen else 4.5
        painter.drawEllipse(handle, size, size)
