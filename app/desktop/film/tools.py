"""What the planner draws on a film to measure it: a line and a circle, in pixels of the film as it is shown.

A point is (column, row), pixel centres at whole numbers. Lengths are counted in columns: a step of one row counts
`aspect` columns, so that a circle is one in millimetres and on the screen whatever the shape of the pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot

Point = tuple[float, float]


def apart(one: Point, other: Point, aspect: float) -> float:
    """Distance of two points in columns."""
    return hypot(other[0] - one[0], aspect * (other[1] - one[1]))


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line with a handle at each end."""

    start: Point
    end: Point

    @property
    def reach(self) -> Point:
        """(columns, rows) from start to end."""
        return self.end[0] - self.start[0], self.end[1] - self.start[1]

    def handles(self, aspect: float) -> tuple[Point, ...]:  # noqa: ARG002
        """Where it can be taken hold of."""
        return self.start, self.end

    def across(self, aspect: float) -> float:
        """Its length in columns."""
        return apart(self.start, self.end, aspect)

    def with_handle(self, index: int, to: Point, aspect: float) -> Line:  # noqa: ARG002
        """One end somewhere else."""
        return replace(self, start=to) if index == 0 else replace(self, end=to)

    def drawn(self, start: Point, to: Point, aspect: float) -> Line:  # noqa: ARG002
        """As it is when it is drawn afresh from one point to another."""
        return Line(start, to)

    def turned(self, place: Hung) -> Line:
        """The same on the film after it was turned or mirrored."""
        return Line(place.of(self.start), place.of(self.end))


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle; radius in columns. Handles: the middle, then right, lower, left and upper on its rim."""

    middle: Point
    radius: float

    def handles(self, aspect: float) -> tuple[Point, ...]:
        """Where it can be taken hold of."""
        (x, y), r = self.middle, self.radius
        return self.middle, (x + r, y), (x, y + r / aspect), (x - r, y), (x, y - r / aspect)

    def across(self, aspect: float) -> float:  # noqa: ARG002
        """Its diameter in columns."""
        return 2 * self.radius

    def with_handle(self, index: int, to: Point, aspect: float) -> Circle:
        """Its middle somewhere else; or the rim through a point, the opposite side of the rim staying where it is."""
        if index == 0:
            return replace(self, middle=to)
        opposite = self.handles(aspect)[1 + (index + 1) % 4]
        middle = ((to[0] + opposite[0]) / 2, (to[1] + opposite[1]) / 2)
        along_columns = index in (1, 3)
        kept = (middle[0], self.middle[1]) if along_columns else (self.middle[0], middle[1])
        return Circle(kept, max(apart(kept, opposite, aspect), 0.5))

    def drawn(self, start: Point, to: Point, aspect: float) -> Circle:
        """As it is when it is drawn afresh: around a middle, through a point."""
        return Circle(start, max(apart(start, to, aspect), 0.5))

    def turned(self, place: Hung) -> Circle:
        """The same on the film after it was turned or mirrored."""
        return Circle(place.of(self.middle), self.radius * place.growth)


Shape = Line | Circle


@dataclass(frozen=True, slots=True)
class Hung:
    """How a film that was shown with `shape` (rows, columns) and `aspect` is shown now: turned clockwise, mirrored."""

    shape: tuple[int, int]
    aspect: float
    quarter_turns: int = 0
    mirrored: bool = False

    def of(self, point: Point) -> Point:
        """Where a point of the film has gone."""
        (x, y), (rows, columns) = point, self.shape
        for _ in range(self.quarter_turns % 4):
            x, y = rows - 1 - y, x
            rows, columns = columns, rows
        return (columns - 1 - x, y) if self.mirrored else (x, y)

    @property
    def growth(self) -> float:
        """By how much lengths that are counted in columns have grown: columns become rows in a quarter turn."""
        return 1 / self.aspect if self.quarter_turns % 2 else 1.0


def nearest_handle(shape: Shape, at: Point, aspect: float, within: float) -> int | None:
    """The handle nearest to a point, within so many columns; the rim comes before the middle where they are as near."""
    distances = [apart(handle, at, aspect) for handle in shape.handles(aspect)]
    order = sorted(range(len(distances)), key=lambda index: (round(distances[index], 6), -index))
    return order[0] if distances[order[0]] <= within else None
