"""Connected pieces of a mask."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label


def pieces(mask: NDArray[np.bool_], corners: bool = False) -> NDArray[np.int32]:
    """A number from 1 on for each piece, 0 outside; voxels touch by faces, or by corners too."""
    numbers = np.empty(mask.shape, np.int32)
    label(mask, np.ones((3,) * mask.ndim) if corners else None, output=numbers)
    return numbers
