"""Knees drawn from the LLP26 shape model, posed as real ones are: `ShapeModel, rng → Knee`.

A knee is drawn once as four closed surfaces in the right-knee model frame. Poses and sizes follow what was measured
on real knees (see docs/experiments.md): centres are boxes' mid-points, because these are the same for vertices and
voxels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.domain import Bone

Vertices = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A closed surface. vertices_mm: (N, 3); faces: (M, 3), counter-clockwise from outside."""

    vertices_mm: Vertices
    faces: NDArray[np.int64]

    def moved(self, rotation: Rotation, about: NDArray, shift: NDArray | float = 0.0) -> Surface:
        """Rotated about a point (3,), then shifted."""
        return replace(self, vertices_mm=rotation.apply(self.vertices_mm - about) + about + shift)

    def shifted(self, shift: NDArray) -> Surface:
        """Translated by (3,) millimetres."""
        return replace(self, vertices_mm=self.vertices_mm + shift)


@dataclass(frozen=True, slots=True)
class Pose:
    """How the bones of one knee stand to each other and to the room. Angles in degrees, lengths in millimetres."""

    limb_tilt: tuple[float, float, float]
    femur_coronal: float
    femur_sagittal: float
    tibia_coronal: float
    tibia_sagittal: float
    tibia_rotation: float
    flexion: float
    tibia_offset: tuple[float, float]
    joint_gap: float
    patella_offset: tuple[float, float]
    patella_gap: float
    patella_tilt: tuple[float, float, float]
    fibula_shift: tuple[float, float, float]
    fibula_tilt: tuple[float, float, float]
    centre: tuple[float, float, float]


def draw_pose(rng: np.random.Generator) -> Pose:
    """A pose around those of real knees: film angles of ±10°, flexion 0-25°, varus and valgus."""

    def normal(mean: float, deviation: float) -> float:
        return float(mean + deviation * np.clip(rng.standard_normal(), -2.5, 2.5))

    flexion = rng.uniform(0, 25) if rng.random() < 0.4 else abs(normal(0, 4))
    return Pose(
        limb_tilt=(normal(0, 3.0), normal(0, 4.5), normal(0, 4.0)),
        femur_coronal=normal(-8, 3.0),
        femur_sagittal=normal(-7.5, 3.0),
        tibia_coronal=normal(-3.5, 3.0),
        tibia_sagittal=normal(-1.0, 3.0),
        tibia_rotation=normal(-24, 6),
        flexion=float(flexion),
        tibia_offset=(normal(-2.0, 3.5), normal(9.0, 2.5)),
        joint_gap=normal(1.2, 1.2),
        patella_offset=(normal(-10.5, 4.5), normal(11.0, 5.5)),
        patella_gap=max(0.5, normal(2.4, 1.4)),
        patella_tilt=(normal(0, 4.5), normal(0, 4.5), normal(0, 4.5)),
        fibula_shift=(normal(4.2, 2.5), normal(4.5, 2.5), normal(0, 3.0)),
        fibula_tilt=(normal(0, 2.5), normal(0, 2.5), normal(0, 8)),
        centre=(normal(1.0, 4.5), normal(-4.2, 5.0), normal(9.2, 6.0)),
    )


def draw_shape(
    mean: Mapping[Bone, Surface], modes: Mapping[Bone, NDArray], rng: np.random.Generator
) -> dict[Bone, Surface]:
    """Bones of one person in the atlas pose (right leg): modes beyond ±2 SD, size, smooth warps, relief, osteophytes.

    mean: surfaces of the right leg; modes: (modes, N, 3) by bone, millimetres for one standard deviation.
    """
    count = next(iter(modes.values())).shape[0]
    coefficients = np.clip(1.25 * rng.standard_normal(count), -3.2, 3.2)
    scale = (1 + 0.05 * rng.standard_normal()) * (1 + 0.025 * rng.standard_normal(3))
    shape = {}
    for bone, surface in mean.items():
        vertices = (surface.vertices_mm + np.tensordot(coefficients, modes[bone], 1)) * scale
        shape[bone] = Surface(vertices, surface.faces)
    return {bone: warp(bone, surface, rng) for bone, surface in shape.items()}


def warp(bone: Bone, surface: Surface, rng: np.random.Generator) -> Surface:
    """Smooth random displacement at three scales (form, relief) and, sometimes, bony outgrowths."""
    vertices = surface.vertices_mm
    small = bone in (Bone.PATELLA, Bone.FIBULA)
    near = near_joint(bone, vertices)
    strength = rng.uniform(0.5, 1.5)
    for length, amplitude, count in ((35.0, 1.6, 14), (16.0, 0.9, 40), (8.0, 0.45, 110)):
        centres = vertices[rng.choice(near, count)]
        push = rng.standard_normal((count, 3)) * amplitude * strength * (0.7 if small else 1.0)
        vertices = vertices + _bumps(vertices, centres, push, length)
    if rng.random() < 0.35:
        centres = vertices[rng.choice(near, 5)]
        outward = centres - vertices[near].mean(0)
        outward /= np.linalg.norm(outward, axis=1, keepdims=True)
        vertices = vertices + _bumps(vertices, centres, outward * rng.uniform(0.5, 3.5, (5, 1)), 4.5)
    return Surface(vertices, surface.faces)


def near_joint(bone: Bone, vertices: Vertices) -> NDArray[np.int64]:
    """Indices of the vertices within about 110 mm of the joint line, where a film shows the bone."""
    height = vertices[:, 2] - vertices[:, 2].min()
    if bone is Bone.PATELLA:
        return np.arange(len(vertices))
    return np.flatnonzero(height < 110 if bone is Bone.FEMUR else height > height.max() - 110)


def _bumps(vertices: Vertices, centres: Vertices, push: Vertices, length: float) -> Vertices:
    """Displacement (N, 3): Gaussian bumps of width `length` at centres (C, 3) with vectors (C, 3)."""
    squared = ((vertices[:, None] - centres[None]) ** 2).sum(-1)
    return np.exp(-0.5 * squared / length**2) @ push


def subdivided(surface: Surface, modes: NDArray) -> tuple[Surface, NDArray]:
    """Every triangle split in four at the middles of its edges, and the modes (26, N, 3) with it."""
    faces, count = surface.faces, len(surface.vertices_mm)
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    unique, where = np.unique(edges, axis=0, return_inverse=True)
    ab, bc, ca = (where.ravel() + count).reshape(3, -1)
    a, b, c = faces.T
    split = np.concatenate([np.stack(f, 1) for f in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    vertices = np.concatenate([surface.vertices_mm, surface.vertices_mm[unique].mean(axis=1)])
    return Surface(vertices, split), np.concatenate([modes, modes[:, unique].mean(axis=2)], axis=1)


def pose_knee(shape: Mapping[Bone, Surface], pose: Pose) -> dict[Bone, Surface]:
    """The bones of one person in one pose, in the right-knee model frame (isocentre at the origin)."""
    femur = _aligned_femur(shape[Bone.FEMUR], pose)
    knee_centre = box_middle(_slab(femur.vertices_mm, 35, low=True))
    tibia, fibula = _aligned_tibia(shape[Bone.TIBIA], shape[Bone.FIBULA], pose)
    plateau = box_middle(_slab(tibia.vertices_mm, 25, low=False))
    offset = np.array([*pose.tibia_offset, 0.0]) + knee_centre - plateau
    offset[2] = 0
    offset[2] = _rise_to_gap(femur.vertices_mm, tibia.vertices_mm + offset, pose.joint_gap)
    tibia, fibula = tibia.shifted(offset), fibula.shifted(offset)
    patella = _placed_patella(shape[Bone.PATELLA], femur, knee_centre, pose)
    knee = {Bone.FEMUR: femur, Bone.TIBIA: tibia, Bone.PATELLA: patella, Bone.FIBULA: fibula}
    tilt = Rotation.from_euler("xyz", pose.limb_tilt, degrees=True)
    to_centre = np.array(pose.centre) - knee_centre
    return {bone: surface.moved(tilt, knee_centre, to_centre) for bone, surface in knee.items()}


def _aligned_femur(femur: Surface, pose: Pose) -> Surface:
    """Posterior condyles along x (10° in the atlas), shaft at the pose's coronal and sagittal angle."""
    femur = femur.moved(Rotation.from_euler("z", -10, degrees=True), np.zeros(3))
    return _tilted(femur, 53, 83, pose.femur_coronal, pose.femur_sagittal, low=True)


def _aligned_tibia(tibia: Surface, fibula: Surface, pose: Pose) -> tuple[Surface, Surface]:
    """Tibia with its fibula: axial rotation, shaft angles, flexion about x; the fibula moved a little on its own."""
    turn = Rotation.from_euler("z", pose.tibia_rotation, degrees=True)
    head = _slab(fibula.vertices_mm, 20, low=False).mean(0)
    own = Rotation.from_euler("xyz", pose.fibula_tilt, degrees=True)
    fibula = fibula.moved(own, head, np.array(pose.fibula_shift)).moved(turn, np.zeros(3))
    tibia = tibia.moved(turn, np.zeros(3))
    tilt = _tilt(tibia, 52, 76, pose.tibia_coronal, pose.tibia_sagittal - pose.flexion, low=False)
    top = tibia.vertices_mm[tibia.vertices_mm[:, 2].argmax()]
    return tibia.moved(tilt, top), fibula.moved(tilt, top)


def _placed_patella(patella: Surface, femur: Surface, knee_centre: NDArray, pose: Pose) -> Surface:
    """Patella in front of the femur at its gap; flexion carries it down."""
    turn = Rotation.from_euler("z", -10, degrees=True)
    pitch = Rotation.from_euler("x", -0.6 * pose.flexion, degrees=True)
    tilt = Rotation.from_euler("xyz", pose.patella_tilt, degrees=True)
    middle = box_middle(patella.vertices_mm)
    patella = patella.moved(tilt * pitch * turn, middle)
    down = 0.35 * pose.flexion
    target = knee_centre + np.array([pose.patella_offset[0], -80.0, pose.patella_offset[1] - down])
    patella = patella.shifted(target - box_middle(patella.vertices_mm))
    room = _clearance(
        _cells(femur.vertices_mm, (0, 2), 1, np.minimum), _cells(patella.vertices_mm, (0, 2), 1, np.maximum)
    )
    return patella.shifted(np.array([0.0, room - pose.patella_gap, 0.0]))


def _rise_to_gap(femur: Vertices, tibia: Vertices, gap: float) -> float:
    """How far to move the tibia up so that the smallest vertical distance between the bones is `gap`."""
    near = femur[femur[:, 2] < femur[:, 2].min() + 60]
    far = tibia[tibia[:, 2] > tibia[:, 2].max() - 40]
    return _clearance(_cells(near, (0, 1), 2, np.minimum), _cells(far, (0, 1), 2, np.maximum)) - gap


def _cells(vertices: Vertices, plane: tuple[int, int], axis: int, reduce: np.ufunc) -> dict[tuple[int, int], float]:
    """Extreme coordinate along `axis` in each 3 mm cell of a plane."""
    cells: dict[tuple[int, int], float] = {}
    for (u, v), value in zip(
        np.floor(vertices[:, plane] / 3).astype(int).tolist(), vertices[:, axis].tolist(), strict=True
    ):
        key = (u, v)
        cells[key] = float(reduce(cells[key], value)) if key in cells else value
    return cells


def _clearance(above: dict[tuple[int, int], float], below: dict[tuple[int, int], float]) -> float:
    """Smallest `above - below` over the cells both have (30 mm where they share none)."""
    shared = [above[key] - below[key] for key in above.keys() & below.keys()]
    return min(shared, default=30.0)


def box_middle(vertices: Vertices) -> NDArray[np.float64]:
    """Middle (3,) of the axis-aligned box around points (N, 3)."""
    return (vertices.min(0) + vertices.max(0)) / 2


def _slab(vertices: Vertices, thickness: float, low: bool) -> Vertices:
    z = vertices[:, 2]
    return vertices[z < z.min() + thickness] if low else vertices[z > z.max() - thickness]


def _tilted(bone: Surface, near: float, far: float, coronal: float, sagittal: float, low: bool) -> Surface:
    end = bone.vertices_mm[bone.vertices_mm[:, 2].argmin() if low else bone.vertices_mm[:, 2].argmax()]
    return bone.moved(_tilt(bone, near, far, coronal, sagittal, low), end)


def _tilt(bone: Surface, near: float, far: float, coronal: float, sagittal: float, low: bool) -> Rotation:
    """The rotation that brings the shaft, between two sections, to the wanted angles against z."""
    z = bone.vertices_mm[:, 2]
    end, sign = (z.min(), 1) if low else (z.max(), -1)
    sections = [bone.vertices_mm[np.abs(z - end - sign * d) < 9].mean(0) for d in (near, far)]
    axis = (sections[1] - sections[0]) * sign
    wanted = np.array([np.tan(np.radians(coronal)), np.tan(np.radians(sagittal)), 1.0])
    return _shortest(axis / np.linalg.norm(axis), wanted / np.linalg.norm(wanted))


def _shortest(start: NDArray, end: NDArray) -> Rotation:
    """The smallest rotation that takes one unit vector to another."""
    normal = np.cross(start, end)
    sine = np.linalg.norm(normal)
    if sine < 1e-9:
        return Rotation.identity()
    return Rotation.from_rotvec(normal / sine * np.arctan2(sine, start @ end))
