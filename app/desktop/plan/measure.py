"""What measuring is: which points a kind needs, and what they say. Pure; points are LPS millimetres."""

from __future__ import annotations

from enum import Enum

import numpy as np

from app.cases.document import Measurement
from app.desktop.planes.reslice import PointMm


class Kind(Enum):
    """Kinds by the number of points they need; an angle's second point is its vertex."""

    DISTANCE = 2
    ANGLE = 3


def kind_of(measurement: Measurement) -> Kind:
    """A distance or an angle, by its points. Raises ValueError for another number of points."""
    return Kind(len(measurement.points_mm))


def value_of(points_mm: tuple[PointMm, ...]) -> float:
    """Millimetres between two points, or degrees (0 to 180) at the second of three; 0 for an angle without arms."""
    points = np.array(points_mm, dtype=np.float64)
    if len(points) == Kind.DISTANCE.value:
        return float(np.linalg.norm(points[1] - points[0]))
    one, other = points[0] - points[1], points[2] - points[1]
    # atan2 keeps its accuracy near 0 and 180 degrees, where acos loses it.
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other)), np.dot(one, other))))


def next_name(word: str, taken: tuple[Measurement, ...]) -> str:
    """`word` with the lowest number that no measurement's name has."""
    names = {measurement.name for measurement in taken}
    return next(f"{word} {number}" for number in range(1, len(names) + 2) if f"{word} {number}" not in names)
