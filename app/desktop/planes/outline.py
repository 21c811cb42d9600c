"""Where a plane cuts a bone's surface: the surface that is shown and exported, not the voxels it was made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain import BoneMesh


@dataclass(frozen=True, slots=True, eq=False)
class CuttableMesh:
    """A surface, and the lowest and highest coordinate (M, 3) of each of its triangles."""

    vertices_mm: NDArray[np.float64]
    faces: NDArray[np.int32]
    low_mm: NDArray[np.float64]
    high_mm: NDArray[np.float64]

    def cut(self, axis: int, position_mm: float) -> NDArray[np.float64]:
        """Segments (S, 2, 3) in LPS millimetres where the plane at `position_mm` along an LPS axis meets the surface.

        A vertex that lies in the plane counts as above it, so that every triangle gives one segment or none.
        """
        met = self.faces[(self.low_mm[:, axis] < position_mm) & (self.high_mm[:, axis] >= position_mm)]
        corners = self.vertices_mm[met]
        above = corners[:, :, axis] >= position_mm
        ends = corners[:, [1, 2, 0]]
        crossed = above != above[:, [1, 2, 0]]
        start, end = corners[crossed], ends[crossed]
        rise = end[:, axis] - start[:, axis]
        share = ((position_mm - start[:, axis]) / rise)[:, None]
        return (start + share * (end - start)).reshape(-1, 2, 3)


def cuttable(mesh: BoneMesh) -> CuttableMesh:
    """The mesh with what cutting it needs."""
    corners = mesh.vertices_mm[mesh.faces]
    return CuttableMesh(mesh.vertices_mm, mesh.faces, corners.min(axis=1), corners.max(axis=1))
