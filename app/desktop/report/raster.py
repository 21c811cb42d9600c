"""Triangles to pixels without a renderer: for a report that is made in a thread, on any machine. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from skimage.measure import approximate_polygon, find_contours

_BEHIND = -1


def visible_faces(
    corners_px: NDArray[np.float64], depth: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.int32]:
    """Which triangle each pixel shows, (rows, columns); -1 where none.

    corners_px: (M, 3, 2) column and row; pixel centres at whole numbers.   depth: (M,), smaller is nearer.
    Made for many small triangles: the time grows with the largest one's box.
    """
    order = np.argsort(-depth, kind="stable")  # the nearest is the last
    corners = corners_px[order]
    low = np.ceil(corners.min(axis=1)).astype(np.int64)
    size = np.floor(corners.max(axis=1)).astype(np.int64) - low + 1
    image = np.full(shape, _BEHIND, np.int32)
    for dy in range(int(size[:, 1].max(initial=0))):
        for dx in range(int(size[:, 0].max(initial=0))):
            large = np.flatnonzero((size[:, 0] > dx) & (size[:, 1] > dy))
            _paint(image, corners[large], low[large] + (dx, dy), large)
    return np.append(order, _BEHIND)[image].astype(np.int32)


def weights(corners_px: NDArray[np.float64], points_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """Barycentric coordinates (N, 3) of points (N, 2) in triangles (N, 3, 2)."""
    a, b, c = (corners_px[:, n] for n in range(3))
    whole = doubled_area(a, b, c)
    inverse = np.divide(1.0, whole, out=np.zeros_like(whole), where=whole != 0)
    u, v = doubled_area(points_px, b, c) * inverse, doubled_area(a, points_px, c) * inverse
    return np.stack([u, v, 1 - u - v], axis=1)


def doubled_area(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twice the area (N,) of triangles with corners a, b, c (N, 2); positive from x to y."""
    ab, ac = b - a, c - a
    return ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]


def outlines(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Closed lines (N, 2), column and row, around what is set; smooth to about a quarter of a pixel."""
    padded = np.pad(gaussian_filter(mask.astype(np.float32), 1.0), 1)
    lines = [approximate_polygon(line, 0.25) for line in find_contours(padded, 0.5)]
    return [line[:, ::-1] - 1 for line in lines if len(line) > 8]


def _paint(
    image: NDArray[np.int32], corners: NDArray[np.float64], pixels: NDArray[np.int64], ranks: NDArray[np.int64]
) -> None:
    """Give one pixel of each triangle to it, where it lies inside and nothing nearer does. ranks: rising."""
    inside = (weights(corners, pixels.astype(np.float64)) >= -1e-9).all(axis=1)
    inside &= (pixels >= 0).all(axis=1) & (pixels[:, 0] < image.shape[1]) & (pixels[:, 1] < image.shape[0])
    column, row, rank = pixels[inside, 0], pixels[inside, 1], ranks[inside]
    nearer = rank > image[row, column]
    image[row[nearer], column[nearer]] = rank[nearer]  # of the same pixel, the last, which is the nearest, stays
