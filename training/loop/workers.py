"""Cases read and exposed in processes of their own, so that the loop's threads belong to the network."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import torch

from training.configuration import Batch, TrainConfig
from training.loop.dataset import CaseFolder, stacked
from training.loop.prefetch import BatchAt
from training.prepare.pool import processes


@contextmanager
def batch_workers(
    cases: CaseFolder, config: TrainConfig, crops: dict[str, int | None], workers: int, rank: int = 0, ranks: int = 1
) -> Generator[BatchAt]:
    """`batch_at` for the training loop: a rank's cases of the batch of every step, made by `workers` processes.

    crops: side in voxels of the outermost level's crop by stage name.   Raises MachineFailure, from the loop that uses
    it, where the system ended one of them.
    """
    with processes(workers, _begin, cases) as pool:

        def batch_at(step: int) -> Batch:
            stage, _ = config.stage_at(step)
            numbers = case_numbers(config, step, rank, ranks)
            wanted = [(n, stage.levels, crops[stage.name]) for n in numbers]
            return stacked(list(pool.map(_item, wanted)))

        yield batch_at


def case_numbers(config: TrainConfig, step: int, rank: int = 0, ranks: int = 1) -> range:
    """Places, in the endless sequence of a stage's epochs, of a rank's cases of the batch of a step of the run."""
    stage, number = config.stage_at(step)
    first = number * stage.batch_size
    return range(first + rank, first + stage.batch_size, ranks)


_cases: CaseFolder | None = None


def _begin(cases: CaseFolder) -> None:
    global _cases
    torch.multiprocessing.set_sharing_strategy("file_system")
    _cases = cases


def _item(wanted: tuple[int, int, int | None]) -> Batch:
    assert _cases is not None
    return _cases.item(*wanted)
