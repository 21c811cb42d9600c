"""One generated knee against its truth: scores, the grid's ceiling, HU error and properties, as JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, BoneMesh, RefusedInput, Volume
from engine.geometry.model_frame import model_from_ijk
from engine.pipeline import Generated
from engine.quality.bone_dimensions import bone_dimensions
from engine.quality.evaluate import evaluate_knee
from engine.quality.voxelise import voxelise
from engine.surface import extract_bones
from training.evaluate.hounsfield_error import hounsfield_error
from training.evaluate.knee import Knee, grid_shares

SCORED, FAILED = "scored", "failed"
PICTURE_VOXELS = 128


@dataclass(frozen=True, slots=True, eq=False)
class ScoredKnee:
    """What is kept of a knee. record: JSON values. hu: the generated CT. outlines: its bones (128, 128, 128) in LPS."""

    record: Mapping[str, Any]
    hu: NDArray[np.int16]
    outlines: NDArray[np.uint8]


def scored_knee(knee: Knee, made: Generated) -> ScoredKnee:
    """Scores of a knee, from the meshes.

    Raises RefusedInput where the truth holds no bone.
    """
    record = _known(knee, made.ct.hu.shape[0]) | {
        "status": SCORED,
        "reason": None,
        "scores": _bone_scores(made.meshes, knee.truth),
        "hu_error": None if knee.ct is None else hounsfield_error(made.ct, knee.ct, knee.truth),
        "warnings": list(made.warnings),
    }
    if record["scores"] is None:
        record |= {"status": FAILED, "reason": "the model made no bone of the truth"}
    return ScoredKnee(record, made.ct.hu, outlines(made.meshes))


def failed_knee(knee: Knee, reason: str, voxels: int) -> dict[str, Any]:
    """The record of a knee that the model did not make: no overlap, and no distance at all.

    Raises RefusedInput where the truth holds no bone.
    """
    missing = {"status": FAILED, "reason": reason, "scores": None, "hu_error": None, "warnings": []}
    return _known(knee, voxels) | missing


def _known(knee: Knee, voxels: int) -> dict[str, Any]:
    """What a knee's record says whatever the model made of it. bones: the words of those that the truth holds."""
    bones = [bone.word for bone in Bone if (knee.truth.hu == bone).any()]
    if not bones:
        raise RefusedInput("the truth has no label from 1 to 4; give a label map of femur, tibia, patella and fibula")
    ceiling = ceiling_meshes(knee, voxels)
    scores, properties = _bone_scores(ceiling, knee.truth), measured_properties(knee, ceiling)
    return {"bones": bones, "ceiling": scores, "properties": properties}


def _bone_scores(meshes: tuple[BoneMesh, ...], truth: Volume) -> dict[str, object] | None:
    """Scores as JSON values; None where no bone of the truth was made."""
    if not any((truth.hu == mesh.bone).any() for mesh in meshes):
        return None
    return evaluate_knee(meshes, truth).as_dict()


def ceiling_meshes(knee: Knee, voxels: int) -> tuple[BoneMesh, ...]:
    """The truth as the best network on a grid of `voxels` could say it: shares of voxels, meshed by the same code."""
    shares = grid_shares(knee.truth, voxels)
    background = (1 - shares.sum(axis=0, keepdims=True)).clip(0)
    return extract_bones(np.concatenate([background, shares]), model_from_ijk(voxels), knee.calibrated.side)


def measured_properties(knee: Knee, ceiling: tuple[BoneMesh, ...]) -> dict[str, Any]:
    """What is known of the knee, with the width of its true condyles by engine/quality/bone_dimensions.py."""
    widths = [bone_dimensions(mesh).width_mm for mesh in ceiling if mesh.bone is Bone.FEMUR]
    return replace(knee.properties, condylar_width_mm=widths[0] if widths else None).as_dict()


def outlines(meshes: tuple[BoneMesh, ...]) -> NDArray[np.uint8]:
    """(128, 128, 128) Bone values of meshes on the model's field of view."""
    shape = (PICTURE_VOXELS,) * 3
    labels = np.zeros(shape, np.uint8)
    for mesh in meshes:
        labels[voxelise(mesh.vertices_mm, mesh.faces, model_from_ijk(PICTURE_VOXELS), shape)] = mesh.bone
    return labels


def true_outlines(truth: Volume) -> NDArray[np.uint8]:
    """The same of the truth: the bone that fills most of each voxel, where bone fills half of it."""
    shares = grid_shares(truth, PICTURE_VOXELS)
    return np.where(shares.sum(axis=0) >= 0.5, shares.argmax(axis=0) + 1, 0).astype(np.uint8)
