"""Every baseline in one table, as presets are; and what the training loop asks of one."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain import RefusedInput
from engine.models.presets import PRESETS, EncoderSpec


@dataclass(frozen=True, slots=True)
class UNetSpec:
    """A U-Net over both films replicated along their rays. channels, convolutions: of each grid from fine to coarse.

    base_voxels: of the batches it is trained on, whose labels are twice as fine: its own grid.
    """

    name: str
    channels: tuple[int, ...]
    convolutions: tuple[int, ...]
    base_voxels: int = 32

    @property
    def levels(self) -> int:
        """One grid."""
        return 1

    @property
    def grid_voxels(self) -> int:
        """Voxels along each side of its answer."""
        return 2 * self.base_voxels

    def voxels(self, _level: int) -> int:
        """Voxels along each side of a batch's image."""
        return self.base_voxels


@dataclass(frozen=True, slots=True)
class OccupancySpec:
    """Occupancy of any point from the pixels it falls on. hidden, layers: of the decoder; points: a case and step.

    base_voxels: as above; its answer may be asked for on any grid, and is on one of grid_voxels.
    """

    name: str
    encoder: EncoderSpec
    hidden: int
    layers: int
    points: int
    grid_voxels: int = 128
    base_voxels: int = 32

    @property
    def levels(self) -> int:
        """One grid."""
        return 1

    def voxels(self, _level: int) -> int:
        """Voxels along each side of a batch's image."""
        return self.base_voxels


BaselineSpec = UNetSpec | OccupancySpec

BASELINES: dict[str, BaselineSpec] = {
    "kasten-unet": UNetSpec("kasten-unet", (16, 32, 64, 128), (1, 2, 2, 2)),
    "ssrkd-occupancy": OccupancySpec("ssrkd-occupancy", PRESETS["compact"].encoder, 128, 4, 8192),
    "tiny-unet": UNetSpec("tiny-unet", (8, 16), (1, 1), base_voxels=8),
    "tiny-occupancy": OccupancySpec("tiny-occupancy", PRESETS["tiny"].encoder, 16, 1, 256, 16, base_voxels=8),
}


@dataclass(frozen=True, slots=True)
class BaselineRequest:
    """What to train, and for how long."""

    name: str
    steps: int
    batch_size: int = 4
    learning_rate: float = 1e-3
    seed: int = 0


def baseline(name: str) -> BaselineSpec:
    """The baseline of that name; RefusedInput where there is none."""
    if name not in BASELINES:
        raise RefusedInput(f"there is no baseline {name!r}; choose one of {', '.join(BASELINES)}")
    return BASELINES[name]
