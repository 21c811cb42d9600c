"""What a training run is told: stages, seed, weights of the loss. Plain values, written beside its checkpoints."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

import torch
from torch import Tensor

from engine.domain import RefusedInput
from engine.models.backend import Precision
from training.loop.loss import LossWeights


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the run. levels: active levels, 0 for the encoder alone on the thickness of bones in the films.

    batch_size: for whoever makes the batches.   learning_rate: after warm_up_steps, then a cosine
    down to final_share of it.
    frozen_levels: so many innermost levels, and the encoder with them, keep their weights.   frozen_encoder: the
    encoder alone keeps them, a third off the time of the innermost level.
    noise_emphasis: at least 1; 2 draws half the times above t = 0.75, where the films alone can tell the bones.
    micro_batch: most cases that a process computes at once, gradients of more being accumulated; 0: all of them.
    recomputed_levels: levels (0 innermost) whose blocks keep no activations but are computed again for the gradient.
    """

    name: str
    levels: int
    steps: int
    batch_size: int
    learning_rate: float
    warm_up_steps: int = 50
    final_share: float = 0.05
    frozen_levels: int = 0
    frozen_encoder: bool = False
    noise_emphasis: float = 1.0
    micro_batch: int = 0
    recomputed_levels: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch_size < 1 or self.learning_rate <= 0:
            raise RefusedInput(f"stage {self.name}: steps, batch size and learning rate must be positive; correct them")
        if not self.noise_emphasis >= 1:
            raise RefusedInput(f"stage {self.name}: noise emphasis {self.noise_emphasis} is less than 1; correct it")
        if not 0 <= self.frozen_levels < max(1, self.levels):
            raise RefusedInput(
                f"stage {self.name}: {self.frozen_levels} of {self.levels} levels frozen; leave one free"
            )
        if self.micro_batch < 0 or not set(self.recomputed_levels) <= set(range(self.levels)):
            raise RefusedInput(
                f"stage {self.name}: micro-batch {self.micro_batch}, recomputed levels {self.recomputed_levels}; "
                f"give 0 or more, and levels below {self.levels}"
            )

    def pieces(self, cases: int) -> int:
        """Forward and backward passes that a process needs for so many cases."""
        return -(-cases // self.micro_batch) if self.micro_batch else 1

    def learning_rate_at(self, step: int) -> float:
        """Learning rate at a step of this stage, counted from 0."""
        if step < self.warm_up_steps:
            return self.learning_rate * (step + 1) / self.warm_up_steps
        share = (step - self.warm_up_steps) / max(1, self.steps - self.warm_up_steps)
        low = self.final_share
        return self.learning_rate * (low + (1 - low) * (1 + math.cos(math.pi * min(1.0, share))) / 2)


class TrainedSpec(Protocol):
    """What the loop asks of a network's specification, a frozen dataclass: a preset, or a baseline."""

    @property
    def name(self) -> str:
        """Which one it is."""
        ...

    @property
    def levels(self) -> int:
        """Grids that it has."""
        ...

    @property
    def base_voxels(self) -> int:
        """Voxels along each side of the innermost grid."""
        ...


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """A run. checkpoint_minutes: longest time between checkpoints; 0 writes one at every step.

    log_every, validate_every: steps; 0 never.   prefetch: batches made ahead by a thread.   workers: on a CPU, so many
    threads of one core each share a batch, where one thread's operations on all cores would wait for each other.
    precision: of the matrix products; weights, averages and optimiser are float32 in any case.
    """

    network: TrainedSpec
    stages: tuple[Stage, ...]
    seed: int = 0
    weights: LossWeights = field(default_factory=LossWeights)
    shift_power: float = 3.0
    weight_decay: float = 0.01
    betas: tuple[float, float] = (0.9, 0.98)
    clip_norm: float = 1.0
    ema_decay: float = 0.998
    checkpoint_minutes: float = 5.0
    log_every: int = 20
    validate_every: int = 0
    prefetch: int = 4
    workers: int = 2
    precision: Precision = Precision.AUTO

    def __post_init__(self) -> None:
        most = max((stage.levels for stage in self.stages), default=0)
        if not self.stages or most > self.network.levels:
            raise RefusedInput(f"stages of up to {most} levels for a network of {self.network.levels}; correct them")

    @property
    def steps(self) -> int:
        """Steps of all stages together."""
        return sum(stage.steps for stage in self.stages)

    def stage_end(self, step: int) -> int:
        """The step, or the end of the run, with which the stage of a step is over."""
        ends = list(accumulate(stage.steps for stage in self.stages))
        return next((end for end in ends if step < end), ends[-1])

    def stage_at(self, step: int) -> tuple[Stage, int]:
        """The stage of a step of the whole run, and the step within it. Raises IndexError past the end."""
        for stage in self.stages:
            if step < stage.steps:
                return stage, step
            step -= stage.steps
        raise IndexError("step after the last stage")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What `batch_at(step)` returns, a pure function of the step; frames and units as in engine.models.conditioning.

    films: (B, 2, 3, 256, 256).   camera_from_lps: (B, 2, 3, 4).   sod_mm: (B, 2).   micro: (B, 2).
    hu: (B, 1, n, n, n) in [-1, 1] for each active level, innermost first; the last may be a crop.
    labels: (B, 5, m, m, m) shares of each voxel, likewise; on the level's grid or a finer one, m a multiple of n.
    thickness: (B, 2, 4, 128, 128) in units of 40 mm.
    crop_origin_ijk: (B, 3) even voxels of the outermost active level.
    """

    films: Tensor
    camera_from_lps: Tensor
    sod_mm: Tensor
    micro: Tensor
    hu: tuple[Tensor, ...]
    labels: tuple[Tensor, ...]
    thickness: Tensor
    crop_origin_ijk: Tensor

    def part(self, cases: slice) -> Batch:
        """Some cases of the batch."""
        return self._with(lambda tensor: tensor[cases])

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        return self._with(lambda tensor: tensor.to(device))

    def _with(self, change: Callable[[Tensor], Tensor]) -> Batch:
        return Batch(
            films=change(self.films),
            camera_from_lps=change(self.camera_from_lps),
            sod_mm=change(self.sod_mm),
            micro=change(self.micro),
            hu=tuple(change(level) for level in self.hu),
            labels=tuple(change(level) for level in self.labels),
            thickness=change(self.thickness),
            crop_origin_ijk=change(self.crop_origin_ijk),
        )
