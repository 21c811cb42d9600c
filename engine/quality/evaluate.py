"""`genu evaluate`, without files: bone surfaces against a label map of the truth.

Overlap is counted at the voxel centres of the truth's grid, bones filled. Where the field of view of the prediction
ends (a cube of 160 mm about the origin, which moves along when the prediction is registered) nothing was predicted:
voxels beyond are not counted, and surface points within 1 mm of that cut or of the truth's own border are not
measured, since the flat cut ends of the bones are no anatomy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import marching_cubes

from engine.domain import Bone, BoneMesh, RefusedInput, Volume
from engine.geometry.model_frame import FIELD_OF_VIEW_MM
from engine.quality.registration import RigidMotion, register, rigid_motion
from engine.quality.scores import BoneScores, Evaluation, KneeScores
from engine.quality.surface_distance import (
    SampledSurface,
    Surface,
    SurfaceScores,
    compare,
    inverse,
    moved_points,
    sampled,
)
from engine.quality.voxelise import voxelise

CUT_MARGIN_MM = 1.0

# The truth's labels are smoothed by this before its surface is drawn: the steps of the voxels, not the bone, go.
_LABEL_SMOOTHING_MM = 0.5
_UNMOVED = np.eye(4)

Box = tuple[slice, slice, slice]

# The field of view of a prediction as a surface.
_FIELD_CORNERS = ((np.indices((2, 2, 2)).reshape(3, 8).T - 0.5) * FIELD_OF_VIEW_MM).astype(np.float64)
_FIELD_FACES = np.array(
    [
        triangle
        for a, b, c, d in ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
        for triangle in ((a, b, c), (a, c, d))
    ]
)


def evaluate_knee(meshes: Iterable[BoneMesh], truth: Volume) -> Evaluation:
    """Scores of predicted surfaces against a label map of Bone values, in one LPS frame.

    Bones that the truth lacks are not scored. A bone that the prediction lacks has Dice 0 and a warning.

    Raises RefusedInput when the truth holds no bone, or no bone of the truth was predicted.
    """
    knee = _knee(meshes, truth)
    everyone = register(knee.pairs, knee.region(_UNMOVED))
    single = {bone: register({bone: pair}, knee.region(_UNMOVED)) for bone, pair in knee.pairs.items()}
    return Evaluation(
        unregistered=_scores(knee, dict.fromkeys(Bone, rigid_motion(_UNMOVED, np.zeros(3)))),
        registered=_scores(knee, dict.fromkeys(Bone, everyone)),
        motion=everyone,
        registered_per_bone=_scores(knee, single),
        bone_motions=single,
        warnings=tuple(f"no {bone.word} was predicted" for bone in knee.boxes if bone not in knee.pairs),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Knee:
    truth: Volume
    boxes: Mapping[Bone, Box]
    predicted: Mapping[Bone, BoneMesh]
    pairs: Mapping[Bone, tuple[SampledSurface, SampledSurface]]

    def region(self, motion: NDArray[np.float64]) -> _Region:
        return _Region(self.truth, inverse(motion))


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """Where both were seen: points (N, 3) of the truth's frame, away from the cuts by the margin."""

    truth: Volume
    predicted_from_truth: NDArray[np.float64]

    def __call__(self, points_mm: NDArray[np.float64]) -> NDArray[np.bool_]:
        index = moved_points(inverse(self.truth.lps_from_ijk), points_mm)
        edge = np.minimum(index + 0.5, np.array(self.truth.hu.shape) - 0.5 - index) * self.truth.spacing_mm
        predicted = np.abs(moved_points(self.predicted_from_truth, points_mm))
        away = FIELD_OF_VIEW_MM / 2 - CUT_MARGIN_MM
        return np.asarray((edge >= CUT_MARGIN_MM).all(axis=1) & (predicted <= away).all(axis=1), bool)


def _knee(meshes: Iterable[BoneMesh], truth: Volume) -> _Knee:
    boxes = _truth_boxes(truth)
    predicted = {mesh.bone: mesh for mesh in meshes if len(mesh.faces)}
    if not boxes:
        raise RefusedInput("the truth has no label from 1 to 4; give a label map of femur, tibia, patella and fibula")
    pairs = {
        bone: (sampled(_without_caps(predicted[bone])), sampled(_truth_surface(truth, bone, box)))
        for bone, box in boxes.items()
        if bone in predicted
    }
    if not pairs:
        raise RefusedInput("no bone of the truth was predicted; give the folder that genu generate wrote for this knee")
    return _Knee(truth, boxes, predicted, pairs)


def _truth_boxes(truth: Volume) -> dict[Bone, Box]:
    """The box of voxels around each bone of the truth."""
    found = ndimage.find_objects(np.clip(truth.hu, 0, max(Bone) + 1), max_label=max(Bone))
    return {bone: found[bone - 1] for bone in Bone if found[bone - 1] is not None}


def _without_caps(mesh: BoneMesh) -> Surface:
    """The surface without the flat ends at the border of the field of view."""
    at_border = np.abs(np.abs(mesh.vertices_mm[mesh.faces]) - FIELD_OF_VIEW_MM / 2) < 1e-3
    is_cap = np.logical_or.reduce(at_border.all(axis=1), axis=1)
    open_faces = mesh.faces[~is_cap]
    return Surface(mesh.vertices_mm, open_faces if len(open_faces) else mesh.faces)


def _truth_surface(truth: Volume, bone: Bone, box: Box) -> Surface:
    """The bone's surface, open where the volume's border cuts the bone."""
    first = [max(part.start - 4, 0) for part in box]
    share = truth.hu[tuple(slice(start, part.stop + 4) for start, part in zip(first, box, strict=True))] == bone
    sigma = np.divide(_LABEL_SMOOTHING_MM, truth.spacing_mm)
    smooth = ndimage.gaussian_filter(share.astype(np.float32), sigma, mode="nearest")
    if not smooth.min() < 0.5 < smooth.max():
        raise RefusedInput(f"the truth's {bone.word} has no surface (a speck, or all of the volume); correct its label")
    vertices, faces, _, _ = marching_cubes(smooth, 0.5)
    return Surface(truth.lps(vertices + first), faces)


def _scores(knee: _Knee, motions: Mapping[Bone, RigidMotion]) -> KneeScores:
    moves = {bone: motion.truth_from_predicted for bone, motion in motions.items()}
    found = {bone: _bone_scores(knee, bone, moves[bone]) for bone in knee.pairs}
    return KneeScores(tuple(found.get(bone, BoneScores(bone, 0.0, 0.0, None)) for bone in knee.boxes))


def _bone_scores(knee: _Knee, bone: Bone, motion: NDArray[np.float64]) -> BoneScores:
    mesh = knee.predicted[bone]
    vertices = moved_points(motion, mesh.vertices_mm)
    part = _part(knee.truth, knee.boxes[bone], vertices)
    counted = _voxels(part, moved_points(motion, _FIELD_CORNERS), _FIELD_FACES)
    ours, theirs = _voxels(part, vertices, mesh.faces) & counted, (part.hu == bone) & counted
    both, either = (int(np.count_nonzero(mask)) for mask in (ours & theirs, ours | theirs))
    dice = 2 * both / max(both + either, 1)
    return BoneScores(bone, dice, both / max(either, 1), _surface_scores(knee, bone, motion))


def _part(truth: Volume, box: Box, vertices_mm: NDArray[np.float64]) -> Volume:
    """The part of the truth that holds a box of its voxels and the vertices (N, 3)."""
    index = moved_points(inverse(truth.lps_from_ijk), vertices_mm)
    first = np.minimum([part.start for part in box], np.floor(index.min(axis=0)))
    end = np.maximum([part.stop for part in box], np.ceil(index.max(axis=0)) + 1)
    first, end = (np.clip(corner, 0, truth.hu.shape).astype(int) for corner in (first, end))
    affine = truth.lps_from_ijk.copy()
    affine[:3, 3] = truth.lps(first[None])[0]
    return Volume(truth.hu[tuple(map(slice, first, end))], affine)


def _voxels(part: Volume, vertices_mm: NDArray[np.float64], faces: NDArray[np.integer]) -> NDArray[np.bool_]:
    return voxelise(vertices_mm, faces, part.lps_from_ijk, part.hu.shape)


def _surface_scores(knee: _Knee, bone: Bone, motion: NDArray[np.float64]) -> SurfaceScores | None:
    predicted, truth = knee.pairs[bone]
    return compare(sampled(predicted.surface.moved(motion)), truth, knee.region(motion))
