"""One step's loss: noise drawn for (seed, step), the network on the noisy levels, the terms of the loss."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.models.conditioning import Conditioning, Crop
from engine.models.network import Network
from engine.models.schedule import Schedule, noisy, v_target
from training.configuration import Batch, Stage, TrainConfig
from training.loss import level_loss, thickness_loss

_STEPS_PER_SEED = 1_000_003


def random_numbers(seed: int, step: int) -> torch.Generator:
    """A generator of its own for every step, so that a resumed run draws what an unbroken one would."""
    return torch.Generator().manual_seed(seed * _STEPS_PER_SEED + step)


def spread_times(batch: int, generator: torch.Generator) -> Tensor:
    """(B,) times in [0, 1), one in each B-th part (Kingma et al., arXiv 2107.00630, appendix I.1)."""
    return (torch.rand((), generator=generator) + torch.arange(batch) / batch) % 1


def loss_terms(network: Network, batch: Batch, stage: Stage, config: TrainConfig, step: int) -> dict[str, Tensor]:
    """Weighted terms by name; the loss is their sum. `v32` is the velocity error of the 32³ level, and so on."""
    device = batch.films.device
    if stage.levels == 0:
        return {"thickness": config.weights.thickness * thickness_loss(network.thickness(batch.films), batch.thickness)}
    generator = random_numbers(config.seed, step)
    times = spread_times(len(batch.films), generator).to(device)
    schedule = Schedule(shift_power=config.shift_power)
    log_snrs = [schedule.log_snr(times, 1 << level) for level in range(stage.levels)]
    levels = batch.hu[: stage.levels]
    eps = [torch.randn(x0.shape, generator=generator).to(device) for x0 in levels]
    inputs = [noisy(*parts) for parts in zip(levels, eps, log_snrs, strict=True)]
    conditioning = Conditioning(batch.films, batch.camera_from_lps, batch.sod_mm, batch.micro)
    encoded = network.encode(conditioning, stage.levels, _crop(batch, stage, network))
    outputs = network.denoise(inputs, log_snrs[0], encoded)
    terms = {"thickness": config.weights.thickness * thickness_loss(encoded.thickness, batch.thickness)}
    for level in range(stage.frozen_levels, stage.levels):
        target = v_target(levels[level], eps[level], log_snrs[level])
        parts = level_loss(outputs[level], target, batch.labels[level], log_snrs[level], config.weights)
        side, weight = network.spec.voxels(level), config.weights.levels[level]
        terms |= {f"{name}{side}": weight * value for name, value in parts.items()}
    return terms


def _crop(batch: Batch, stage: Stage, network: Network) -> Crop | None:
    voxels = batch.hu[stage.levels - 1].shape[-1]
    if voxels == network.spec.voxels(stage.levels - 1):
        return None
    return Crop(batch.crop_origin_ijk, voxels)
