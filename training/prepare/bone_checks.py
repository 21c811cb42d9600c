"""Whether a label map can be the four bones of one knee, and of which side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, RefusedInput, Side, Volume

_CM3 = {Bone.FEMUR: (20, 600), Bone.TIBIA: (20, 500), Bone.PATELLA: (2, 60), Bone.FIBULA: (0.8, 80)}
_CONDYLES_MM = (40.0, 120.0)


def check_bones(labels: Volume) -> Side:
    """The side of a knee's label map (1 femur … 4 fibula), told by its bones.

    Raises RefusedInput with the first thing that no knee has.
    """
    points = {bone: labels.lps(np.argwhere(labels.hu == bone)) for bone in Bone}
    voxel_cm3 = abs(np.linalg.det(labels.lps_from_ijk[:3, :3])) / 1000
    for bone, (least, most) in _CM3.items():
        volume = len(points[bone]) * voxel_cm3
        if not least <= volume <= most:
            raise _implausible(f"a {bone.word} of {volume:.1f} cm³, {least:g} to {most:g} are plausible")
    _check_arrangement(points)
    return _side(points)


def _check_arrangement(points: Mapping[Bone, NDArray[np.float64]]) -> None:
    femur, tibia, patella, fibula = (points[bone] for bone in Bone)
    condyles = femur[femur[:, 2] < femur[:, 2].min() + 30]
    gap = femur[:, 2].min() - tibia[:, 2].max()
    if not -30 < gap < 30:
        raise _implausible(f"a femur whose lowest point is {gap:.0f} mm above the top of the tibia")
    width = np.ptp(condyles[:, :2], axis=0).max()
    if not _CONDYLES_MM[0] <= width <= _CONDYLES_MM[1]:
        raise _implausible(f"condyles {width:.0f} mm wide")
    offset = np.linalg.norm((patella.mean(0) - condyles.mean(0))[:2])
    if not 18 < offset < 90:
        raise _implausible(f"a patella {offset:.0f} mm from the condyles' axis")
    if fibula[:, 2].max() > femur[:, 2].min() + 15:
        raise _implausible("a fibula that reaches up beside the femur")


def _side(points: Mapping[Bone, NDArray[np.float64]]) -> Side:
    """From the hand of (lateral, anterior, up), which no turn of the leg changes, and from x, which must agree."""
    femur, tibia, patella, fibula = (points[bone] for bone in Bone)
    level = tibia[tibia[:, 2] <= fibula[:, 2].max()]
    lateral = fibula.mean(0) - (level if len(level) else tibia).mean(0)
    condyles = femur[femur[:, 2] < femur[:, 2].min() + 30]
    hand = np.linalg.det(np.stack([lateral, patella.mean(0) - condyles.mean(0), femur.mean(0) - tibia.mean(0)]))
    if abs(lateral[0]) < 8 or (hand > 0) != (lateral[0] < 0):
        raise _implausible("a fibula and a patella that do not tell one side; the leg is turned or its axes are wrong")
    return Side.RIGHT if lateral[0] < 0 else Side.LEFT


def _implausible(what: str) -> RefusedInput:
    return RefusedInput(f"its bones show {what}; give right labels with it, or leave it out")
