"""Sizes of the bones, along the axes of the knee frame. For research use only.

Definitions. Width runs along x (medial to lateral), depth along y (front to back), length along z (up). Width and
depth of the femur are those of its lowest 40 mm, of the tibia those of its highest 15 mm, so that shaft and tubercle do
not count; of patella and fibula those of the whole bone. Length is what lies in the field of view. The axes are the
patient's as the films were taken, not the bone's own: a leg that is turned reads narrower or wider by a few per cent.
Surfaces carry no cartilage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, BoneMesh

FEMUR_END_MM, TIBIA_END_MM = 40.0, 15.0

# Adults, mean width and depth in mm (female, male), to hold a knee against: doi 10.1186/s13018-021-02708-8.
PUBLISHED_WIDTH_MM = {Bone.FEMUR: (67.3, 74.9), Bone.TIBIA: (67.3, 76.0)}
PUBLISHED_DEPTH_MM = {Bone.FEMUR: (54.8, 61.0), Bone.TIBIA: (41.4, 46.9)}
PUBLISHED_SOURCE = "doi 10.1186/s13018-021-02708-8"


@dataclass(frozen=True, slots=True)
class BoneDimensions:
    """One bone. width_mm: medial to lateral; depth_mm: front to back; length_mm: of the part in the field of view."""

    bone: Bone
    width_mm: float
    depth_mm: float
    length_mm: float
    volume_mm3: float


def bone_dimensions(mesh: BoneMesh) -> BoneDimensions:
    """Sizes of one surface by the definitions above. Raises ValueError for an empty mesh."""
    if not len(mesh.faces):
        raise ValueError(f"the {mesh.bone.word} is empty")
    points = mesh.vertices_mm[np.unique(mesh.faces)]
    end = points[_at_the_joint(points[:, 2], mesh.bone)]
    width, depth, _ = np.ptp(end, axis=0)
    return BoneDimensions(mesh.bone, float(width), float(depth), float(np.ptp(points[:, 2])), float(mesh.volume_mm3))


def _at_the_joint(height_mm: NDArray[np.float64], bone: Bone) -> NDArray[np.bool_]:
    if bone is Bone.FEMUR:
        return height_mm <= height_mm.min() + FEMUR_END_MM
    if bone is Bone.TIBIA:
        return height_mm >= height_mm.max() - TIBIA_END_MM
    return np.ones(len(height_mm), bool)
