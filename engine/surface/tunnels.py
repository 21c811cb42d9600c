"""Small tunnels through a bone, which the anatomy does not have: closed slice by slice."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

# Larger openings are left alone: the notch between the condyles must stay open.
LARGEST_TUNNEL_VOXELS = 40


def without_tunnels(share: NDArray[np.float32], level: float) -> NDArray[np.float32]:
    """The field (I, J, K) with every hole of at most 40 pixels in a slice along i, j or k filled.

    A tunnel that is narrow where it crosses such slices disappears; wide or oblique ones may stay.
    """
    inside = share > level
    filled = share.copy()
    for axis in range(3):
        within = np.asarray(ndimage.generate_binary_structure(3, 1))
        np.moveaxis(within, axis, 0)[[0, 2]] = False
        holes = np.asarray(ndimage.binary_fill_holes(inside, within), bool) & ~inside
        names = np.zeros(inside.shape, np.int32)
        ndimage.label(holes, within, output=names)
        sizes = np.bincount(names.ravel())
        sizes[0] = LARGEST_TUNNEL_VOXELS + 1
        filled[sizes[names] <= LARGEST_TUNNEL_VOXELS] = 1
    return filled
