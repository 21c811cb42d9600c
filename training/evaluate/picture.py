"""A generated knee beside the truth, as one picture: films, slices with both outlines, bones of both.

`python -m training.evaluate.picture AP.dcm LATERAL.dcm RESULT_DIR TRUTH_LABELS.nii.gz PICTURE.png`
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, Volume
from engine.io.nifti import read_nifti
from engine.io.radiograph_file import pair_radiographs
from engine.quality.voxelise import voxelise
from export.stl import read_stl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

COLOURS = {Bone.FEMUR: "#e8c07d", Bone.TIBIA: "#7db7e8", Bone.PATELLA: "#8fd18f", Bone.FIBULA: "#d89ad8"}


def generated_labels(result: Path, truth: Volume) -> NDArray[np.uint8]:
    """The STL files of a result as a label map on the grid of the truth."""
    labels = np.zeros(truth.hu.shape, np.uint8)
    for bone in Bone:
        vertices, faces = read_stl((result / "meshes" / f"{bone.word}.stl").read_bytes())
        labels[voxelise(vertices, faces, truth.lps_from_ijk, truth.hu.shape)] = bone
    return labels


def seen(labels: NDArray, axis: int, from_end: bool) -> NDArray[np.float32]:
    """(a, b, 3) a label map as solid bone, lit from the eye, seen along an axis."""
    along = np.moveaxis(labels, axis, 0)
    along = along[::-1] if from_end else along
    solid = along > 0
    depth = np.where(solid.any(0), solid.argmax(0), np.nan).astype(np.float32)
    bone = np.take_along_axis(along, np.nan_to_num(depth).astype(int)[None], 0)[0]
    slope = np.gradient(np.where(np.isnan(depth), np.nanmax(depth), depth))
    light = 1 / np.sqrt(1 + 0.15 * (slope[0] ** 2 + slope[1] ** 2))
    picture = np.ones((*depth.shape, 3), np.float32) * 0.08
    for kind, colour in COLOURS.items():
        picture[bone == kind] = to_rgb(colour)
    picture[~np.isnan(depth)] *= light[~np.isnan(depth), None]
    return picture


def picture(ap: Path, lateral: Path, result: Path, truth_path: Path, out: Path) -> None:
    """Draw and write the picture."""
    truth, ct = read_nifti(truth_path), read_nifti(result / "ct.nii.gz")
    truth = _along_lps(truth)
    made = generated_labels(result, truth)
    pair = pair_radiographs(ap, lateral)
    figure, axes = plt.subplots(2, 4, figsize=(16, 8), facecolor="black")
    for row, film in zip(axes, (pair.ap, pair.lateral), strict=True):
        row[0].imshow(film.pixels, cmap="gray")
    for row, axis in zip(axes, (1, 0), strict=True):
        _slice(row[1], _along_lps(ct), made, truth, axis)
        for place, labels in ((row[2], made), (row[3], truth.hu)):
            place.imshow(np.rot90(seen(labels, axis, from_end=False)))
    for place, title in zip(axes[0], ("film", "generated CT, outlines: made, true", "made", "true"), strict=True):
        place.set_title(title, color="white", fontsize=13)
    for place in axes.flat:
        place.axis("off")
    figure.tight_layout()
    figure.savefig(out, dpi=70, facecolor="black")


def _along_lps(volume: Volume) -> Volume:
    """The same samples with i, j, k along +x, +y, +z."""
    array, affine = volume.hu, volume.lps_from_ijk.copy()
    for axis in range(3):
        if affine[axis, axis] < 0:
            array = np.flip(array, axis)
            affine[:3, 3] += affine[:3, axis] * (array.shape[axis] - 1)
            affine[:3, axis] *= -1
    return Volume(np.ascontiguousarray(array), affine)


def _slice(place: Axes, ct: Volume, made: NDArray, truth: Volume, axis: int) -> None:
    """The middle slice of the CT across an axis, with the outlines of both label maps."""
    extent = 80.0
    image = np.take(ct.hu, ct.hu.shape[axis] // 2, axis)
    box = (-extent, extent, -extent, extent)
    place.imshow(image.T, cmap="gray", vmin=-200, vmax=1200, origin="lower", extent=box)
    grid = truth.lps_from_ijk[0, 3] + truth.lps_from_ijk[0, 0] * np.arange(truth.hu.shape[0])
    for labels, style in ((made, "solid"), (truth.hu, "dashed")):
        cut = np.take(labels, labels.shape[axis] // 2, axis)
        for bone, colour in COLOURS.items():
            if (cut == bone).any():
                white = "white" if style == "dashed" else colour
                place.contour(grid, grid, (cut == bone).T, [0.5], colors=[white], linestyles=style, linewidths=1.2)


if __name__ == "__main__":
    picture(*(Path(word) for word in sys.argv[1:]))
