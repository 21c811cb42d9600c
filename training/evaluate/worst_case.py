"""A knee that came out badly, as one picture: both films, and slices of the CT with made and true outlines."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from engine.geometry.model_frame import FIELD_OF_VIEW_MM
from training.evaluate.knee import Knee
from training.evaluate.picture import COLOURS
from training.evaluate.score import true_outlines

_PLANES = (("coronal", 1), ("sagittal", 0), ("axial", 2))


def worst_picture(knee: Knee, hu: NDArray[np.int16], made: NDArray[np.uint8]) -> bytes:
    """PNG. hu: (n, n, n) generated CT; made: (128, 128, 128) its bones; both on the field of view in LPS."""
    true = true_outlines(knee.truth)
    figure = Figure(figsize=(12.5, 2.75), layout="constrained")
    places = figure.subplots(1, 5)
    for place, (film, _), title in zip(places, knee.calibrated.views, ("AP film", "lateral film"), strict=False):
        low, high = np.percentile(film.pixels, [1, 99])
        place.imshow(film.pixels, cmap="gray", vmin=low, vmax=high)
        place.set_title(title, fontsize=9)
    for place, (name, axis) in zip(places[2:], _PLANES, strict=True):
        _slice(place, hu, made, true, axis)
        place.set_title(name, fontsize=9)
    for place in places:
        place.axis("off")
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    return content.getvalue()


def _slice(place: Axes, hu: NDArray, made: NDArray, true: NDArray, axis: int) -> None:
    """The slice that holds most of the true bones' outline, in plain and dashed lines."""
    number = _telling_slice(true, axis)
    half = FIELD_OF_VIEW_MM / 2
    image = np.take(hu, number * hu.shape[axis] // true.shape[axis], axis)
    place.imshow(image.T, cmap="gray", vmin=-200, vmax=1200, origin="lower", extent=(-half, half, -half, half))
    grid = (np.arange(true.shape[axis]) + 0.5) * FIELD_OF_VIEW_MM / true.shape[axis] - half
    for labels, style in ((made, "solid"), (true, "dashed")):
        cut = np.take(labels, number, axis)
        for bone, colour in COLOURS.items():
            if (cut == bone).any():
                drawn = colour if style == "solid" else "white"
                place.contour(grid, grid, (cut == bone).T, [0.5], colors=[drawn], linestyles=style, linewidths=1.0)
    if axis == 2:
        place.invert_yaxis()  # anterior up, as axial slices are read


def _telling_slice(true: NDArray, axis: int) -> int:
    """The slice that cuts most bones, and of these the one with most bone."""
    others = tuple(a for a in range(3) if a != axis)
    bones = sum(((true == bone).any(axis=others).astype(int) for bone in COLOURS), np.zeros(true.shape[axis], int))
    area = (true > 0).sum(axis=others)
    return int((bones * true.size + area).argmax())
