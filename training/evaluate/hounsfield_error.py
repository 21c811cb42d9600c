"""How far a generated CT is from the true one, in HU: inside the body and inside each bone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from engine.domain import Bone, Volume
from engine.geometry.model_frame import FIELD_OF_VIEW_MM
from training.evaluate.knee import nearest_values

BODY_ABOVE_HU = -500
_LEAST_STEP_MM = 1.0


def hounsfield_error(made: Volume, true: Volume, labels: Volume) -> dict[str, dict[str, float]]:
    """Mean absolute error and bias in HU by region: "body" (true HU above -500) and each bone of the label map.

    Taken at the true CT's voxel centres, at most one a millimetre, inside the field of view; the generated CT is
    interpolated there. A region without a voxel is left out.
    """
    stride = [max(1, round(_LEAST_STEP_MM / step)) for step in true.spacing_mm]
    grids = [np.arange(0, side, step) for side, step in zip(true.hu.shape, stride, strict=True)]
    chosen = np.stack(np.meshgrid(*grids, indexing="ij"), -1).reshape(-1, 3)
    points = true.lps(chosen)
    seen = (np.abs(points) < FIELD_OF_VIEW_MM / 2).all(axis=1)
    chosen, points = chosen[seen], points[seen]
    truth = true.hu[tuple(chosen.T)].astype(np.float64)
    error = _interpolated(made, points) - truth
    bones = nearest_values(labels.hu, _index(labels, points))
    regions = {"body": truth > BODY_ABOVE_HU} | {bone.word: bones == bone for bone in Bone}
    return {
        name: {"mean_absolute_hu": float(np.abs(error[mask]).mean()), "bias_hu": float(error[mask].mean())}
        for name, mask in regions.items()
        if mask.any()
    }


def _interpolated(volume: Volume, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    return map_coordinates(volume.hu.astype(np.float32), _index(volume, points_mm).T, order=1, mode="nearest")


def _index(volume: Volume, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    inverse = np.linalg.inv(volume.lps_from_ijk)
    return points_mm @ inverse[:3, :3].T + inverse[:3, 3]
