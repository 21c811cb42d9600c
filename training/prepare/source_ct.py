"""A CT as it came from a clinic, and how it is sampled on another grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform

AIR_HU = -1024


@dataclass(frozen=True, slots=True, eq=False)
class SourceCt:
    """One series. hu: (I, J, K) int16. lps_from_ijk: (4, 4), sheared where the gantry was tilted.

    in_plane_mm and thickness_mm: as scanned, before anything is resampled; what a network is conditioned on.
    """

    hu: NDArray[np.int16]
    lps_from_ijk: NDArray[np.float64]
    in_plane_mm: float
    thickness_mm: float

    @property
    def spacing_mm(self) -> NDArray[np.float64]:
        """(3,) distance of neighbouring voxels along i, j and k."""
        return np.linalg.norm(self.lps_from_ijk[:3, :3], axis=0)

    @property
    def box_mm(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest LPS (3,) of all voxel centres."""
        corners = np.array(np.meshgrid(*[(0, n - 1) for n in self.hu.shape], indexing="ij")).reshape(3, -1).T
        points = corners @ self.lps_from_ijk[:3, :3].T + self.lps_from_ijk[:3, 3]
        return points.min(0), points.max(0)


def grid_affine(origin_mm: NDArray, step_mm: float) -> NDArray[np.float64]:
    """(4, 4) LPS of a grid along the patient's axes."""
    affine = np.diag([step_mm] * 3 + [1.0])
    affine[:3, 3] = origin_mm
    return affine


def sampled(
    values: NDArray,
    lps_from_ijk: NDArray[np.float64],
    lps_from_grid: NDArray[np.float64],
    shape: tuple[int, int, int],
    beyond: float | None,
) -> NDArray[np.float32]:
    """`values` (I, J, K) on another grid, float32: means of blocks no larger than its step, then trilinear.

    Any affine will do, sheared ones included. beyond: the value outside the volume; None goes on with its border.
    """
    values, lps_from_ijk = _cropped(values, lps_from_ijk, lps_from_grid, shape)
    step = np.linalg.norm(lps_from_grid[:3, :3], axis=0).min()
    spacing = np.linalg.norm(lps_from_ijk[:3, :3], axis=0)
    factors = np.minimum(np.maximum(1, np.floor(step / spacing + 0.05).astype(int)), values.shape)
    values, lps_from_ijk = _block_means(values, lps_from_ijk, factors)
    source_from_grid = np.linalg.inv(lps_from_ijk) @ lps_from_grid
    mode, fill = ("nearest", 0.0) if beyond is None else ("constant", beyond)
    matrix, offset = source_from_grid[:3, :3], source_from_grid[:3, 3]
    out = np.empty(shape, np.float32)
    affine_transform(values, matrix, offset, output=out, order=1, mode=mode, cval=fill)  # type: ignore[arg-type]
    return out


def _cropped(
    values: NDArray, lps_from_ijk: NDArray, lps_from_grid: NDArray, shape: tuple[int, int, int]
) -> tuple[NDArray, NDArray[np.float64]]:
    """The part that the grid can touch, with some voxels to spare; never empty."""
    corners = np.array(np.meshgrid(*[(0, n - 1) for n in shape], indexing="ij")).reshape(3, -1).T
    matrix = np.linalg.inv(lps_from_ijk) @ lps_from_grid
    index = corners @ matrix[:3, :3].T + matrix[:3, 3]
    last = np.array(values.shape) - 1
    low = np.clip(np.floor(index.min(0)).astype(int) - 6, 0, last)
    high = np.clip(np.ceil(index.max(0)).astype(int) + 6, 0, last)
    moved = lps_from_ijk.copy()
    moved[:3, 3] += lps_from_ijk[:3, :3] @ low
    (i, j, k), (a, b, c) = low, high
    return values[i : a + 1, j : b + 1, k : c + 1], moved


def _block_means(values: NDArray, lps_from_ijk: NDArray, factors: NDArray) -> tuple[NDArray, NDArray[np.float64]]:
    """Means over blocks of `factors` (3,) voxels; what does not fill a block at the far ends is left out."""
    if (factors == 1).all():
        return values, lps_from_ijk
    counts = np.array(values.shape) // factors
    total = np.zeros(counts, np.float32)
    for offset in np.ndindex(*factors):
        total += values[tuple(slice(o, o + n * f, f) for o, n, f in zip(offset, counts, factors, strict=True))]
    scaled = lps_from_ijk.copy()
    scaled[:3, 3] += lps_from_ijk[:3, :3] @ ((factors - 1) / 2)
    scaled[:3, :3] = lps_from_ijk[:3, :3] * factors
    return total / float(np.prod(factors)), scaled
