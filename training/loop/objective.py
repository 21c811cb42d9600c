"""One step's loss: noise drawn for (seed, step), the network on the noisy levels, the terms of the loss."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models.conditioning import Conditioning, Crop
from engine.models.network import Network
from engine.models.refinement import refined
from engine.models.schedule import Schedule, noisy, v_target
from training.configuration import Batch, Stage, TrainConfig
from training.loop.loss import level_loss, thickness_loss

_STEPS_PER_SEED = 1_000_003


def random_numbers(seed: int, step: int) -> torch.Generator:
    """A generator of its own for every step, so that a resumed run draws what an unbroken one would."""
    return torch.Generator().manual_seed(seed * _STEPS_PER_SEED + step)


def spread_times(batch: int, generator: torch.Generator, emphasis: float = 1.0) -> Tensor:
    """(B,) times in [0, 1), one in each B-th part of their chances (Kingma et al., arXiv 2107.00630, appendix I.1).

    emphasis: p of t = 1 - (1 - u)^p for an even u; 1 draws all times alike, more draws the noisy ones more often.
    """
    even = (torch.rand((), generator=generator) + torch.arange(batch) / batch) % 1
    return 1 - (1 - even) ** emphasis


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """times: (B,) in [0, 1).   eps: (B, 1, n, n, n) of each active level, innermost first."""

    times: Tensor
    eps: tuple[Tensor, ...]


def draw_noise(batch: Batch, stage: Stage, seed: int, step: int, rank: int = 0, ranks: int = 1) -> Noise:
    """The noise of one rank's cases of a step's batch, which are rank, rank + ranks, … of the whole.

    It is drawn for the whole batch before it is split, so that any number of ranks trains on the same.
    """
    generator, cases = random_numbers(seed, step), ranks * len(batch.films)
    times = spread_times(cases, generator, stage.noise_emphasis)
    shapes = [(cases, *x0.shape[1:]) for x0 in batch.hu[: stage.levels]]
    noise = Noise(times, tuple(torch.randn(shape, generator=generator) for shape in shapes))
    return noise if ranks == 1 else noise_part(noise, slice(rank, None, ranks))


def split(batch: Batch, noise: Noise, parts: int) -> list[tuple[Batch, Noise]]:
    """A batch and its noise in `parts` pieces, or in as many as it has cases; a shorter last piece stays one."""
    size = -(-len(batch.films) // parts)
    return [
        (batch.part(slice(first, first + size)), noise_part(noise, slice(first, first + size)))
        for first in range(0, len(batch.films), size)
    ]


def noise_part(noise: Noise, part: slice) -> Noise:
    """The noise of some cases of the batch."""
    return Noise(noise.times[part], tuple(level[part] for level in noise.eps))


def loss_terms(network: Network, batch: Batch, noise: Noise, stage: Stage, config: TrainConfig) -> dict[str, Tensor]:
    """Weighted terms by name; the loss is their sum. `v32` is the velocity error of the 32³ level, and so on."""
    device = batch.films.device
    if stage.levels == 0:
        return {"thickness": config.weights.thickness * thickness_loss(network.thickness(batch.films), batch.thickness)}
    schedule = Schedule(shift_power=config.shift_power)
    log_snrs = [schedule.log_snr(noise.times.to(device), 1 << level) for level in range(stage.levels)]
    eps = [level.to(device) for level in noise.eps]
    levels = batch.hu[: stage.levels]
    inputs = [noisy(*parts) for parts in zip(levels, eps, log_snrs, strict=True)]
    conditioning = Conditioning(batch.films, batch.camera_from_lps, batch.sod_mm, batch.micro)
    encoded = network.encode(conditioning, stage.levels, _crop(batch, stage, network))
    outputs = refined(network.denoise(inputs, log_snrs[0], encoded), inputs, log_snrs, encoded.crop)
    terms = {"thickness": config.weights.thickness * thickness_loss(encoded.thickness, batch.thickness)}
    for level in range(stage.frozen_levels, stage.levels):
        target = v_target(levels[level], eps[level], log_snrs[level])
        known = (levels[level], target, batch.labels[level], log_snrs[level])
        parts = level_loss(outputs[level], *known, config.weights)
        side, weight = network.spec.voxels(level), config.weights.levels[level]
        terms |= {f"{name}{side}": weight * value for name, value in parts.items()}
    return terms


def _crop(batch: Batch, stage: Stage, network: Network) -> Crop | None:
    voxels = batch.hu[stage.levels - 1].shape[-1]
    if voxels == network.spec.voxels(stage.levels - 1):
        return None
    return Crop(batch.crop_origin_ijk, voxels)
