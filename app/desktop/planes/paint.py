"""Painting one plane: the picture, the cut bones, crosshair, marks, and words that stay readable on any grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPen, QPixmap

from app.desktop.parts.picture_frame import PictureFrame
from app.desktop.planes.model import Mark, PlanesState
from app.desktop.planes.reslice import Plane

_INK, _SHADE = QColor(235, 240, 245, 225), QColor(0, 0, 0, 170)
_QUIET = QColor(235, 240, 245, 120)
_MARK, _MARK_CHOSEN = QColor("#9BE7C4"), QColor("#FFFFFF")
_PLATE = QColor(10, 14, 20, 200)
_MARGIN, _BESIDE = 8.0, 6.0
_OUTLINE = 1.6
_GAP = 14.0
_RULER_MM = (1, 2, 5, 10, 20, 50, 100)
_RULER_SHARE = 0.3
_NEAR_MM, _FAR_OPACITY = 2.0, 0.3


class PlanePainter:
    """Paints a plane into its widget; keeps what only a scrolled, zoomed or otherwise windowed plane needs anew."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._cut_at: tuple[object, ...] = ()
        self._cuts: list[tuple[QColor, NDArray[np.float64]]] = []
        self._ground = QPixmap()
        self._ground_of: tuple[object, ...] = ()

    def paint(self, painter: QPainter, image: QImage, frame: PictureFrame, state: PlanesState) -> None:
        """Picture, outlines, crosshair and marks."""
        ratio = painter.device().devicePixelRatioF()
        cut = self._cut(state) if state.outlines else []
        of = image.cacheKey(), frame, ratio, state.outlines, self._cut_at
        if of != self._ground_of:
            self._ground, self._ground_of = _ground(image, frame, ratio, cut), of
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._crosshair(painter, frame, state)
        for mark in state.marks:
            self._mark(painter, frame, mark, state)

    def _cut(self, state: PlanesState) -> list[tuple[QColor, NDArray[np.float64]]]:
        position = state.crosshair_mm[self._plane.normal]
        cut_at = (position, state.bones, state.shown, tuple(state.colours.items()))
        if cut_at != self._cut_at:
            shown = [bone for bone in state.bones if bone in state.shown]
            self._cuts = [
                (QColor(state.colours[bone]), self._plane.page(state.bones[bone].cut(self._plane.normal, position)))
                for bone in shown
            ]
            self._cut_at = cut_at
        return self._cuts

    def _crosshair(self, painter: QPainter, frame: PictureFrame, state: PlanesState) -> None:
        x, y = frame.to_widget(*self._plane.page(state.crosshair_mm).tolist())
        width, height = frame.size
        painter.setPen(QPen(_QUIET, 1))
        painter.drawLines(
            [
                QLineF(0, y, x - _GAP, y),
                QLineF(x + _GAP, y, width, y),
                QLineF(x, 0, x, y - _GAP),
                QLineF(x, y + _GAP, x, height),
            ]
        )

    def _mark(self, painter: QPainter, frame: PictureFrame, mark: Mark, state: PlanesState) -> None:
        """A measurement, pale where none of its points lies near the plane."""
        position, depth = state.crosshair_mm[self._plane.normal], self._plane.normal
        near = mark.chosen or any(abs(point[depth] - position) < _NEAR_MM for point in mark.points_mm)
        places = placed(frame, self._plane.page(np.array(mark.points_mm)))
        shown = mark if near else replace(mark, text="")
        opacity = 1.0 if near else _FAR_OPACITY
        draw_mark(painter, [QPointF(*place) for place in places.tolist()], shown, opacity, frame.size)

    def words(self, painter: QPainter, rect: QRectF, corners: tuple[str, str, str, str]) -> None:
        """Texts in the corners (top left, top right, bottom left, bottom right), and letters at the edges.

        Where the lower two have no room beside each other, the right one is left out.
        """
        room = painter.fontMetrics().horizontalAdvance(f"{corners[2]}   {corners[3]}") <= rect.width() - 2 * _MARGIN
        corners = corners if room else (*corners[:3], "")
        inner = rect.adjusted(_MARGIN, _MARGIN - 2, -_MARGIN, -_MARGIN + 2)
        flags = Qt.AlignmentFlag
        sides = (flags.AlignLeft, flags.AlignRight, flags.AlignLeft, flags.AlignRight)
        ends = (flags.AlignTop, flags.AlignTop, flags.AlignBottom, flags.AlignBottom)
        for text, side, end in zip(corners, sides, ends, strict=True):
            shaded_text(painter, inner, side | end, text)
        height = painter.fontMetrics().height() + 4
        self._letters(painter, inner.adjusted(0, 0, 0, -height))

    def _letters(self, painter: QPainter, inner: QRectF) -> None:
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.save()
        painter.setFont(font)
        flags = Qt.AlignmentFlag
        places = (
            flags.AlignLeft | flags.AlignVCenter,
            flags.AlignRight | flags.AlignVCenter,
            flags.AlignHCenter | flags.AlignTop,
            flags.AlignHCenter | flags.AlignBottom,
        )
        for letter, place in zip(self._plane.letters, places, strict=True):
            shaded_text(painter, inner, place, letter)
        painter.restore()

    @staticmethod
    def ruler(painter: QPainter, rect: QRectF, frame: PictureFrame, unit: str) -> None:
        """A bar of a round length at the bottom right, above the words there."""
        allowed = rect.width() * _RULER_SHARE / frame.scale[0]
        length = max((mm for mm in _RULER_MM if mm <= allowed), default=_RULER_MM[0])
        above = painter.fontMetrics().height() + _MARGIN + 6
        right, y = rect.right() - _MARGIN, rect.bottom() - above
        left = right - length * frame.scale[0]
        for pen in (QPen(_SHADE, 4), QPen(_INK, 1.5)):
            painter.setPen(pen)
            painter.drawLines([QLineF(left, y, right, y), QLineF(left, y - 4, left, y), QLineF(right, y - 4, right, y)])
        words = QRectF(
            left - 200, y - 4 - painter.fontMetrics().height(), right - left + 200, painter.fontMetrics().height()
        )
        shaded_text(painter, words, Qt.AlignmentFlag.AlignRight, f"{length} {unit}")

    @staticmethod
    def focus_ring(painter: QPainter, rect: QRect, palette: QPalette) -> None:
        """What has the keyboard is seen to have it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(1, 1, -1, -1))


def _ground(
    image: QImage, frame: PictureFrame, ratio: float, cuts: Sequence[tuple[QColor, NDArray[np.float64]]]
) -> QPixmap:
    """Picture and outlines as one pixmap of the widget's size."""
    ground = QPixmap(round(frame.size[0] * ratio), round(frame.size[1] * ratio))
    ground.setDevicePixelRatio(ratio)
    ground.fill(Qt.GlobalColor.black)
    painter = QPainter(ground)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    left, top, width, height = frame.box
    corner, end = frame.to_widget(left, top), frame.to_widget(left + width, top + height)
    painter.drawImage(QRectF(QPointF(*corner), QPointF(*end)), image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, pages in cuts:
        painter.setPen(QPen(colour, _OUTLINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines([QLineF(*start, *end) for start, end in placed(frame, pages).tolist()])
    painter.end()
    return ground


def placed(frame: PictureFrame, pages: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places in the widget, (..., 2), of points of the picture (..., 2)."""
    origin = np.array(frame.to_widget(0.0, 0.0))
    return pages * np.array(frame.scale) + origin


def draw_mark(
    painter: QPainter, places: Sequence[QPointF], mark: Mark, opacity: float, size: tuple[float, float]
) -> None:
    """A measurement's line and points, and its text on a plate beside the last point, inside the view. size: of it."""
    painter.save()
    painter.setOpacity(opacity)
    colour = _MARK_CHOSEN if mark.chosen else _MARK
    for pen in (QPen(_SHADE, 4), QPen(colour, 1.8)):
        painter.setPen(pen)
        painter.drawPolyline(list(places))
    painter.setBrush(_SHADE)
    for place in places:
        painter.drawEllipse(place, 3.5, 3.5)
    if mark.text and places:
        _plate(painter, places[-1], mark.text, size)
    painter.restore()


def _plate(painter: QPainter, beside: QPointF, text: str, size: tuple[float, float]) -> None:
    """Words on a dark plate right above a point, or left of it where the view ends; never outside the view."""
    width = painter.fontMetrics().horizontalAdvance(text) + 16.0
    height = painter.fontMetrics().height() + 4.0
    left = beside.x() + _BESIDE if beside.x() + _BESIDE + width <= size[0] - 4 else beside.x() - _BESIDE - width
    left = min(max(left, 4.0), max(size[0] - width - 4, 4.0))
    top = min(max(beside.y() - _BESIDE - height, 4.0), max(size[1] - height - 4, 4.0))
    plate = QRectF(left, top, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(plate, height / 2, height / 2)
    shaded_text(painter, plate, Qt.AlignmentFlag.AlignCenter, text)


def shaded_text(
    painter: QPainter, rect: QRectF, flags: Qt.AlignmentFlag, text: str, colour: QColor | None = None
) -> None:
    """Light words with a dark shade, readable on black, grey and white."""
    if not text:
        return
    whole = int(flags.value) | int(Qt.TextFlag.TextSingleLine.value)
    painter.setPen(_SHADE)
    for right, down in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(rect.translated(right, down), whole, text)
    painter.setPen(_INK if colour is None else colour)
    painter.drawText(rect, whole, text)
