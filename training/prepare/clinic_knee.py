"""Knees of a CT: each with its side, its bones and its place, ready to be filmed in the right-knee frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation

from engine.domain import Bone, RefusedInput, Side, Volume
from training.cohort.tissue import SPACING_MM, VOXELS, SimulatedKnee
from training.prepare.bone_checks import check_bones
from training.prepare.bones import split_bones
from training.prepare.connected import pieces
from training.prepare.ct_folder import centre_and_side, drawn_placement
from training.prepare.legs import BONE_HU, Leg, Wall, filled_by_slices, find_legs, scout_of, wall_between
from training.prepare.source_ct import AIR_HU, SourceCt, grid_affine, sampled

_SHAPE = (VOXELS, VOXELS, VOXELS)
_HALF_MM = (VOXELS - 1) / 2 * SPACING_MM
_TISSUE_HU = -400
_IN_BONE = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class ClinicKnee:
    """A knee of a CT, and a KneeSource of it: every seed turns and shifts it a little.

    labels: 1 femur … 4 fibula. centre_mm: (3,) LPS of the joint. wall and patients_left: as of Leg.
    given: whether the labels came with the CT.
    """

    ct: SourceCt
    labels: Volume
    centre_mm: NDArray[np.float64]
    side: Side
    wall: Wall | None
    patients_left: bool
    given: bool

    def knees(self, seed: int) -> tuple[SimulatedKnee, SimulatedKnee]:
        """The knee in the right-knee model frame; both films see the same."""
        knee = self.placed(drawn_placement(self.centre_mm, self.side, np.random.default_rng([seed, 20261124])))
        return knee, knee

    def placed(self, lps_from_model: NDArray[np.float64]) -> SimulatedKnee:
        """The knee in a model frame, (4, 4) mm, that fits its side. Shafts go on where the CT ends."""
        grid = lps_from_model @ grid_affine(np.full(3, -_HALF_MM), SPACING_MM)
        other = _other_leg(grid, self.wall, self.patients_left)
        labels, affine = self.labels.hu, self.labels.lps_from_ijk
        occupancy = np.stack([sampled((labels == b).astype(np.uint8), affine, grid, _SHAPE, None) for b in Bone])
        hu = sampled(self.ct.hu, self.ct.lps_from_ijk, grid, _SHAPE, None)
        if other is not None:
            hu[other] = AIR_HU
            occupancy[:, other] = 0
        hu = np.where(_leg_alone(hu, occupancy.max(0) > 0.5), hu, AIR_HU)
        return SimulatedKnee(hu.astype(np.float32), occupancy)


def knees_of(ct: SourceCt, labels: Volume | None, stated: str) -> tuple[tuple[ClinicKnee, ...], tuple[str, ...]]:
    """All usable knees of a CT, and why others are left out. stated: "L", "R", or '' from the header.

    Raises RefusedInput with the reason where there is none.
    """
    if labels is not None:
        check_frame(ct, labels)
        places, reasons = _labelled_legs(labels), ()
    else:
        legs, reasons = find_legs(ct)
        places = [(leg.wall, leg.patients_left, leg) for leg in legs]
    found, refused = [], list(reasons)
    for wall, left, leg in places:
        try:
            found.append(_knee(ct, labels, wall, left, leg, stated))
        except RefusedInput as reason:
            refused.append(str(reason) if left is None else f"{('right', 'left')[left]} leg: {reason}")
    if not found:
        raise RefusedInput("; ".join(refused))
    return tuple(found), tuple(refused)


def _knee(
    ct: SourceCt, labels: Volume | None, wall: Wall | None, left: bool | None, leg: Leg | None, stated: str
) -> ClinicKnee:
    if labels is None:
        assert leg is not None
        bones = _automatic(ct, leg)
        side = check_bones(bones)
    else:
        bones = _one_leg(_thinned(labels), wall, bool(left))
        side = check_bones(bones)
        _check_overlap(ct, bones)
    _check_side(side, left, stated)
    centre, _ = centre_and_side(bones, "its labels")
    kept = bones if labels is None else labels
    return ClinicKnee(ct, kept, centre, side, wall, side is Side.LEFT, labels is not None)


def _check_side(side: Side, left: bool | None, stated: str) -> None:
    if left is not None and (side is Side.LEFT) != left:
        raise RefusedInput(
            f"the leg at the patient's {('right', 'left')[left]} has the bones of a {side.word} knee; leave it out"
        )
    if left is None and stated in ("L", "R") and stated != side.value:
        raise RefusedInput(f"its header says {stated}, its bones are those of a {side.word} knee; correct one of them")


def _automatic(ct: SourceCt, leg: Leg) -> Volume:
    grid = grid_affine(leg.joint_mm - _HALF_MM, SPACING_MM)
    hu = sampled(ct.hu, ct.lps_from_ijk, grid, _SHAPE, None)
    other = _other_leg(grid, leg.wall, bool(leg.patients_left))
    return Volume(split_bones(hu, None if other is None else ~other).astype(np.int16), grid)


def _other_leg(lps_from_grid: NDArray[np.float64], wall: Wall | None, patients_left: bool) -> NDArray[np.bool_] | None:
    """Which voxels of a (160, 160, 160) grid lie beyond the wall."""
    if wall is None:
        return None
    return wall.beyond(*_x_and_z(lps_from_grid, _SHAPE), patients_left)


def _x_and_z(affine: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[NDArray, NDArray]:
    i, j, k = np.ogrid[tuple(slice(n) for n in shape)]
    x, z = (affine[n, 0] * i + affine[n, 1] * j + affine[n, 2] * k + affine[n, 3] for n in (0, 2))
    return x, z


def _leg_alone(hu: NDArray[np.float32], bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where the leg is: tissue in one piece with the bones, and a voxel around it. Table and pads are not."""
    numbers = pieces((hu > _TISSUE_HU) | bone)
    touched = np.unique(numbers[bone])
    return np.asarray(binary_dilation(np.isin(numbers, touched[touched > 0]), iterations=2), bool)


def check_frame(ct: SourceCt, labels: Volume) -> None:
    """Raises RefusedInput for values that are no bone's, and for labels that lie elsewhere than the CT."""
    values = np.unique(labels.hu)
    wrong = [int(v) for v in values if v not in (0, *Bone)]
    if wrong:
        raise RefusedInput(f"its labels hold the value {wrong[0]}; use 1 femur, 2 tibia, 3 patella, 4 fibula")
    low, high = ct.box_mm
    label_low, label_high = SourceCt(labels.hu, labels.lps_from_ijk, 0, 0).box_mm
    if (label_low < low - 5).any() or (label_high > high + 5).any():
        raise RefusedInput("its labels reach out of the CT; save both in one frame")


def _labelled_legs(labels: Volume) -> list[tuple[Wall | None, bool | None, None]]:
    bones = SourceCt((labels.hu > 0).astype(np.int16) * 1000, labels.lps_from_ijk, 0, 0)
    wall, _ = wall_between(scout_of(bones))
    return [(None, None, None)] if wall is None else [(wall, left, None) for left in (False, True)]


def _thinned(labels: Volume) -> Volume:
    """Every n-th voxel, about 1 mm apart: enough for volumes and places."""
    steps = [max(1, int(1.2 / mm)) for mm in labels.spacing_mm]
    affine = labels.lps_from_ijk @ np.diag([*steps, 1.0])
    return Volume(labels.hu[:: steps[0], :: steps[1], :: steps[2]], affine)


def _one_leg(labels: Volume, wall: Wall | None, left: bool) -> Volume:
    if wall is None:
        return labels
    beyond = wall.beyond(*_x_and_z(labels.lps_from_ijk, labels.hu.shape), left)
    return Volume(np.where(beyond, 0, labels.hu), labels.lps_from_ijk)


def _check_overlap(ct: SourceCt, bones: Volume) -> None:
    """Each labelled bone must lie in what the CT shows as bone."""
    shape = (bones.hu.shape[0], bones.hu.shape[1], bones.hu.shape[2])
    solid = filled_by_slices(sampled(ct.hu, ct.lps_from_ijk, bones.lps_from_ijk, shape, AIR_HU) > BONE_HU)
    for bone in Bone:
        share = solid[bones.hu == bone].mean()
        if share < _IN_BONE:
            raise RefusedInput(
                f"its labels do not fit: {share:.0%} of the {bone.word} lies in bone; save both in one frame"
            )
