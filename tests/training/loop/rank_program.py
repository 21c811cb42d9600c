"""Three tiny stages on as many processes as torchrun starts: `rank_program.py STRATEGY FOLDER [STEP]`.

With STEP, the last rank kills itself before that step, once.
"""

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import torch

from engine.models.backend import Precision
from tests.training.loop.small_run import TINY, batch
from training.configuration import Batch, Stage, TrainConfig
from training.loop.events import Saved, StepDone
from training.loop.loss import LossWeights
from training.loop.ranks import Cluster, Strategy, ranks_of
from training.loop.train import train
from training.loop.workers import case_numbers

CONFIG = TrainConfig(
    TINY,
    (
        Stage("encoder", 0, 2, 4, 1e-3, 1),
        Stage("inner", 1, 2, 4, 1e-3, 1, micro_batch=1),
        Stage("outer", 2, 3, 4, 1e-3, 1, frozen_levels=1, recomputed_levels=(1,)),
    ),
    seed=3,
    weights=LossWeights(dice_per_case=True),
    checkpoint_minutes=0,
    precision=Precision.FLOAT32,
)


def case(number: int, levels: int) -> Batch:
    """A case like no other: brighter, and seen a little from the side."""
    made = batch(levels, 1)
    return replace(made, films=made.films * (1 + 0.1 * number), micro=made.micro + number)


def batches(rank: int, ranks: int):
    """`batch_at` of a rank."""

    def batch_at(step: int) -> Batch:
        cases = [case(n, CONFIG.stage_at(step)[0].levels) for n in case_numbers(CONFIG, step, rank, ranks)]
        films, micro = (torch.cat([getattr(one, name) for one in cases]) for name in ("films", "micro"))
        return replace(batch(CONFIG.stage_at(step)[0].levels, len(cases)), films=films, micro=micro)

    return batch_at


def losses(events) -> list[dict[str, float]]:
    """The terms of every step."""
    return [dict(event.terms) for event in events if isinstance(event, StepDone)]


def _main(strategy: str, folder: Path, killed_before: int) -> None:
    ranks = ranks_of(Cluster(Strategy(strategy)), CONFIG.precision)
    mark, told = folder / "killed", []
    for event in train(CONFIG, batches(ranks.rank, ranks.size), folder, ranks=ranks):
        told.append(event)
        due = isinstance(event, Saved) and event.step == killed_before
        if due and ranks.rank == ranks.size - 1 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if ranks.rank == 0:
        (folder / "losses.json").write_text(json.dumps(losses(told)))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else -1)
