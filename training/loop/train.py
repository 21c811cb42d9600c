"""Training: a generator of events that may be killed at any moment and goes on where its last checkpoint was."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.models.heap import keep_heap
from training.configuration import TrainConfig
from training.loop.checkpoint import load_checkpoint, save_checkpoint
from training.loop.denormals import flushed_denormals
from training.loop.events import Picture, Saved, TrainEvent, Validated
from training.loop.learner import NESTED, Learner
from training.loop.prefetch import BatchAt, Prefetch
from training.loop.ranks import Alone, Ranks, check_shares, own_device
from training.loop.run_log import RunLog
from training.loop.state import Run

Validate = Callable[[Any, int], Mapping[str, float | Picture]]


def train(
    config: TrainConfig,
    batch_at: BatchAt,
    folder: Path,
    validate: Validate | None = None,
    warm_start: Path | None = None,
    ranks: Ranks | None = None,
    learner: Learner = NESTED,
) -> Generator[TrainEvent, None, None]:
    """Train, or go on training, in `folder`; `averaged_network` (training/loop/ema.py) reads the result.

    batch_at: a pure function of the step, called ahead of time from one other thread: the cases rank, rank + size, …
        of the step's batch.
    validate: scores and pictures of a network with averaged weights at a step, called on rank 0.
    warm_start: a checkpoint, also another network's, whose averaged weights a new run takes over where names and
        shapes agree.
    ranks: this process among those that train together in `folder`, which all must see; None: alone.
    learner: what `config.network` specifies, and how it is trained.
    Raises RefusedInput where `folder` holds another network's checkpoint or a batch cannot be shared evenly,
    MachineFailure where the loss is not finite or the disk does not take a checkpoint.
    """
    keep_heap()
    ranks = ranks or Alone(own_device())
    check_shares(config, ranks.size)
    folder.mkdir(parents=True, exist_ok=True)
    done = 0
    with RunLog(folder, writes=ranks.rank == 0) as log, flushed_denormals():
        while done < config.steps:
            done = yield from _stage(config, batch_at, folder, validate, warm_start, ranks, log, learner)


def _stage(
    config: TrainConfig,
    batch_at: BatchAt,
    folder: Path,
    validate: Validate | None,
    warm_start: Path | None,
    ranks: Ranks,
    log: RunLog,
    learner: Learner,
) -> Generator[TrainEvent, None, int]:
    """From the last checkpoint to the end of its stage; returns the steps done.

    Each stage begins anew from the checkpoint that the last one left: other parameters train, and what wraps a network
    for many processes settles which do when it first runs.
    """
    run = Run(config, ranks, learner)
    if not run.resume(folder) and warm_start is not None:
        run.take_over(load_checkpoint(warm_start))
    saved, end = time.monotonic(), config.stage_end(run.step)
    with closing(run), Prefetch(batch_at, run.step, config, ranks, learner) as work:
        for (batch, noise), waited in work:
            event = replace(run.advance(batch, noise), waited=waited)
            log.step(event, config.log_every)
            yield event
            if validate is not None and config.validate_every and run.step % config.validate_every == 0:
                checked = _validated(run, validate)
                log.scores(checked)
                yield checked
            if ranks.agreed(run.step == end or time.monotonic() - saved >= 60 * config.checkpoint_minutes):
                yield Saved(run.step, _saved(run, folder))
                saved = time.monotonic()
    return run.step


def _validated(run: Run, validate: Validate) -> Validated:
    with run.averaged() as network:
        told = {} if network is None else validate(network, run.step)
    scores = {name: float(value) for name, value in told.items() if not isinstance(value, np.ndarray)}
    pictures = {name: value for name, value in told.items() if isinstance(value, np.ndarray)}
    return Validated(run.step, run.ranks.agreed(scores), pictures)


def _saved(run: Run, folder: Path) -> Path:
    checkpoint = run.checkpoint()
    path = save_checkpoint(folder, checkpoint) if run.ranks.rank == 0 else folder
    return run.ranks.agreed(path)
