"""How the training loop trains a baseline: labels alone, of the whole grid or of random points."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from engine.models.conditioning import Conditioning
from engine.models.unallocated import unallocated
from training.baselines.answer import network_of_baseline
from training.baselines.occupancy import PixelAlignedOccupancy, drawn_points, shares_at
from training.baselines.spec import BaselineSpec, OccupancySpec
from training.configuration import Batch, Stage, TrainConfig
from training.loop.learner import Learner
from training.loop.loss import label_losses
from training.loop.objective import Noise, noise_part, random_numbers

_NUMBERS = 4  # a point takes: three for its place, one for the voxel of the surface it lies at


def learner_of(spec: BaselineSpec) -> Learner:
    """A baseline as the loop takes it."""
    by_points = isinstance(spec, OccupancySpec)
    return Learner(
        build=network_of_baseline,
        unallocated=lambda wanted: unallocated(partial(network_of_baseline, wanted)),
        begin_stage=_all_of_it,
        draw=partial(draw_points, spec.points if by_points else 0),
        loss_terms=occupancy_loss if by_points else grid_loss,
    )


def _all_of_it(network: nn.Module, _stage: Stage) -> None:
    network.requires_grad_(True)


def draw_points(points: int, batch: Batch, _stage: Stage, seed: int, step: int, rank: int = 0, ranks: int = 1) -> Noise:
    """Even random numbers (B, points, 4) of one rank's cases of a step, drawn for the whole batch at once."""
    cases = ranks * len(batch.films)
    numbers = torch.rand(cases, points, _NUMBERS, generator=random_numbers(seed, step))
    return noise_part(Noise(torch.zeros(cases), (numbers,)), slice(rank, None, ranks))


def grid_loss(network: nn.Module, batch: Batch, _noise: Noise, _stage: Stage, config: TrainConfig) -> dict[str, Tensor]:
    """Cross-entropy and soft Dice on the grid of the labels, weighted as those of the nested network."""
    weights = config.weights
    cross_entropy, dice = label_losses(network(told(batch)), batch.labels[0], weights.dice_per_case)
    return {"ce": weights.cross_entropy * cross_entropy, "dice": weights.dice * dice}


def occupancy_loss(
    network: nn.Module, batch: Batch, noise: Noise, _stage: Stage, config: TrainConfig
) -> dict[str, Tensor]:
    """Cross-entropy at the drawn points, against the shares of the labels there."""
    assert isinstance(network, PixelAlignedOccupancy)
    conditioning, shares = told(batch), batch.labels[0]
    points = drawn_points(noise.eps[0].to(shares.device), shares)
    chances = network.at(points, network.maps(conditioning), conditioning).float().log_softmax(-1)
    return {"ce": -config.weights.cross_entropy * (shares_at(points, shares) * chances).sum(-1).mean()}


def told(batch: Batch) -> Conditioning:
    """What a network is told of a batch."""
    return Conditioning(batch.films, batch.camera_from_lps, batch.sod_mm, batch.micro)
