"""Whether what lies in a file is what is on the screen: bone by bone, corner by corner, and on the right side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, BoneMesh, MachineFailure, Side

# A float32 has 24 binary digits: rounding moves a coordinate by at most this share of it (IEEE 754).
_FLOAT32_STEP = 2.0**-23

# Three unit vectors whose determinant is smaller than this lie too flat to tell a side.
_FLAT = 0.05


@dataclass(frozen=True, slots=True)
class BoneCheck:
    """One bone as it was read back from its file.

    vertices: different points.   deviation_mm: largest distance of a corner from where the screen has it.
    volume_mm3: signed, of the file.   centre_mm: of volume, LPS, of the file.
    """

    bone: Bone
    vertices: int
    faces: int
    deviation_mm: float
    volume_mm3: float
    centre_mm: tuple[float, float, float]


def compare(shown: Sequence[BoneMesh], read: Sequence[BoneMesh], file_name: str) -> tuple[BoneCheck, ...]:
    """Checks of every bone of a file against the meshes on the screen.

    Raises MachineFailure naming the file and the first thing that differs: nothing but the rounding to float32 may.
    """
    if [(mesh.bone, mesh.side) for mesh in shown] != [(mesh.bone, mesh.side) for mesh in read]:
        raise _differs(file_name, "other bones or another side")
    checks = tuple(_check(*pair, file_name) for pair in zip(shown, read, strict=True))
    if side_of(shown) is not side_of(read):
        raise _differs(file_name, "a mirrored knee")
    return checks


def side_of(meshes: Sequence[BoneMesh]) -> Side | None:
    """The side that the bones themselves tell, whatever they are called; None without all four, or where they lie flat.

    The sign of det(lateral, anterior, up) in LPS: lateral from tibia to fibula, anterior from femur to patella, up from
    tibia to femur, between centres of volume. Moving and turning the knee leaves it alone, a mirror turns it round.
    """
    at = {mesh.bone: centre_mm(mesh) for mesh in meshes}
    if len(at) < len(Bone):
        return None
    axes = np.stack(
        [at[Bone.FIBULA] - at[Bone.TIBIA], at[Bone.PATELLA] - at[Bone.FEMUR], at[Bone.FEMUR] - at[Bone.TIBIA]]
    )
    lengths = np.linalg.norm(axes, axis=1, keepdims=True)
    turn = float(np.linalg.det(axes / np.where(lengths > 0, lengths, 1)))
    return None if abs(turn) < _FLAT else Side.RIGHT if turn > 0 else Side.LEFT


def centre_mm(mesh: BoneMesh) -> NDArray[np.float64]:
    """Centre of the enclosed volume (3,), LPS mm (divergence theorem)."""
    a, b, c = (mesh.vertices_mm[mesh.faces[:, n]] for n in range(3))
    volumes = np.einsum("ij,ij->i", a, np.cross(b, c))
    return ((a + b + c) * volumes[:, None]).sum(axis=0) / (4 * volumes.sum())


def landmarks_mm(checks: Sequence[BoneCheck]) -> Mapping[str, tuple[float, float, float]]:
    """Points by which a reader can tell side and scale, LPS mm."""
    return {f"centre of volume of the {check.bone.word}": check.centre_mm for check in checks}


def _check(shown: BoneMesh, read: BoneMesh, file_name: str) -> BoneCheck:
    bone = shown.bone.word
    if len(shown.faces) != len(read.faces) or _points(shown) != _points(read):
        raise _differs(file_name, f"another number of points or triangles in the {bone}")
    corners = shown.vertices_mm[shown.faces], read.vertices_mm[read.faces]
    deviation = float(np.abs(corners[0] - corners[1]).max(initial=0))
    if deviation > np.abs(shown.vertices_mm).max() * _FLOAT32_STEP:
        raise _differs(file_name, f"the {bone} up to {deviation:.2g} mm away")
    if read.volume_mm3 <= 0:
        raise _differs(file_name, f"the {bone} inside out")
    x, y, z = centre_mm(read).tolist()
    return BoneCheck(read.bone, _points(read), len(read.faces), deviation, read.volume_mm3, (x, y, z))


def _points(mesh: BoneMesh) -> int:
    """Number of different points that the faces use, as a float32 tells them apart."""
    used = mesh.vertices_mm[np.unique(mesh.faces)].astype(np.float32) + np.float32(0)
    ranked = used[np.lexsort(used.T)]
    return int((ranked[1:] != ranked[:-1]).any(axis=1).sum()) + min(len(ranked), 1)


def _differs(file_name: str, what: str) -> MachineFailure:
    return MachineFailure(
        f"{file_name} was read back and holds {what}, unlike the screen; nothing was exported, try again or elsewhere"
    )
