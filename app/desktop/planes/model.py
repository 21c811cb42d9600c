"""What the three planes and the 3-D view share: one crosshair, one window, one slab, the bones shown and the marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.desktop.film.window_presets import HuWindow, Preset
from app.desktop.planes.outline import CuttableMesh
from app.desktop.planes.reslice import PointMm, Slab, StandingVolume
from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import Bone


@dataclass(frozen=True, slots=True)
class Mark:
    """A measurement as it is drawn: its points in LPS mm, what stands beside it, and whether it is the chosen one."""

    points_mm: tuple[PointMm, ...]
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PlanesState:
    """Small and plain. crosshair_mm: LPS. bones: surfaces to cut; shown: those drawn. picking: a click sets a point."""

    volume: StandingVolume | None = None
    bones: Mapping[Bone, CuttableMesh] = field(default_factory=dict)
    shown: frozenset[Bone] = frozenset(Bone)
    colours: Mapping[Bone, str] = field(default_factory=lambda: MappingProxyType(BONE_COLOURS))
    crosshair_mm: PointMm = (0.0, 0.0, 0.0)
    window: HuWindow = Preset.BONE.value
    slab: Slab = field(default_factory=Slab)
    outlines: bool = True
    picking: bool = False
    marks: tuple[Mark, ...] = ()


class PlanesModel(QObject):
    """Holds the state and tells of every change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = PlanesState()

    @property
    def state(self) -> PlanesState:
        """As it is now."""
        return self._state

    def update(self, **changes: Any) -> None:
        """Replace fields of the state by name."""
        self._state = replace(self._state, **changes)
        self.changed.emit()

    def look_at(self, point_mm: PointMm) -> None:
        """Carry the crosshair to a point, or to the volume's edge."""
        volume = self._state.volume
        if volume is not None:
            self.update(crosshair_mm=volume.clamped(point_mm))

    def step(self, axis: int, voxels: float) -> None:
        """Move the crosshair by so many voxels along an LPS axis."""
        volume = self._state.volume
        if volume is not None:
            point = list(self._state.crosshair_mm)
            point[axis] += voxels * float(volume.spacing_mm[axis])
            self.look_at((point[0], point[1], point[2]))
