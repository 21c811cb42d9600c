"""`genu train baseline`: a baseline over the same folder of cases, by the same loop."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

import torch
from torch import nn

from engine.domain import Bone
from training.baselines.learn import learner_of, told
from training.baselines.spec import BaselineRequest, baseline
from training.configuration import Stage, TrainConfig
from training.loop.dataset import CaseFolder
from training.loop.lines import lines
from training.loop.loss import label_dice
from training.loop.ranks import Cluster, ranks_of
from training.loop.train import train
from training.loop.workers import batch_workers

_STAGE, _SCORED = "labels", 24


def run_baseline(
    request: BaselineRequest, cases: Path, out: Path, workers: int, validation: Path | None, every: int = 100
) -> Generator[str, None, None]:
    """Train in `out`, or go on, and tell lines as `genu train run` does. validation: cases to score `every` so often.

    Raises RefusedInput for an unknown baseline or where there are no cases, and what `train` raises.
    """
    spec = baseline(request.name)
    stage = Stage(_STAGE, 1, request.steps, request.batch_size, request.learning_rate)
    config = TrainConfig(
        spec, (stage,), seed=request.seed, ema_decay=0.995, validate_every=every if validation is not None else 0
    )
    folder = CaseFolder.of(cases, request.seed, spec.base_voxels)
    kept_aside = None if validation is None else CaseFolder.of(validation, request.seed, spec.base_voxels)
    validate = None if kept_aside is None else lambda network, _step: baseline_scores(network, kept_aside)
    ranks = ranks_of(Cluster(), config.precision)
    with batch_workers(folder, config, {_STAGE: None}, workers) as batch_at:
        for event in train(config, batch_at, out, validate, ranks=ranks, learner=learner_of(spec)):
            yield from lines(event, ranks)


@torch.no_grad()
def baseline_scores(network: nn.Module, cases: CaseFolder, most: int = _SCORED) -> Mapping[str, float]:
    """Mean Dice over the cases for each bone, and the mean of the four, on the grid of the labels."""
    device = next(network.parameters()).device
    rows = []
    for number in range(min(most, len(cases.paths))):
        batch = cases.item(number, 1, None).to(device)
        rows.append(label_dice(network(told(batch)), batch.labels[0]))
    mean = torch.stack(rows).mean(0)
    return {bone.word: float(mean[bone - 1]) for bone in Bone} | {"mean": float(mean.mean())}
