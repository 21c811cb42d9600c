"""The right-knee frame in which every network works, and the only place where a left knee is mirrored.

Grid: n³ voxels over a cube of 160 mm centred on the isocentre; i runs to the patient's left (+x), j posterior (+y),
k up (+z), so that `lps_from_ijk` of a right knee has a positive diagonal. A left knee is mirrored in x: its model
frame is (-x, y, z), so that for both sides +x is medial and the fibula lies at -x.
"""

import numpy as np
from numpy.typing import NDArray

from engine.domain import Side

FIELD_OF_VIEW_MM = 160.0

# Films are resampled to this many pixels, of this size in the isocentre plane, before a network sees them.
FILM_PIXELS = 256
FILM_PIXEL_MM = 0.75


def model_from_lps(side: Side) -> NDArray[np.float64]:
    """(4, 4) right-knee model millimetres from patient LPS millimetres; its own inverse."""
    return np.diag([-1.0 if side is Side.LEFT else 1.0, 1.0, 1.0, 1.0])


def model_from_ijk(voxels: int) -> NDArray[np.float64]:
    """(4, 4) model millimetres from voxel index of the grid with `voxels` along each side."""
    step = FIELD_OF_VIEW_MM / voxels
    affine = np.diag([step, step, step, 1.0])
    affine[:3, 3] = (step - FIELD_OF_VIEW_MM) / 2
    return affine


def lps_grid(model_grid: NDArray, side: Side) -> tuple[NDArray, NDArray[np.float64]]:
    """A model-frame array (n, n, n) as the array and `lps_from_ijk` of the patient.

    A left knee's array is reversed along i, so that the affine keeps a positive diagonal on both sides.
    """
    grid = model_grid[::-1] if side is Side.LEFT else model_grid
    return np.ascontiguousarray(grid), model_from_ijk(model_grid.shape[0])
