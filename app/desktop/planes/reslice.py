"""Planes through a volume, in numpy alone. Radiological convention: the patient's right is on the viewer's left.

A page is the plane as it lies before the viewer, in millimetres: u to the viewer's right, v down.
axial, seen from the feet: u to the patient's left, v to the back. coronal, seen from the front: u to the left, v to the
feet. sagittal, with the front on the viewer's left: u to the back, v to the feet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.domain import RefusedInput, Volume

PointMm = tuple[float, float, float]


class Plane(Enum):
    """The three planes. Of each: the LPS axis across it, the axes of u and v, v's sign, and its edges' letters."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"

    @property
    def normal(self) -> int:
        """The LPS axis that runs across the plane."""
        return _LAYOUT[self][0]

    @property
    def axes(self) -> tuple[int, int]:
        """The LPS axes of u and v."""
        return _LAYOUT[self][1:3]

    @property
    def letters(self) -> tuple[str, str, str, str]:
        """Directions of the left, right, top and bottom edge: R L A P S I."""
        left, right, top, bottom = _LAYOUT[self][4]
        return left, right, top, bottom

    @property
    def down(self) -> int:
        """+1 where v runs along its axis, -1 where against it."""
        return _LAYOUT[self][3]

    def page(self, points_lps_mm: ArrayLike) -> NDArray[np.float64]:
        """(u, v), (..., 2), of points (..., 3)."""
        points = np.asarray(points_lps_mm, dtype=np.float64)
        u, v = self.axes
        return np.stack([points[..., u], self.down * points[..., v]], axis=-1)

    def lps(self, u: float, v: float, position_mm: float) -> PointMm:
        """The point at a place of the page, the plane lying at `position_mm` along its normal."""
        point = [0.0, 0.0, 0.0]
        point[self.axes[0]], point[self.axes[1]], point[self.normal] = u, self.down * v, position_mm
        return point[0], point[1], point[2]


_LAYOUT: dict[Plane, tuple[int, int, int, int, str]] = {
    Plane.AXIAL: (2, 0, 1, 1, "RLAP"),
    Plane.CORONAL: (1, 0, 2, -1, "RLSI"),
    Plane.SAGITTAL: (0, 1, 2, -1, "APSI"),
}


class SlabMode(Enum):
    """What a thick plane shows of the voxels across it."""

    MEAN = "mean"
    MAXIMUM = "maximum"


@dataclass(frozen=True, slots=True)
class Slab:
    """thickness_mm: 0 is the single layer of voxels at the plane."""

    thickness_mm: float = 0.0
    mode: SlabMode = SlabMode.MEAN


@dataclass(frozen=True, slots=True, eq=False)
class StandingVolume:
    """A volume whose indices run to the left, to the back and up, whatever the file's did; a view, not a copy.

    hu: (X, Y, Z) int16.   origin_mm: LPS of the first voxel's centre.   spacing_mm: along x, y and z.
    """

    hu: NDArray[np.int16]
    origin_mm: NDArray[np.float64]
    spacing_mm: NDArray[np.float64]

    @property
    def box_mm(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest corner (3,), edges of the outer voxels."""
        low = self.origin_mm - self.spacing_mm / 2
        return low, low + self.spacing_mm * self.hu.shape

    def hu_at(self, point_lps_mm: ArrayLike) -> int | None:
        """HU of the voxel that holds a point; None outside."""
        index = np.rint((np.asarray(point_lps_mm) - self.origin_mm) / self.spacing_mm).astype(int)
        if (index < 0).any() or (index >= self.hu.shape).any():
            return None
        return int(self.hu[tuple(index)])

    def clamped(self, point_lps_mm: ArrayLike) -> PointMm:
        """The nearest point that lies on a voxel's centre or between two."""
        last = self.origin_mm + self.spacing_mm * (np.array(self.hu.shape) - 1)
        x, y, z = np.clip(np.asarray(point_lps_mm, dtype=np.float64), self.origin_mm, last)
        return float(x), float(y), float(z)


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A plane's voxels as they lie on the page. hu: (rows, cols) int16. box_mm: u, v, width and height of the page."""

    hu: NDArray[np.int16]
    box_mm: tuple[float, float, float, float]


def standing(volume: Volume) -> StandingVolume:
    """The volume with its indices along LPS. Raises RefusedInput for a grid that is oblique to the patient's axes."""
    linear = volume.lps_from_ijk[:3, :3]
    largest = np.abs(linear).max(axis=0)
    along = np.abs(linear).argmax(axis=0)
    rest = np.abs(linear)
    rest[along, range(3)] = 0
    if sorted(along) != [0, 1, 2] or (rest > 1e-3 * largest).any():
        raise RefusedInput("the volume lies oblique to the patient's axes; resample it along them")
    order = np.argsort(along)
    hu = volume.hu.transpose(order)
    steps = np.array([linear[axis, order[axis]] for axis in range(3)])
    first = volume.lps_from_ijk[:3, 3].copy()
    for axis in range(3):
        if steps[axis] < 0:
            first[axis] += steps[axis] * (hu.shape[axis] - 1)
            hu = np.flip(hu, axis)
    return StandingVolume(hu, first, np.abs(steps))


def section(volume: StandingVolume, plane: Plane, position_mm: float, slab: Slab) -> Section:
    """What the plane at `position_mm` along its normal shows."""
    layers = _layers(volume, plane.normal, position_mm, slab.thickness_mm)
    u, v = plane.axes
    part = np.moveaxis(volume.hu, (v, u, plane.normal), (0, 1, 2))[:: plane.down, :, layers]
    low, high = volume.box_mm
    top = low[v] if plane.down > 0 else -high[v]
    box = (float(low[u]), float(top), float(high[u] - low[u]), float(high[v] - low[v]))
    return Section(_merged(part, slab.mode), box)


def _layers(volume: StandingVolume, axis: int, position_mm: float, thickness_mm: float) -> slice:
    """Voxels whose centres lie in the slab; always one at least."""
    count, step = volume.hu.shape[axis], volume.spacing_mm[axis]
    middle = (position_mm - volume.origin_mm[axis]) / step
    half = max(thickness_mm / step / 2, 0.5) - 1e-9
    first = int(np.clip(np.ceil(middle - half), 0, count - 1))
    last = int(np.clip(np.floor(middle + half), first, count - 1))
    return slice(first, last + 1)


def _merged(part: NDArray[np.int16], mode: SlabMode) -> NDArray[np.int16]:
    """(rows, cols) of (rows, cols, layers)."""
    if part.shape[2] == 1:
        return part[:, :, 0]
    if mode is SlabMode.MAXIMUM:
        return part.max(axis=2)
    total = np.einsum("ijk->ij", part, dtype=np.int32, casting="safe")  # faster than mean() where layers lie together
    return np.rint(total / np.float32(part.shape[2])).astype(np.int16)
