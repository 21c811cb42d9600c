"""Legs and joint lines in a CT, from bone alone, on a coarse grid along the patient's axes.

Rule. Bone is what exceeds 200 HU as a mean over 2 mm; holes are filled slice by slice. Two legs are in view where, in
a slab of 10 mm, bone lies on both sides of an empty strip of at least 6 mm and the two halves are 90 mm or more apart.
The joint line of a leg is the height at which most area is gap: no bone, but bone at most 8 mm above and at most 8 mm
below. Condyles above and plateau below must be at least 1,000 mm² wide within 30 mm of it, and two bones (tibia and
fibula) must be cut 30 to 45 mm below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, binary_dilation, binary_fill_holes, gaussian_filter1d

from engine.domain import RefusedInput
from training.prepare.connected import pieces
from training.prepare.source_ct import AIR_HU, SourceCt, grid_affine, sampled

BONE_HU = 200
SCOUT_MM = 2.0
NEEDED_MM = 40.0
_SLAB_MM, _EMPTY_MM, _APART_MM = 10.0, 6.0, 90.0
_LONGEST_TWO_LEGS_MM = 80.0
_WIDE_MM2, _REACH_MM = 1000.0, 30.0
_GAP_MM, _GAP_MM2 = 8.0, 250.0
_BELOW_MM = (30.0, 45.0)


@dataclass(frozen=True, slots=True)
class Wall:
    """The plane x = at_0 + slope z (LPS mm) between two legs."""

    at_0: float
    slope: float

    def beyond(self, x: NDArray, z: NDArray, patients_left: bool) -> NDArray[np.bool_]:
        """Which points belong to the other leg than the one at the patient's left (or right)."""
        right_of_it = x < self.at_0 + self.slope * z
        return right_of_it if patients_left else ~right_of_it


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """A leg in a CT. joint_mm: (3,) LPS, the middle of its joint.

    wall: towards the other leg, or None. patients_left: whether it is the one at +x of the wall; None for one leg.
    """

    joint_mm: NDArray[np.float64]
    wall: Wall | None
    patients_left: bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Scout:
    """Filled bone (I, J, K) of a whole CT at 2 mm along the patient's axes, and the LPS of its first voxel."""

    bone: NDArray[np.bool_]
    origin_mm: NDArray[np.float64]

    def along(self, axis: int) -> NDArray[np.float64]:
        """LPS of the voxels along an axis."""
        return self.origin_mm[axis] + SCOUT_MM * np.arange(self.bone.shape[axis])


def scout_of(ct: SourceCt) -> Scout:
    """The coarse bone mask of a CT."""
    low, high = ct.box_mm
    count = np.maximum(1, np.floor((high - low) / SCOUT_MM).astype(int) + 1)
    shape = (int(count[0]), int(count[1]), int(count[2]))
    coarse = sampled(ct.hu, ct.lps_from_ijk, grid_affine(low, SCOUT_MM), shape, AIR_HU)
    return Scout(filled_by_slices(coarse > BONE_HU), low)


def filled_by_slices(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Holes of every axial slice filled, those with a crack of a voxel in their shell too."""
    solid = bone.copy()
    for k in range(bone.shape[2]):
        if bone[:, :, k].any():
            closed = np.asarray(binary_closing(np.pad(bone[:, :, k], 4), iterations=2), bool)[4:-4, 4:-4]
            holes = binary_fill_holes(closed) & ~closed
            solid[:, :, k] |= np.asarray(binary_dilation(holes, iterations=3), bool) & (closed | holes)
    return solid


def find_legs(ct: SourceCt) -> tuple[tuple[Leg, ...], tuple[str, ...]]:
    """All legs whose knee joint is in view far enough to be used, and why others are left out.

    Raises RefusedInput with the reason where there is none.
    """
    scout = scout_of(ct)
    wall, span = wall_between(scout)
    found, reasons = [], []
    for left in (False, True) if wall is not None else (None,):
        try:
            found.append(_leg(scout, wall, left, span))
        except RefusedInput as reason:
            reasons.append(str(reason) if left is None else f"{('right', 'left')[left]} leg: {reason}")
    if not found:
        raise RefusedInput("; ".join(reasons))
    return tuple(found), tuple(reasons)


def wall_between(scout: Scout) -> tuple[Wall | None, slice]:
    """The plane between two legs and the slices where two legs are seen; None and all slices for one leg."""
    thick = round(_SLAB_MM / SCOUT_MM)
    starts = range(0, scout.bone.shape[2], thick)
    places = [_empty_strip(scout, slice(k, k + thick)) for k in starts]
    run = _longest_run([place is not None for place in places])
    if len(run) * _SLAB_MM < min(_LONGEST_TWO_LEGS_MM, 0.5 * _SLAB_MM * len(places)):
        return None, slice(0, scout.bone.shape[2])
    z = np.array([scout.along(2)[starts[n]] + _SLAB_MM / 2 for n in run])
    x = np.array([places[n] for n in run])
    slope, at_0 = np.polyfit(z, x, 1) if len(run) > 2 else (0.0, float(x.mean()))
    return Wall(float(at_0), float(slope)), slice(starts[run[0]], starts[run[-1]] + thick)


def _longest_run(flags: list[bool]) -> range:
    best = range(0)
    start = 0
    for n, flag in enumerate([*flags, False]):
        if not flag:
            best = max(best, range(start, n), key=len)
            start = n + 1
    return best


def _empty_strip(scout: Scout, slab: slice) -> float | None:
    """LPS x between the bones of two legs in a slab, or None."""
    profile = scout.bone[:, :, slab].sum((1, 2)).astype(float)
    x = scout.along(0)
    empty = profile <= 0.01 * profile.max()
    inner = np.flatnonzero(~empty)
    if len(inner) < 2:
        return None
    strip = _longest_run([bool(e) and inner[0] < n < inner[-1] for n, e in enumerate(empty)])
    if len(strip) * SCOUT_MM < _EMPTY_MM:
        return None
    low, high = profile[: strip[0]], profile[strip[-1] + 1 :]
    if min(low.sum(), high.sum()) < 0.15 * profile.sum():
        return None
    means = (x[: strip[0]] @ low / low.sum(), x[strip[-1] + 1 :] @ high / high.sum())
    return float(x[strip].mean()) if means[1] - means[0] >= _APART_MM else None


def _leg(scout: Scout, wall: Wall | None, left: bool | None, span: slice) -> Leg:
    bone = scout.bone.copy()
    bone[:, :, : span.start] = False
    bone[:, :, span.stop :] = False
    if wall is not None:
        bone &= ~wall.beyond(scout.along(0)[:, None, None], scout.along(2)[None, None, :], bool(left))
    k = _joint_slice(bone)
    z = scout.along(2)
    _check_reach(z[-1] - z[k], z[k] - z[0])
    points = np.argwhere(bone[:, :, max(k - 8, 0) : k + 9])
    middle = (np.percentile(points, 2, axis=0) + np.percentile(points, 98, axis=0)) / 2
    joint = scout.origin_mm + SCOUT_MM * np.array([middle[0], middle[1], k])
    return Leg(joint, wall, left)


def _joint_slice(bone: NDArray[np.bool_]) -> int:
    """The slice of the joint line. Raises RefusedInput where no dip between two wide parts has two bones below it."""
    area = gaussian_filter1d(bone.sum((0, 1)) * SCOUT_MM**2, 0.8)
    gap = gaussian_filter1d(_gap_mm2(bone), 1.0)
    reach = round(_REACH_MM / SCOUT_MM)
    best, at = _GAP_MM2, None
    for k in np.flatnonzero(gap > _GAP_MM2):
        above, below = area[k + 1 : k + reach + 1].max(initial=0), area[max(k - reach, 0) : k].max(initial=0)
        if gap[k] > best and min(above, below) >= _WIDE_MM2 and _two_bones_below(bone, int(k)):
            best, at = gap[k], int(k)
    if at is None:
        raise RefusedInput(_why_none(area))
    return at


def _gap_mm2(bone: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Area of gap in each slice."""
    reach = round(_GAP_MM / SCOUT_MM)
    above, below = np.zeros_like(bone), np.zeros_like(bone)
    for n in range(1, reach + 1):
        above[:, :, :-n] |= bone[:, :, n:]
        below[:, :, n:] |= bone[:, :, :-n]
    return (above & below & ~bone).sum((0, 1)) * SCOUT_MM**2


def _two_bones_below(bone: NDArray[np.bool_], k: int) -> bool:
    """Whether tibia and fibula are cut 30 to 45 mm below a slice; true where the CT ends before."""
    near, far = (round(mm / SCOUT_MM) for mm in _BELOW_MM)
    if k - near < 0:
        return True
    for n in range(max(k - far, 0), k - near + 1):
        sizes = np.bincount(pieces(bone[:, :, n], corners=True).ravel())[1:] * SCOUT_MM**2
        if (sizes >= 30).sum() >= 2 and sizes.max() >= 200:
            return True
    return False


def _why_none(area: NDArray[np.float64]) -> str:
    wide = np.flatnonzero(area >= _WIDE_MM2)
    if len(wide) and len(area) * SCOUT_MM < 2 * NEEDED_MM + 40:
        return "no knee joint is found between its ends; give a CT of the whole knee"
    return "no knee joint is found; leave it out, or give labels with it"


def _check_reach(above_mm: float, below_mm: float) -> None:
    for reach, way in ((above_mm, "above"), (below_mm, "below")):
        if reach < NEEDED_MM:
            raise RefusedInput(
                f"it ends {max(reach, 0):.0f} mm {way} the joint line, {NEEDED_MM:.0f} mm are needed; "
                "give a longer CT, or labels with it"
            )
