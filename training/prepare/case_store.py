"""Where a loader finds prepared cases: a folder of .npz, or shards; both give any case by its place."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.domain import RefusedInput
from training.prepare.manifest import MANIFEST
from training.prepare.shard_reader import ShardFolder


class CaseStore(Protocol):
    """Prepared cases in the order of their names."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where each case lies."""
        ...

    def __len__(self) -> int: ...

    def case(self, place: int) -> AbstractContextManager[Mapping[str, NDArray]]:
        """The arrays of a case by name (training/prepare/case_file.py), each read when it is asked for."""
        ...


@dataclass(frozen=True, slots=True)
class NpzFolder:
    """One .npz a case."""

    paths: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.paths)

    @contextmanager
    def case(self, place: int) -> Generator[Mapping[str, NDArray]]:
        """As of CaseStore."""
        with np.load(self.paths[place]) as arrays:
            yield arrays


def case_store(folder: Path) -> CaseStore:
    """What a folder holds. Raises RefusedInput where that is no case."""
    if (folder / MANIFEST).is_file():
        return ShardFolder.of(folder)
    paths = tuple(sorted(folder.glob("*.npz")))
    if not paths:
        raise RefusedInput(f"{folder} holds no cases; make some with genu train prepare --out {folder}")
    return NpzFolder(paths)
