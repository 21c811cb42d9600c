"""Which voxel centres a closed surface holds: winding numbers along the grid's third axis, without a tolerance."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Points stand beside the voxel centres by these shares of a voxel, so that none meets a face, an edge or a corner that
# lies on the grid, as those of phantoms and of files written to few digits do.
_BESIDE = np.array([3.1e-7, 1.7e-7, 2.3e-7])
_CANDIDATES = 4_000_000


def voxelise(
    vertices_mm: NDArray[np.float64], faces: NDArray[np.integer], lps_from_ijk: ArrayLike, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """(I, J, K) True where the voxel's centre lies inside the closed surface (winding number other than zero).

    vertices_mm: (N, 3) LPS; faces: (M, 3). lps_from_ijk: (4, 4), voxel index to LPS millimetres. What lies outside
    the grid is cut.
    """
    inside = np.zeros(shape, bool)
    ijk_from_lps = np.linalg.inv(np.asarray(lps_from_ijk, np.float64))
    vertices = vertices_mm @ ijk_from_lps[:3, :3].T + ijk_from_lps[:3, 3]
    box = _box(vertices[faces.ravel()], shape)
    corners = (vertices - [part.start for part in box])[faces]
    corners -= _BESIDE
    part = inside[box]
    part[:] = _inside(corners, part.shape)
    return inside


def _box(vertices: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Voxels of the grid that the vertices' box may hold; empty where it lies outside or there is none."""
    if not len(vertices):
        return (slice(0, 0),) * 3
    low = np.clip(np.floor(vertices.min(axis=0)).astype(int), 0, shape)
    high = np.clip(np.ceil(vertices.max(axis=0)).astype(int) + 1, low, shape)
    return tuple(slice(int(first), int(end)) for first, end in zip(low, high, strict=True))


def _inside(corners: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    winding = np.zeros((shape[0], shape[1], shape[2] + 1), np.int8)
    for part in _parts(corners, shape):
        _add_crossings(winding, part)
    return np.cumsum(winding, axis=2, dtype=np.int8)[:, :, :-1] != 0


def _parts(corners: NDArray[np.float64], shape: tuple[int, ...]) -> list[NDArray[np.float64]]:
    """The triangles (M, 3, 3) in parts that each meet a bounded number of rays."""
    _, count = _rays(corners, shape)
    total = np.cumsum(count.prod(axis=1))
    cuts = np.searchsorted(total, np.arange(_CANDIDATES, total[-1] if len(total) else 0, _CANDIDATES))
    return [part for part in np.split(corners, cuts) if len(part)]


def _rays(corners: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First ray (M, 2) and number of rays (M, 2) of the box around each triangle, inside the grid."""
    flat = corners[:, :, :2]
    limit = np.array(shape[:2]) - 1
    first = np.maximum(np.ceil(flat.min(axis=1)), 0).astype(np.int64)
    last = np.minimum(np.floor(flat.max(axis=1)), limit).astype(np.int64)
    return first, np.maximum(last - first + 1, 0)


def _add_crossings(winding: NDArray[np.int8], corners: NDArray[np.float64]) -> None:
    """Adds the side (+1 or -1) that a triangle turns to the ray to the first centre above it.

    The sum along k is then the winding number, up to a sign that is the same everywhere.
    """
    first, count = _rays(corners, winding.shape)
    per_triangle = count.prod(axis=1)
    triangle = np.repeat(np.arange(len(corners)), per_triangle)
    within = np.arange(len(triangle)) - np.repeat(np.cumsum(per_triangle) - per_triangle, per_triangle)
    i = first[triangle, 0] + within // count[triangle, 1]
    j = first[triangle, 1] + within % count[triangle, 1]
    hit, weights, sign = _barycentric(corners[triangle, :, :2], np.stack([i, j], axis=1).astype(np.float64))
    height = (weights[hit] * corners[triangle[hit], :, 2]).sum(axis=1)
    k = np.clip(np.ceil(height), 0, winding.shape[2] - 1).astype(np.int64)
    np.add.at(winding, (i[hit], j[hit], k), sign[hit])


def _barycentric(
    corners: NDArray[np.float64], points: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.int8]]:
    """Whether points (N, 2) lie in triangles (N, 3, 2), their barycentric weights (N, 3), the triangles' signs (N,)."""
    a, b, c = (corners[:, n] - points for n in range(3))
    areas = np.stack([_cross(b, c), _cross(c, a), _cross(a, b)], axis=1)
    hit = np.logical_and.reduce(areas > 0, axis=1) | np.logical_and.reduce(areas < 0, axis=1)
    total = areas.sum(axis=1)
    weights = areas / np.where(total == 0, 1, total)[:, None]
    return np.asarray(hit), weights, np.sign(total).astype(np.int8)


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
