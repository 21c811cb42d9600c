"""Cases read and exposed in processes of their own, so that the loop's threads belong to the network."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import get_context

import torch

from training.configuration import Batch, TrainConfig
from training.loop.dataset import CaseFolder, stacked
from training.loop.train import BatchAt


@contextmanager
def batch_workers(
    cases: CaseFolder, config: TrainConfig, crops: dict[str, int | None], workers: int
) -> Generator[BatchAt]:
    """`batch_at` for the training loop: the batch of every step, made by `workers` processes.

    crops: side in voxels of the outermost level's crop by stage name.
    """
    with get_context("spawn").Pool(workers, _begin, (cases,)) as pool:

        def batch_at(step: int) -> Batch:
            stage, number = config.stage_at(step)
            first = number * stage.batch_size
            wanted = [(n, stage.levels, crops[stage.name]) for n in range(first, first + stage.batch_size)]
            return stacked(pool.map(_item, wanted))

        yield batch_at


_cases: CaseFolder | None = None


def _begin(cases: CaseFolder) -> None:
    global _cases
    torch.set_num_threads(1)
    torch.multiprocessing.set_sharing_strategy("file_system")
    _cases = cases


def _item(wanted: tuple[int, int, int | None]) -> Batch:
    assert _cases is not None
    return _cases.item(*wanted)
