"""Triangles as solids (manifold3d): one component, no cavity, no overlap with its neighbours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from manifold3d import Error, Manifold, Mesh64
from numpy.typing import NDArray

from engine.domain import Bone

Triangles = tuple[NDArray[np.float64], NDArray[np.int64]]


def solid(vertices: NDArray[np.float64], faces: NDArray[np.integer]) -> Manifold:
    """The solid that closed triangles bound: vertices (N, 3), faces (M, 3), outward.

    Vertices are first rounded to float32, the precision of STL, so that a file holds the very solid that was checked.

    Raises ValueError when the triangles are not a closed oriented 2-manifold.
    """
    rounded = np.ascontiguousarray(vertices, np.float32).astype(np.float64)
    made = Manifold(Mesh64(vert_properties=rounded, tri_verts=np.ascontiguousarray(faces, np.uint64)))
    if made.status() != Error.NoError:
        raise ValueError(f"triangles do not bound a solid: {made.status().name}")
    return made


def largest(made: Manifold) -> Manifold:
    """The shell of greatest volume. A cavity is a shell of negative volume, so it goes the same way as a speck."""
    return max(made.decompose(), key=Manifold.volume, default=made)


def triangles(made: Manifold) -> Triangles:
    """Vertices (N, 3) and faces (M, 3) of a solid."""
    mesh = made.to_mesh64()
    return np.asarray(mesh.vert_properties)[:, :3], np.asarray(mesh.tri_verts).astype(np.int64)


def apart(solids: dict[Bone, Manifold]) -> dict[Bone, Manifold]:
    """The solids, the later bone of each pair that overlaps without what it shares with the earlier one."""
    result = dict(solids)
    for first, second in combinations(result, 2):
        if (result[first] ^ result[second]).volume() > 0:
            rest = largest(result[second] - result[first])
            result[second] = solid(*triangles(rest))
    return result
