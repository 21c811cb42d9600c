"""Distances between two surfaces in millimetres: ASSD, HD95 and NSD.

Surfaces are sampled evenly by area, one point a square millimetre, and every point's distance is to the triangles of
the other surface, not to its points. Definitions: Nikolov et al., J Med Internet Res 2021 (NSD); Heimann et al., IEEE
TMI 2009 (ASSD).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from engine.quality.checks import triangle_areas

SAMPLES_PER_MM2 = 1.0
_NEIGHBOURS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Triangles as distances are measured to them: vertices_mm (N, 3), faces (M, 3)."""

    vertices_mm: NDArray[np.float64]
    faces: NDArray[np.integer]

    def moved(self, transform: NDArray[np.float64]) -> Surface:
        """The surface after a (4, 4) transform."""
        return Surface(moved_points(transform, self.vertices_mm), self.faces)


@dataclass(frozen=True, slots=True)
class SurfaceScores:
    """Agreement of two surfaces. assd_mm and hd95_mm in mm; nsd_1mm and nsd_2mm are shares in [0, 1]."""

    assd_mm: float
    hd95_mm: float
    nsd_1mm: float
    nsd_2mm: float

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class SampledSurface:
    """Points (N, 3) spread evenly over a surface, and a way to find the surface's nearest point.

    tree holds the points and the middles of all triangles; owner is the triangle of each of these.
    """

    surface: Surface
    points_mm: NDArray[np.float64]
    tree: KDTree
    owner: NDArray[np.int64]

    def nearest(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Nearest points (N, 3) of the surface to points (N, 3): on the triangles of the six nearest entries."""
        count = min(_NEIGHBOURS, len(self.owner))
        _, entry = self.tree.query(points_mm, k=count)
        tried = self.owner[entry.reshape(len(points_mm), count)]
        corners = self.surface.vertices_mm[self.surface.faces[tried]]
        candidates = closest_on_triangles(corners, points_mm[:, None])
        best = np.linalg.norm(candidates - points_mm[:, None], axis=2).argmin(axis=1)
        return candidates[np.arange(len(points_mm)), best]

    def distances(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distances (N,) of points (N, 3) to the surface."""
        return np.linalg.norm(self.nearest(points_mm) - points_mm, axis=1)


def sampled(surface: Surface, per_mm2: float = SAMPLES_PER_MM2) -> SampledSurface:
    """The surface with evenly spread points: the same points for the same surface, always."""
    areas = triangle_areas(surface.vertices_mm, surface.faces)
    count = max(int(areas.sum() * per_mm2), 100)
    at = np.cumsum(areas)
    triangle = np.minimum(np.searchsorted(at, (np.arange(count) + 0.5) * at[-1] / count), len(areas) - 1)
    corners = surface.vertices_mm[surface.faces]
    points = (_even_weights(count)[:, :, None] * corners[triangle]).sum(axis=1)
    tree = KDTree(np.concatenate([points, corners.mean(axis=1)]))
    return SampledSurface(surface, points, tree, np.concatenate([triangle, np.arange(len(areas))]))


def _even_weights(count: int) -> NDArray[np.float64]:
    """Barycentric weights (N, 3), spread evenly over a triangle."""
    u, v = np.random.default_rng(0).random((2, count))
    over = u + v > 1
    u[over], v[over] = 1 - u[over], 1 - v[over]
    return np.stack([1 - u - v, u, v], axis=1)


Region = Callable[[NDArray[np.float64]], NDArray[np.bool_]]


def compare(predicted: SampledSurface, truth: SampledSurface, region: Region) -> SurfaceScores | None:
    """Scores of two surfaces from the samples of both that lie in the region.

    region: from points (N, 3) in mm to booleans (N,). None where a surface has no sample in the region.
    """
    to_truth = truth.distances(predicted.points_mm[region(predicted.points_mm)])
    to_predicted = predicted.distances(truth.points_mm[region(truth.points_mm)])
    if not len(to_truth) or not len(to_predicted):
        return None
    both = np.concatenate([to_truth, to_predicted])
    return SurfaceScores(
        assd_mm=float(both.mean()),
        hd95_mm=float(max(np.percentile(to_truth, 95), np.percentile(to_predicted, 95))),
        nsd_1mm=float((both <= 1).mean()),
        nsd_2mm=float((both <= 2).mean()),
    )


def inverse(transform: NDArray[np.float64]) -> NDArray[np.float64]:
    """The (4, 4) transform the other way."""
    return np.asarray(np.linalg.inv(transform), np.float64)


def moved_points(transform: NDArray[np.float64], points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (N, 3) after a (4, 4) transform."""
    return points_mm @ transform[:3, :3].T + transform[:3, 3]


def closest_on_triangles(corners: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Closest points (..., 3) of triangles (..., 3, 3) to points (..., 3).

    The foot on the plane where that lies inside, else the nearest of the closest points of the three edges.
    """
    a, b, c = corners[..., 0, :], corners[..., 1, :], corners[..., 2, :]
    normal = np.cross(b - a, c - a)
    size = np.maximum(_dot(normal, normal), 1e-30)
    foot = points - (_dot(points - a, normal) / size)[..., None] * normal
    inside = np.ones(foot.shape[:-1], bool)
    edges = [(a, b), (b, c), (c, a)]
    for start, end in edges:
        inside &= _dot(np.cross(end - start, foot - start), normal) >= 0
    on_edges = np.stack([_closest_on_segments(start, end, points) for start, end in edges], axis=-2)
    best = np.linalg.norm(on_edges - points[..., None, :], axis=-1).argmin(axis=-1)
    on_edge = np.take_along_axis(on_edges, best[..., None, None], axis=-2)[..., 0, :]
    return np.where(inside[..., None], foot, on_edge)


def _closest_on_segments(
    start: NDArray[np.float64], end: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    along = end - start
    share = _dot(points - start, along) / np.maximum(_dot(along, along), 1e-30)
    return start + np.clip(share, 0, 1)[..., None] * along


def _dot(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.einsum("...i,...i->...", a, b)
