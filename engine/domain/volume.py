"""Sampled volumes: what the samples are, and where they lie, each stored once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.domain.arrays import frozen_array, rigid_or_affine


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """Samples on a regular grid in the patient.

    hu: (I, J, K) int16, Hounsfield units; a label map is a Volume of Bone values.
    lps_from_ijk: (4, 4), voxel index (centre of the voxel) to LPS millimetres.
    """

    hu: NDArray[np.int16]
    lps_from_ijk: NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "hu", frozen_array(self.hu, np.int16, "hu", (None, None, None)))
        object.__setattr__(self, "lps_from_ijk", rigid_or_affine(self.lps_from_ijk, "lps_from_ijk"))

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Distance between neighbouring voxel centres along i, j and k."""
        i, j, k = np.linalg.norm(self.lps_from_ijk[:3, :3], axis=0)
        return float(i), float(j), float(k)

    def lps(self, ijk: ArrayLike) -> NDArray[np.float64]:
        """LPS millimetres (N, 3) of voxel indices (N, 3)."""
        return np.asarray(ijk, dtype=np.float64) @ self.lps_from_ijk[:3, :3].T + self.lps_from_ijk[:3, 3]
