"""Bone surfaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.anatomy import Bone, Side
from engine.domain.arrays import frozen_array


@dataclass(frozen=True, slots=True, eq=False)
class BoneMesh:
    """One closed bone surface.

    vertices_mm: (N, 3) float64, LPS. faces: (M, 3) int32, counter-clockwise seen from outside.
    sources: SHA-256 of what it was made from (label volume, model), for the manifest.
    """

    vertices_mm: NDArray[np.float64]
    faces: NDArray[np.int32]
    bone: Bone
    side: Side
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "vertices_mm", frozen_array(self.vertices_mm, np.float64, "vertices_mm", (None, 3)))
        object.__setattr__(self, "faces", frozen_array(self.faces, np.int32, "faces", (None, 3)))
        if len(self.faces) and (self.faces.min() < 0 or self.faces.max() >= len(self.vertices_mm)):
            raise ValueError(f"faces of the {self.bone.word} name vertices that do not exist")

    @property
    def volume_mm3(self) -> float:
        """Signed enclosed volume; positive when the faces look outward (divergence theorem)."""
        a, b, c = (self.vertices_mm[self.faces[:, n]] for n in range(3))
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)
