"""Lagrange patches of a surface: shape functions, sample points, and triangles that meet without gaps.

A patch is a triangle or a quad with evenly spaced nodes, stored row by row (u fastest). Source of the elements:
Zienkiewicz and Taylor, The Finite Element Method, vol. 1, 5th ed., 8.5 (quads) and 8.9 (triangles).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Element:
    """A kind of patch: polynomial orders along u and v; a triangle has one order and u + v <= 1."""

    triangle: bool
    order_u: int
    order_v: int

    def lattice(self, n_u: int, n_v: int) -> NDArray[np.int64]:
        """Integer (u, v) positions (p, 2) of an n_u by n_v subdivision, row by row."""
        return np.array([(i, j) for j in range(n_v + 1) for i in range(n_u + 1 - (j if self.triangle else 0))])

    def shape(self, uv: Floats) -> Floats:
        """Weights (q, p) of the p nodes at q points uv (q, 2) in [0, 1]."""
        powers, monomials_of_nodes = _nodal_basis(self)
        return _monomials(uv, powers) @ monomials_of_nodes

    def sides(self, n_u: int, n_v: int) -> list[NDArray[np.int64]]:
        """Indices into `lattice(n_u, n_v)` along every side of the patch."""
        i, j = self.lattice(n_u, n_v).T
        quad = (j == 0, j == n_v, i == 0, i == n_u)
        return [np.flatnonzero(on) for on in ((j == 0, i == 0, i + j == n_u) if self.triangle else quad)]

    def cells(self, n: int) -> NDArray[np.int64]:
        """Triangles (m, 3) between the points of `lattice(n, n)`, all turning from u to v."""
        at = {tuple(ij): k for k, ij in enumerate(self.lattice(n, n).tolist())}
        low = [(at[i, j], at[i + 1, j], at[i, j + 1]) for i, j in at if (i + 1, j) in at and (i, j + 1) in at]
        high = [(at[i, j], at[i, j + 1], at[i - 1, j + 1]) for i, j in at if (i, j + 1) in at and (i - 1, j + 1) in at]
        return np.array(low + high)

    @property
    def corners(self) -> Corners:
        """Corner positions; for a quad in the order of a lattice."""
        return ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)) + (() if self.triangle else ((1.0, 1.0),))


ELEMENTS = {
    "tri10": Element(True, 3, 3),
    "tri15": Element(True, 4, 4),
    "quad44": Element(False, 3, 3),
    "quad54": Element(False, 4, 3),
    "quad55": Element(False, 4, 4),
}
"""Kinds by the name that a `.mesh` file gives them."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """One element of a surface and the numbers (p,) of its nodes in the surface's node list."""

    element: Element
    nodes: NDArray[np.int64]


def triangulated(patches: Sequence[Patch], node_count: int, n: int) -> tuple[Floats, NDArray[np.int32]]:
    """Weights (vertices, nodes) and faces (m, 3) of a surface whose patches are cut n by n.

    Vertices on a side are recognised by the nodes of that side, never by distance, so neighbours share them exactly.
    """
    number: dict[tuple[object, ...], int] = {}
    rows: list[Floats] = []
    faces: list[NDArray[np.int64]] = []
    for index, patch in enumerate(patches):
        weights = _spread(patch, patch.element.lattice(n, n) / n, node_count)
        keys = _vertex_keys(index, patch, n)
        for key, row in zip(keys, weights, strict=True):
            if number.setdefault(key, len(rows)) == len(rows):
                rows.append(row)
        faces.append(np.array([number[key] for key in keys])[patch.element.cells(n)])
    return np.array(rows), np.concatenate(faces).astype(np.int32)


def sampled(patches: Sequence[Patch], nodes_mm: Floats, spacing_mm: float) -> Floats:
    """Weights (points, nodes) of points on the patches, halving every piece until its sides are within spacing_mm.

    nodes_mm: (nodes, 3), the surface whose lengths decide. Points on a side shared by two patches appear twice.
    """
    points = []
    for patch in patches:
        local = nodes_mm[patch.nodes]
        uv = sorted({corner for piece in _pieces(patch.element, local, spacing_mm) for corner in piece})
        points.append(_spread(patch, np.array(uv), len(nodes_mm)))
    return np.concatenate(points)


@cache
def _nodal_basis(element: Element) -> tuple[NDArray[np.int64], Floats]:
    """Exponents (p, 2) of the element's monomials, and the matrix (p, p) that turns monomials into shape functions."""
    orders = element.order_u, element.order_v
    powers = element.lattice(*orders)
    return powers, np.asarray(np.linalg.inv(_monomials(powers / np.array(orders), powers)), dtype=np.float64)


def _monomials(uv: Floats, powers: NDArray[np.int64]) -> Floats:
    return np.stack([uv[:, 0] ** a * uv[:, 1] ** b for a, b in powers], axis=1)


def _spread(patch: Patch, uv: Floats, node_count: int) -> Floats:
    weights = np.zeros((len(uv), node_count))
    weights[:, patch.nodes] = patch.element.shape(uv)
    return weights


def _vertex_keys(index: int, patch: Patch, n: int) -> list[tuple[object, ...]]:
    element = patch.element
    keys: list[tuple[object, ...]] = [(index, "inside", k) for k in range(len(element.lattice(n, n)))]
    for node_side, side in zip(element.sides(element.order_u, element.order_v), element.sides(n, n), strict=True):
        nodes = patch.nodes[node_side].tolist()
        if nodes[0] > nodes[-1]:
            nodes, side = nodes[::-1], side[::-1]
        for step, vertex in enumerate(side.tolist()):
            keys[vertex] = {0: ("node", nodes[0]), n: ("node", nodes[-1])}.get(step, ("side", *nodes, step))
    return keys


def _pieces(element: Element, nodes_mm: Floats, spacing_mm: float) -> Iterator[Corners]:
    waiting = [element.corners]
    while waiting:
        piece = waiting.pop()
        corners_mm = element.shape(np.array(piece)) @ nodes_mm
        smaller = (_cut_triangle if element.triangle else _cut_quad)(piece, corners_mm, spacing_mm)
        waiting.extend(smaller)
        if not smaller:
            yield piece


def _middle(*corners: tuple[float, float]) -> tuple[float, float]:
    return sum(c[0] for c in corners) / len(corners), sum(c[1] for c in corners) / len(corners)


def _cut_triangle(piece: Corners, corners_mm: Floats, spacing_mm: float) -> list[Corners]:
    a, b, c = piece
    if (np.linalg.norm(corners_mm - np.roll(corners_mm, 1, axis=0), axis=1) <= spacing_mm).all():
        return []
    ab, bc, ca = _middle(a, b), _middle(b, c), _middle(c, a)
    return [(a, ab, ca), (bc, ca, ab), (ab, b, bc), (ca, bc, c)]


def _cut_quad(piece: Corners, corners_mm: Floats, spacing_mm: float) -> list[Corners]:
    a, b, c, d = piece
    along_u, along_v = (
        [float(np.linalg.norm(corners_mm[p] - corners_mm[q])) > spacing_mm for p, q in pairs]
        for pairs in (((0, 1), (2, 3)), ((0, 2), (1, 3)))
    )
    cut_u, cut_v = all(along_u), all(along_v)
    if sum(along_u + along_v) > 2:
        middle = _middle(a, b, c, d)
        ab, cd, ac, bd = _middle(a, b), _middle(c, d), _middle(a, c), _middle(b, d)
        return [(a, ab, ac, middle), (ab, b, middle, bd), (ac, middle, c, cd), (middle, bd, cd, d)]
    if cut_u:
        return [(a, _middle(a, b), c, _middle(c, d)), (_middle(a, b), b, _middle(c, d), d)]
    return [(a, b, _middle(a, c), _middle(b, d)), (_middle(a, c), _middle(b, d), c, d)] if cut_v else []
