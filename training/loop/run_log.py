"""The plain log of a training run, and TensorBoard beside it where it is installed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.loop.events import StepDone, Validated

LOG = "train.log"


class RunLog:
    """Writes a line for every `every` steps with the mean of each term over them, and the same to TensorBoard.

    writes: whether it writes at all; of several processes only one does.
    """

    def __init__(self, folder: Path, writes: bool = True) -> None:
        self._folder, self._writes = folder, writes
        self._sums: dict[str, float] = {}
        self._count = 0

    def __enter__(self) -> RunLog:
        self._file = (self._folder / LOG if self._writes else Path(os.devnull)).open("a", buffering=1)
        self._board = _tensorboard(self._folder) if self._writes else None
        return self

    def __exit__(self, *failure: object) -> None:
        self._file.close()
        if self._board is not None:
            self._board.close()

    def step(self, event: StepDone, every: int) -> None:
        """Count a step; write its line if it is due."""
        for name, value in (*event.terms.items(), ("seconds", event.seconds), ("waited", event.waited)):
            self._sums[name] = self._sums.get(name, 0.0) + value
        self._count += 1
        if every and event.step % every == 0:
            means = {name: total / self._count for name, total in self._sums.items()}
            self._write(event.step, f"step {event.step}/{event.total} {event.stage}", means)
            self._sums, self._count = {}, 0

    def scores(self, checked: Validated) -> None:
        """Write validation scores, and pictures to TensorBoard."""
        self._write(checked.step, f"step {checked.step} validation", checked.scores)
        if self._board is None:
            return
        for name, picture in checked.pictures.items():
            self._board.add_image(name, picture, checked.step, dataformats="HWC" if picture.ndim == 3 else "HW")

    def _write(self, step: int, head: str, numbers: Mapping[str, float]) -> None:
        self._file.write(" ".join((head, *(f"{name} {value:.4g}" for name, value in numbers.items()))) + "\n")
        if self._board is not None:
            for name, value in numbers.items():
                self._board.add_scalar(name, value, step)


def _tensorboard(folder: Path) -> Any | None:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder / "tensorboard"))
