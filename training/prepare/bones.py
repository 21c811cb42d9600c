"""Four bones of a knee without labels: threshold, erosion until they part, watershed back, and checks of the answer.

Bone is what exceeds 200 HU (as the surfaces of Fischer, Sci Data 2023, doi 10.1038/s41597-023-02669-z), filled slice by
slice. It is eroded step by step until each bone has a core: the femur the largest piece 32 to 70 mm above the joint
line, tibia and fibula the two largest as far below it, the patella the largest free piece in front of the condyles. A
watershed of the depth under the surface gives each core its bone. It errs outwards by a fraction of a voxel and knows
no implants; nonsense is refused (bone_checks.py), not written.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    binary_closing,
    binary_fill_holes,
    distance_transform_edt,
    gaussian_filter,
    generate_binary_structure,
    iterate_structure,
)
from skimage.segmentation import watershed

from engine.domain import Bone, RefusedInput
from training.cohort.tissue import SPACING_MM, VOXELS
from training.prepare.connected import pieces
from training.prepare.legs import BONE_HU, filled_by_slices

_HEIGHT_MM = (np.arange(VOXELS) - (VOXELS - 1) / 2) * SPACING_MM
_SLAB_MM = (32.0, 70.0)
_EROSIONS_MM = (1.0, 1.6, 2.3, 3.1, 4.0)
_SMALLEST_PIECE = 40
_BALL = generate_binary_structure(3, 1)


def split_bones(hu: NDArray[np.float32], leg: NDArray[np.bool_] | None = None) -> NDArray[np.uint8]:
    """Label map (160, 160, 160) of a knee on a grid of 1.25 mm along LPS, its joint line in the middle.

    hu: the same shape. leg: where the leg is; bone elsewhere is another's. Raises RefusedInput with the reason.
    """
    solid = filled_by_slices(gaussian_filter(hu, 0.5) > BONE_HU)
    if leg is not None:
        solid &= leg
    box = _box(solid)
    labels = np.zeros(solid.shape, np.uint8)
    labels[box] = _labels(solid[box])
    return labels


def _box(solid: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The columns that hold bone and a voxel around them. Raises RefusedInput where there are none."""
    i, j = np.nonzero(solid.any(2))
    if not len(i):
        raise RefusedInput("its bones cannot be told apart (there are none); give labels with it")
    return slice(max(i.min() - 1, 0), i.max() + 2), slice(max(j.min() - 1, 0), j.max() + 2)


def _labels(solid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    depth = np.asarray(distance_transform_edt(solid), np.float32) * SPACING_MM
    markers = _markers(depth)
    missing = [bone.word for bone in Bone if not (markers == bone).any()]
    if missing:
        raise RefusedInput(f"its bones cannot be told apart ({' and '.join(missing)}); give labels with it")
    return _tidied(watershed(-depth, markers, mask=solid).astype(np.uint8))


def _markers(depth: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A core of each bone: of the long ones in their slab, where joints cannot hold them together."""
    markers = np.zeros(depth.shape, np.uint8)
    upper = slice(*np.searchsorted(_HEIGHT_MM, _SLAB_MM).tolist())
    lower = slice(*np.searchsorted(_HEIGHT_MM, (-_SLAB_MM[1], -_SLAB_MM[0])).tolist())
    for erosion in _EROSIONS_MM:
        eroded = depth > erosion
        for slab, bones in ((upper, (Bone.FEMUR,)), (lower, (Bone.TIBIA, Bone.FIBULA))):
            _mark_largest(markers[:, :, slab], eroded[:, :, slab], bones)
        if (markers == Bone.FEMUR).any() and not (markers == Bone.PATELLA).any():
            _mark_patella(markers, eroded)
        if all((markers == bone).any() for bone in Bone):
            break
    return markers


def _mark_largest(markers: NDArray[np.uint8], eroded: NDArray[np.bool_], bones: tuple[Bone, ...]) -> None:
    """Mark the largest pieces of a slab as `bones` in this order, once there are enough of them."""
    numbers = pieces(eroded)
    found = _largest(numbers)
    if len(found) >= len(bones) and not np.isin(markers, bones).any():
        for bone, piece in zip(bones, found, strict=False):
            markers[numbers == piece] = bone


def _largest(numbers: NDArray) -> list[int]:
    """Pieces of some size, the largest first."""
    sizes = np.bincount(numbers.ravel())
    sizes[0] = 0
    return [int(n) for n in np.argsort(-sizes, kind="stable") if sizes[n] >= _SMALLEST_PIECE]


def _mark_patella(markers: NDArray[np.uint8], eroded: NDArray[np.bool_]) -> None:
    """Mark the largest piece that holds no shaft and lies in front of the condyles."""
    numbers = pieces(eroded)
    shafts = set(np.unique(numbers[markers > 0]).tolist())
    joint = (_HEIGHT_MM > 0) & (_HEIGHT_MM < 30)
    condyles = np.argwhere(numbers[:, :, joint] == numbers[markers == Bone.FEMUR][0])
    if not len(condyles):
        return
    middle = np.flatnonzero((_HEIGHT_MM > -30) & (_HEIGHT_MM < 75))
    part = numbers[:, :, middle[0] : middle[-1] + 1]
    front, centre = condyles[:, 1].mean() - 18 / SPACING_MM, condyles[:, 0].mean()
    for piece in _largest(part):
        at = np.argwhere(part == piece)
        if piece not in shafts and at[:, 1].mean() < front and abs(at[:, 0].mean() - centre) < 40 / SPACING_MM:
            markers[numbers == piece] = Bone.PATELLA
            return


def _tidied(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each bone in one piece without holes; no bone takes what is another's."""
    tidy = np.zeros_like(labels)
    for bone in Bone:
        mask = pieces(labels == bone)
        if not mask.any():
            continue
        whole = mask == np.argmax(np.bincount(mask.ravel())[1:]) + 1
        box = tuple(slice(max(int(a.min()) - 4, 0), int(a.max()) + 5) for a in np.nonzero(whole))
        part = np.pad(whole[box], 3, mode="edge")
        closed = binary_closing(part, iterate_structure(_BALL, 2))[3:-3, 3:-3, 3:-3] | whole[box]
        for axis in range(3):
            closed = _filled_along(closed, axis)
        tidy[box][closed & (tidy[box] == 0) & ((labels[box] == bone) | (labels[box] == 0))] = bone
    return tidy


def _filled_along(mask: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    planes = [binary_fill_holes(plane) for plane in np.moveaxis(mask, axis, 0)]
    return np.moveaxis(np.stack(planes), 0, axis)  # type: ignore[arg-type]
