"""What a bone surface is, measured: the `mesh checks` of the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
from manifold3d import Error, Manifold, Mesh64
from numpy.typing import NDArray

from engine.domain import Bone, BoneMesh


@dataclass(frozen=True, slots=True)
class MeshChecks:
    """Checks of one surface.

    watertight: every edge belongs to two triangles that run through it in opposite directions.
    outward: the signed volume is positive. genus: handles of a closed surface, None where it is not closed.
    self_intersections: None, since nothing here searches for them; surfaces made by `engine.surface` have none.
    extent_mm: size along x, y and z.
    """

    bone: Bone
    vertices: int
    faces: int
    watertight: bool
    outward: bool
    components: int
    genus: int | None
    volume_mm3: float
    area_mm2: float
    extent_mm: tuple[float, float, float]
    self_intersections: int | None = None

    @property
    def sound(self) -> bool:
        """One closed outward component."""
        return self.watertight and self.outward and self.components == 1

    def as_dict(self) -> dict[str, object]:
        """For JSON: the bone by its word."""
        return asdict(self) | {"bone": self.bone.word, "extent_mm": list(self.extent_mm)}


@dataclass(frozen=True, slots=True)
class KneeChecks:
    """Checks of all surfaces of one knee.

    overlap_mm3: what two bones share, by pair of words ("femur-tibia"); None where one of them bounds no solid.
    """

    bones: tuple[MeshChecks, ...]
    overlap_mm3: dict[str, float | None]

    def as_dict(self) -> dict[str, object]:
        """For JSON: `{"bones": {word: checks}, "overlap_mm3": {pair: mm³}}`."""
        bones = {checks.bone.word: checks.as_dict() for checks in self.bones}
        return {"bones": bones, "overlap_mm3": dict(self.overlap_mm3)}


def check_knee(meshes: Iterable[BoneMesh]) -> KneeChecks:
    """Checks of the surfaces and of every pair of them."""
    meshes = tuple(meshes)
    solids = {mesh.bone: _solid(mesh) for mesh in meshes}
    overlaps = {
        f"{first.word}-{second.word}": _overlap_mm3(solids[first], solids[second])
        for first, second in combinations(solids, 2)
    }
    return KneeChecks(tuple(check_mesh(mesh) for mesh in meshes), overlaps)


def check_mesh(mesh: BoneMesh) -> MeshChecks:
    """Checks of one surface; for an empty one all counts and measures are zero."""
    edges = _edges(mesh.faces)
    watertight, components = _is_watertight(edges), _component_count(edges)
    euler = len(np.unique(mesh.faces)) - len(edges) // 2 + len(mesh.faces)
    volume = mesh.volume_mm3
    extent = np.ptp(mesh.vertices_mm[mesh.faces.ravel()], axis=0) if len(mesh.faces) else np.zeros(3)
    return MeshChecks(
        bone=mesh.bone,
        vertices=len(mesh.vertices_mm),
        faces=len(mesh.faces),
        watertight=watertight,
        outward=volume > 0,
        components=components,
        genus=components - euler // 2 if watertight else None,
        volume_mm3=volume,
        area_mm2=float(triangle_areas(mesh.vertices_mm, mesh.faces).sum()),
        extent_mm=(float(extent[0]), float(extent[1]), float(extent[2])),
    )


def triangle_areas(vertices: NDArray[np.float64], faces: NDArray[np.integer]) -> NDArray[np.float64]:
    """Areas (M,) of triangles."""
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2


def _edges(faces: NDArray[np.integer]) -> NDArray[np.int64]:
    """Directed edges (3 M, 2)."""
    return faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64)


def _is_watertight(edges: NDArray[np.int64]) -> bool:
    """Every directed edge occurs once, and so does its reverse."""
    if not len(edges):
        return False
    base = edges.max() + 1
    there, back = (np.sort(first * base + second) for first, second in (edges.T, edges.T[::-1]))
    return bool(np.array_equal(there, back) and (np.diff(there) > 0).all())


def _component_count(edges: NDArray[np.int64]) -> int:
    """Connected parts: every vertex takes the lowest name along its edges, then that one's own, until none changes."""
    if not len(edges):
        return 0
    name = np.arange(edges.max() + 1)
    while True:
        lower = name.copy()
        np.minimum.at(lower, edges[:, 0], name[edges[:, 1]])
        np.minimum.at(lower, edges[:, 1], name[edges[:, 0]])
        lower = lower[lower]
        if np.array_equal(lower, name):
            return len(np.unique(name[edges]))
        name = lower


def _solid(mesh: BoneMesh) -> Manifold | None:
    triangles = mesh.faces.astype(np.uint64)
    made = Manifold(Mesh64(vert_properties=mesh.vertices_mm.copy(), tri_verts=triangles))
    return made if made.status() == Error.NoError else None


def _overlap_mm3(first: Manifold | None, second: Manifold | None) -> float | None:
    return None if first is None or second is None else float((first ^ second).volume())
