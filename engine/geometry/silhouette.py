"""Shadows of surfaces on a film: what a bone covers there, and the line around it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.domain import BoneMesh, Camera

_CANDIDATES = 2_000_000
_SMOOTHING_PIXELS = 0.8


def silhouette(mesh: BoneMesh, camera: Camera, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """(rows, cols) True where the closed surface covers the pixel's centre; what lies outside the film is cut."""
    covered = np.zeros(shape, bool)
    for corners in _parts(_facing(camera.project(mesh.vertices_mm)[mesh.faces]), shape):
        _fill(covered, corners)
    return covered


def outlines(covered: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Lines (N, 2) of (row, column) around what is covered, between its pixels' centres and a little smoothed."""
    from scipy.ndimage import gaussian_filter  # slow imports, which the window must not wait for
    from skimage.measure import find_contours

    return find_contours(gaussian_filter(covered.astype(np.float32), _SMOOTHING_PIXELS), 0.5)


def _facing(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """The triangles (M, 3, 2) that turn one way, each counter-clockwise: of a closed surface they cover all."""
    areas = _twice_area(corners[:, 0], corners[:, 1], corners[:, 2])
    return corners[areas > 0]


def _parts(corners: NDArray[np.float64], shape: tuple[int, int]) -> Iterator[NDArray[np.float64]]:
    """The triangles in parts that each try a bounded number of pixels."""
    total = np.cumsum(_box(corners, shape)[1].prod(axis=1))
    cuts = np.searchsorted(total, np.arange(_CANDIDATES, total[-1] if len(total) else 0, _CANDIDATES))
    return (part for part in np.split(corners, cuts) if len(part))


def _box(corners: NDArray[np.float64], shape: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First pixel (M, 2) and number of rows and columns (M, 2) of each triangle's box on the film."""
    first = np.maximum(np.ceil(corners.min(axis=1)), 0).astype(np.int64)
    last = np.minimum(np.floor(corners.max(axis=1)), np.array(shape) - 1).astype(np.int64)
    return first, np.maximum(last - first + 1, 0)


def _fill(covered: NDArray[np.bool_], corners: NDArray[np.float64]) -> None:
    first, count = _box(corners, (covered.shape[0], covered.shape[1]))
    each = count.prod(axis=1)
    triangle = np.repeat(np.arange(len(corners)), each)
    within = np.arange(len(triangle)) - np.repeat(np.cumsum(each) - each, each)
    pixel = first[triangle] + np.stack([within // count[triangle, 1], within % count[triangle, 1]], axis=1)
    a, b, c = (corners[triangle, n] for n in range(3))
    sides = (_twice_area(a, b, pixel), _twice_area(b, c, pixel), _twice_area(c, a, pixel))
    inside = np.logical_and.reduce([side >= 0 for side in sides])
    covered[pixel[inside, 0], pixel[inside, 1]] = True


def _twice_area(a: NDArray, b: NDArray, c: NDArray) -> NDArray[np.float64]:
    """Twice the signed area (N,) of triangles with corners (N, 2)."""
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
