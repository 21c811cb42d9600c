"""What the 3-D view shows, as plain frozen values: no renderer is known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import Bone, BoneMesh


class VolumeLook(Enum):
    """How the CT itself is drawn."""

    OFF = "off"
    BONE = "bone"
    SOFT_TISSUE = "soft tissue"


@dataclass(frozen=True, slots=True)
class BoneLook:
    """How a bone is drawn. opacity: 0 to 1. colour: #RRGGBB."""

    colour: str
    visible: bool = True
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Clip:
    """A plane across an LPS axis; what lies on one side is not drawn. share: of the way through the field, 0 to 1."""

    axis: int | None = None
    share: float = 0.5
    flipped: bool = False


def _usual_looks() -> Mapping[Bone, BoneLook]:
    return MappingProxyType({bone: BoneLook(colour) for bone, colour in BONE_COLOURS.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything the 3-D view draws but the viewpoint. labels: the bones' names beside them."""

    bones: Mapping[Bone, BoneLook] = field(default_factory=_usual_looks)
    volume: VolumeLook = VolumeLook.OFF
    clip: Clip = field(default_factory=Clip)
    labels: bool = True

    def with_bone(self, bone: Bone, look: BoneLook) -> Scene:
        """One bone drawn otherwise."""
        return replace(self, bones=MappingProxyType({**self.bones, bone: look}))

    @property
    def visible(self) -> frozenset[Bone]:
        """Bones that are drawn."""
        return frozenset(bone for bone, look in self.bones.items() if look.visible and look.opacity > 0)


def nearest_hit(
    meshes: tuple[BoneMesh, ...], eye_mm: NDArray[np.float64], ray: NDArray[np.float64]
) -> tuple[Bone, NDArray[np.float64]] | None:
    """The bone and the point (3,) LPS mm that a ray from the eye meets first; None where it misses all.

    Moeller and Trumbore, Journal of Graphics Tools 1997, over all triangles at once.
    """
    best: tuple[float, Bone] | None = None
    for mesh in meshes:
        along = _first_crossing(mesh, eye_mm, ray)
        if along is not None and (best is None or along < best[0]):
            best = along, mesh.bone
    return None if best is None else (best[1], eye_mm + best[0] * ray)


def _first_crossing(mesh: BoneMesh, eye_mm: NDArray[np.float64], ray: NDArray[np.float64]) -> float | None:
    a, b, c = (mesh.vertices_mm[mesh.faces[:, n]] for n in range(3))
    side, other, away = b - a, c - a, eye_mm - a
    across = np.cross(ray, other)
    size = np.einsum("ij,ij->i", side, across)
    safe = np.where(np.abs(size) < 1e-12, np.inf, size)
    u = np.einsum("ij,ij->i", away, across) / safe
    turned = np.cross(away, side)
    v = turned @ ray / safe
    along = np.einsum("ij,ij->i", other, turned) / safe
    met = (u >= 0) & (v >= 0) & (u + v <= 1) & (along > 0) & np.isfinite(safe)
    return float(along[met].min()) if met.any() else None
