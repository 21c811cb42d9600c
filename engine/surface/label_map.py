"""From class probabilities to a label map: `label_map`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from engine.domain import Bone, Volume


def label_map(probabilities: NDArray[np.floating], lps_from_ijk: ArrayLike) -> Volume:
    """The likeliest class of every voxel as a Volume of Bone values: the largest component of each bone, filled.

    probabilities: (5, I, J, K) softmax, background first. lps_from_ijk: (4, 4), voxel centre to LPS millimetres.
    """
    likeliest = np.argmax(probabilities, axis=0).astype(np.int16)
    labels = np.zeros_like(likeliest)
    for bone in Bone:
        found = likeliest == bone
        box = ndimage.find_objects(found.astype(np.uint8))
        if box:
            part = labels[box[0]]
            part[_filled(_largest_component(found[box[0]])) & (part == 0)] = bone
    return Volume(labels, np.asarray(lps_from_ijk, np.float64))


def _largest_component(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    components = np.zeros(mask.shape, np.int32)
    ndimage.label(mask, output=components)
    sizes = np.bincount(components.ravel())
    sizes[0] = 0
    return components == sizes.argmax()


def _filled(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(ndimage.binary_fill_holes(mask), bool)
