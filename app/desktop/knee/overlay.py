"""What is painted over a 3-D picture: the bones' names, the cross of directions, the crosshair and the marks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.desktop.knee.camera import Viewpoint
from app.desktop.parts.anatomy_words import bone_name
from app.desktop.planes.model import PlanesState
from app.desktop.planes.paint import draw_mark, shaded_text
from app.desktop.planes.reslice import PointMm
from engine.domain import Bone

_AXES = (("L", (1.0, 0.0, 0.0), "#E27D7D"), ("P", (0.0, 1.0, 0.0), "#7FC98F"), ("S", (0.0, 0.0, 1.0), "#7FA8E8"))
_OPPOSITE = {"L": "R", "P": "A", "S": "I"}
_ARM = 26.0
_MARGIN = 10.0
_LEAST = 0.15  # of an arm's length: a direction that points at the viewer has no letter


def paint_overlay(
    painter: QPainter,
    viewpoint: Viewpoint,
    size: tuple[int, int],
    anchors: Mapping[Bone, PointMm],
    state: PlanesState,
) -> None:
    """Everything but the picture. size: of the widget in layout units."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    places = {bone: _place(viewpoint, anchor, size) for bone, anchor in anchors.items()}
    _names(painter, places, state, size[0])
    if state.volume is not None:
        _cross(painter, _place(viewpoint, state.crosshair_mm, size))
    beside_names = (size[0] - _names_width(painter, anchors), size[1])
    for mark in state.marks:
        draw_mark(painter, [_place(viewpoint, point, size) for point in mark.points_mm], mark, 1.0, beside_names)
    _directions(painter, viewpoint, size)


def _place(viewpoint: Viewpoint, point: PointMm, size: tuple[int, int]) -> QPointF:
    x, y, _ = viewpoint.project(np.array([point]), size)[0]
    return QPointF(float(x), float(y))


def _names(painter: QPainter, anchors: Mapping[Bone, QPointF], state: PlanesState, width: int) -> None:
    """The names along the right edge, one below the other, each with a thin line to its bone."""
    height = painter.fontMetrics().height() + 6
    y = 0.0
    for bone, anchor in sorted(anchors.items(), key=lambda each: each[1].y()):
        y = max(anchor.y(), y + height + 4)
        _name(painter, QPointF(width - _MARGIN, y), anchor, bone_name(bone), QColor(state.colours[bone]))


def _names_width(painter: QPainter, anchors: Mapping[Bone, PointMm]) -> float:
    """How much of the right edge the names take; a measurement's words keep out of there."""
    return max((_plate_width(painter, bone_name(bone)) + 2 * _MARGIN for bone in anchors), default=0.0)


def _plate_width(painter: QPainter, word: str) -> float:
    return painter.fontMetrics().horizontalAdvance(word) + 28.0


def _name(painter: QPainter, right: QPointF, anchor: QPointF, word: str, colour: QColor) -> None:
    """The name on a small plate with the bone's colour beside it, so that colour alone never says which bone."""
    width, height = _plate_width(painter, word), painter.fontMetrics().height() + 6
    plate = QRectF(right.x() - width, right.y() - height / 2, width, height)
    for pen in (QPen(QColor(0, 0, 0, 120), 3), QPen(QColor(240, 244, 248, 150), 1)):
        painter.setPen(pen)
        painter.drawLine(QPointF(plate.left(), right.y()), anchor)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(240, 244, 248, 200))
    painter.drawEllipse(anchor, 2, 2)
    painter.setBrush(QColor(10, 14, 20, 190))
    painter.drawRoundedRect(plate, height / 2, height / 2)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(plate.left() + 12, right.y()), 3.5, 3.5)
    painter.setPen(QColor(240, 244, 248))
    painter.drawText(plate.adjusted(20, 0, -4, 0), int(Qt.AlignmentFlag.AlignVCenter.value), word)


def _cross(painter: QPainter, at: QPointF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor(0, 0, 0, 170), 3), QPen(QColor(240, 244, 248, 210), 1.3)):
        painter.setPen(pen)
        painter.drawEllipse(at, 5, 5)


def _directions(painter: QPainter, viewpoint: Viewpoint, size: tuple[int, int]) -> None:
    """Three arms with the letters of both their ends, in the lower left corner."""
    centre = QPointF(_ARM * 2, size[1] - _ARM * 2)
    arms = [(letter, viewpoint.basis @ np.array(axis), colour) for letter, axis, colour in _AXES]
    for letter, arm, colour in sorted(arms, key=lambda each: each[1][2]):
        there = QPointF(float(arm[0]), float(-arm[1]))
        painter.setPen(QPen(QColor(colour), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(centre, centre + there * _ARM)
        if np.hypot(arm[0], arm[1]) > _LEAST:
            for end, text in ((1.0, letter), (-1.0, _OPPOSITE[letter])):
                at = centre + there * (_ARM + 11) * end
                box = QRectF(at.x() - 10, at.y() - 10, 20, 20)
                painter.setOpacity(1.0 if end > 0 else 0.55)
                shaded_text(painter, box, Qt.AlignmentFlag.AlignCenter, text)
            painter.setOpacity(1.0)
