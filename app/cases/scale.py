"""The scale of a film from something of known size in it: a ball, or a length that lies parallel to the detector.

Lengths on the film are counted in columns: a step of one row counts `aspect` columns, aspect being row over column
spacing. The central ray meets the film at its middle (engine.geometry.calibrate).

A ball at depth z0 from the source throws an elliptic shadow (the cone through the ball, cut by the detector). With
radius r and the ray to its centre at the angle theta from the central ray, where sin(alpha) = r cos(theta) / z0:
    across the direction to the film's middle, half of it is b = SID r / sqrt(z0^2 - r^2)
    along it, a = b cos(alpha) / sqrt(cos(theta)^2 - sin(alpha)^2), about b / cos(theta)
At 150 mm from the middle of a film at 1150 mm the shadow is 0.85 % longer than wide, so it is accounted for; taking
SID r / z0 instead of b would be wrong by less than 0.01 % for a ball of 25 mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import hypot, isfinite, sqrt

from engine.domain import RefusedInput
from engine.domain.radiograph import SPACING_RANGE_MM

_ROUNDS = 30  # the elongation changes the answer by under 1 %, and each round by as little of what is left


class Plane(Enum):
    """Where the known size lies, by the words that a Decision's detail ends with."""

    JOINT = "at the joint"
    DETECTOR = "on the detector"


@dataclass(frozen=True, slots=True)
class Rays:
    """Source to detector and source to joint (isocentre), mm, 0 < SOD < SID.

    Raises RefusedInput otherwise.
    """

    sid_mm: float
    sod_mm: float

    def __post_init__(self) -> None:
        if not (isfinite(self.sid_mm) and 0 < self.sod_mm < self.sid_mm):
            raise RefusedInput(
                f"The source-object distance of {self.sod_mm:g} mm is not smaller than the source-detector distance of"
                f" {self.sid_mm:g} mm; correct the distances"
            )

    def depth_mm(self, plane: Plane) -> float:
        """Distance of a plane from the source."""
        return self.sod_mm if plane is Plane.JOINT else self.sid_mm

    def magnification(self, plane: Plane = Plane.JOINT) -> float:
        """Size on the detector over size in the plane."""
        return self.sid_mm / self.depth_mm(plane)


def spacing_by_length(
    length_mm: float, measured: tuple[float, float], aspect: float, rays: Rays, plane: Plane
) -> tuple[float, float]:
    """Spacing (row, column) at the detector, mm, from a length parallel to it. measured: (columns, rows) apart.

    Raises RefusedInput for a length that is not positive, a line without extent, and a spacing outside [0.02, 2] mm.
    """
    columns = hypot(measured[0], aspect * measured[1])
    _check(length_mm, columns)
    return _pair(length_mm * rays.magnification(plane) / columns, aspect)


def spacing_by_ball(
    diameter_mm: float,
    across: float,
    from_middle: tuple[float, float],
    aspect: float,
    rays: Rays,
    plane: Plane,
) -> tuple[float, float]:
    """Spacing (row, column) at the detector, mm, from a circle drawn around a ball's shadow.

    across: diameter of the circle in columns; the circle is taken to be the mean of the shadow's length and width.
    from_middle: (columns, rows) from the film's middle to the circle's.   plane: on the detector means resting on it.

    Raises RefusedInput as `spacing_by_length` does.
    """
    _check(diameter_mm, across)
    radius = diameter_mm / 2
    depth = rays.sod_mm if plane is Plane.JOINT else rays.sid_mm - radius
    if radius > depth / 2:
        raise RefusedInput(f"A ball of {diameter_mm:g} mm does not fit between source and detector; give its true size")
    away = hypot(from_middle[0], aspect * from_middle[1])
    column_mm = diameter_mm * rays.sid_mm / depth / across
    for _ in range(_ROUNDS):
        length, width = shadow_of_ball_mm(radius, depth, away * column_mm, rays.sid_mm)
        column_mm = (length + width) / 2 / across
    return _pair(column_mm, aspect)


def shadow_of_ball_mm(radius_mm: float, depth_mm: float, away_mm: float, sid_mm: float) -> tuple[float, float]:
    """Length and width on the detector of a ball's shadow whose middle lies `away_mm` from the central ray.

    `away_mm` is where the ray through the ball's centre meets the detector; the middle of the ellipse lies beyond it
    by less than a hundredth of the radius for any ball that films hold.
    """
    cos_theta = sid_mm / hypot(sid_mm, away_mm)
    sin_alpha = radius_mm * cos_theta / depth_mm
    width = 2 * sid_mm * sin_alpha / sqrt(cos_theta**2 - sin_alpha**2)
    return width * sqrt((1 - sin_alpha**2) / (cos_theta**2 - sin_alpha**2)), width


def rescaled(spacing_mm: tuple[float, float], before: Rays, after: Rays) -> tuple[float, float]:
    """Spacing at the detector after the distances were corrected, where what is known is the scale at the joint."""
    factor = after.magnification() / before.magnification()
    return spacing_mm[0] * factor, spacing_mm[1] * factor


def relative_error(across: float) -> float:
    """Relative error of a scale whose length was drawn half a column wrong at each end."""
    return 1.0 / across


def _check(size_mm: float, columns: float) -> None:
    if not (isfinite(size_mm) and size_mm > 0):
        raise RefusedInput(f"A known size of {size_mm:g} mm is not a length; give its true size in mm")
    if not columns >= 1:
        raise RefusedInput("The drawn line has no length; draw it over the whole of the known length")


def _pair(column_mm: float, aspect: float) -> tuple[float, float]:
    low, high = SPACING_RANGE_MM
    row_mm = column_mm * aspect
    if not low <= min(row_mm, column_mm) <= max(row_mm, column_mm) <= high:
        raise RefusedInput(
            f"This gives a pixel spacing of {column_mm:.4g} mm, and films have {low:g} to {high:g} mm;"
            " check the size that was entered and what was drawn"
        )
    return row_mm, column_mm
