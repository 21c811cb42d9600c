"""What is laid over a film: outlines of the bones, the projected CT, and how well the bones fit. No Qt; slow calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.cases.knee import Knee
from engine.domain import Bone, Camera, Radiograph, Volume
from engine.geometry.line_integrals import coarser, line_integrals
from engine.geometry.silhouette import outlines, silhouette
from engine.quality.similarity import similarity

_FINEST_PIXEL_MM, _FINEST_VOXEL_MM = 0.7, 0.8
_OUTLINE_PIXELS = 1024
_DARKEST, _BRIGHTEST = 2.0, 99.7  # percentiles of what the projection shows black and white


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """grey: (rows, cols) uint8 of the projected CT. block: film pixels that one of its pixels covers each way.

    similarity: of the bones with the film, see engine.quality.similarity.
    """

    grey: NDArray[np.uint8]
    block: int
    similarity: float


BoneLines = Mapping[Bone, tuple[NDArray[np.float64], ...]]


def bone_lines(film: Radiograph, camera: Camera, knee: Knee) -> BoneLines:
    """Of every bone, the lines (N, 2) around its shadow as (column, row) of the film. A tenth of a second."""
    rows, columns = film.pixels.shape
    block = max(1, round(max(rows, columns) / _OUTLINE_PIXELS))
    coarse, shape = coarser(camera, (rows, columns), block)
    first = (block - 1) / 2
    return {
        mesh.bone: tuple(line[:, ::-1] * block + first for line in outlines(silhouette(mesh, coarse, shape)))
        for mesh in knee.meshes
    }


def projection(film: Radiograph, camera: Camera, knee: Knee) -> Projection:
    """The CT as the film's camera sees it, and the similarity. A few seconds."""
    ct = thinned(knee.ct)
    magnified = camera.sid_mm / camera.sod_mm * min(ct.spacing_mm)
    block = max(1, round(max(_FINEST_PIXEL_MM, 0.8 * magnified) / min(film.pixel_spacing_mm)))
    coarse, shape = coarser(camera, (film.pixels.shape[0], film.pixels.shape[1]), block)
    integrals = line_integrals(ct, coarse, shape)
    return Projection(_greys(integrals), block, similarity(film, camera, thinned(knee.labels)))


def thinned(volume: Volume) -> Volume:
    """Every n-th voxel, so that they lie no closer than a film can show; the same volume where they do not."""
    step = max(1, round(_FINEST_VOXEL_MM / max(volume.spacing_mm)))
    if step == 1:
        return volume
    lps_from_ijk = volume.lps_from_ijk @ np.diag([step, step, step, 1.0])
    return Volume(volume.hu[::step, ::step, ::step], lps_from_ijk)


def _greys(integrals: NDArray[np.float32]) -> NDArray[np.uint8]:
    hit = integrals[integrals > 0]
    if not hit.size:
        return np.zeros(integrals.shape, np.uint8)
    low, high = np.percentile(hit, [_DARKEST, _BRIGHTEST])
    return np.clip((integrals - low) * (255 / max(high - low, 1e-6)), 0, 255).astype(np.uint8)
