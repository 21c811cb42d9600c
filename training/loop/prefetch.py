"""Batches and their noise made ahead of the steps that need them, by one thread."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from training.configuration import Batch, TrainConfig
from training.loop.learner import NESTED, Learner
from training.loop.objective import Noise
from training.loop.ranks import Ranks

BatchAt = Callable[[int], Batch]
Work = tuple[Batch, Noise]
Waited = float


class Prefetch:
    """The work of this rank from a step to the last of its stage, at most `config.prefetch` steps of it made ahead.

    Each comes with the seconds that its step had to wait for it.
    """

    def __init__(
        self, batch_at: BatchAt, first: int, config: TrainConfig, ranks: Ranks, learner: Learner = NESTED
    ) -> None:
        self._batch_at, self._config, self._ranks, self._draw = batch_at, config, ranks, learner.draw
        self._steps = iter(range(first, config.stage_end(first)))
        self._ahead = max(1, config.prefetch)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="batches")
        self._waiting: deque[Future[Work]] = deque()

    def __enter__(self) -> Iterator[tuple[Work, Waited]]:
        return self._work()

    def __exit__(self, *failure: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _work(self) -> Iterator[tuple[Work, Waited]]:
        self._ask(self._ahead)
        while self._waiting:
            asked = time.monotonic()
            work = self._waiting.popleft().result()
            waited = time.monotonic() - asked
            self._ask(1)
            yield work, waited

    def _ask(self, count: int) -> None:
        for _, step in zip(range(count), self._steps, strict=False):
            self._waiting.append(self._thread.submit(self._made, step))

    def _made(self, step: int) -> Work:
        batch, (stage, _) = self._batch_at(step), self._config.stage_at(step)
        return batch, self._draw(batch, stage, self._config.seed, step, self._ranks.rank, self._ranks.size)
