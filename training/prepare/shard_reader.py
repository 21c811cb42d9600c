"""Cases out of shards by their place, without unpacking; what was changed on the disk is named, never trained on."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.domain import RefusedInput
from training.prepare.manifest import Manifest, Shard, StoredCase, read_manifest


@dataclass(frozen=True, slots=True)
class ShardFolder:
    """A split's shards. entries: shard and case, in the order of the cases' keys."""

    folder: Path
    entries: tuple[tuple[str, StoredCase], ...]

    @classmethod
    def of(cls, folder: Path) -> ShardFolder:
        """Raises RefusedInput for shards that are missing, cut off or none; hashes are `check_shards`' to compare."""
        manifest = read_manifest(folder)
        for shard in manifest.shards:
            path = folder / shard.name
            if not path.is_file() or path.stat().st_size != shard.size:
                raise RefusedInput(f"{path} is missing or not {shard.size} bytes long; {_REMEDY}")
        entries = [(shard.name, case) for shard in manifest.shards for case in shard.cases]
        if not entries:
            raise RefusedInput(f"{folder} holds no cases; give more CTs or another --split")
        return cls(folder, tuple(sorted(entries, key=lambda entry: entry[1].facts.key)))

    @property
    def paths(self) -> tuple[Path, ...]:
        """Shard and key of each case."""
        return tuple(self.folder / shard / case.facts.key for shard, case in self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @contextmanager
    def case(self, place: int) -> Generator[Mapping[str, NDArray]]:
        """The arrays of a case. Raises RefusedInput naming the shard where one is not as it was written."""
        shard, case = self.entries[place]
        with (self.folder / shard).open("rb") as file:
            yield _Arrays(file, self.folder / shard, case)


_REMEDY = "copy it anew, or delete it and prepare again"


class _Arrays(Mapping[str, NDArray]):
    """Arrays of one case, each read, compared with its CRC-32 and parsed when asked for."""

    def __init__(self, file: BinaryIO, path: Path, case: StoredCase) -> None:
        self._file, self._path, self._case = file, path, case

    def __getitem__(self, name: str) -> NDArray:
        at, size, crc = self._case.arrays[name]
        self._file.seek(at)
        content = self._file.read(size)
        if len(content) != size or zlib.crc32(content) != crc:
            raise RefusedInput(f"{self._path} is damaged at case {self._case.facts.key}; {_REMEDY}")
        return np.load(BytesIO(content), allow_pickle=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._case.arrays)

    def __len__(self) -> int:
        return len(self._case.arrays)


def check_shards(folder: Path) -> Generator[Shard, None, Manifest]:
    """Compare every shard of a folder with its SHA-256, one a step; returns the manifest.

    Raises RefusedInput that names all damaged ones.
    """
    manifest, damaged = read_manifest(folder), []
    for shard in manifest.shards:
        if not sha256_matches(folder / shard.name, shard):
            damaged.append(shard.name)
        yield shard
    if damaged:
        raise RefusedInput(f"{folder}: damaged or missing {', '.join(damaged)}; {_REMEDY}")
    return manifest


def sha256_matches(path: Path, shard: Shard) -> bool:
    """Whether a file is the shard that was written."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == shard.sha256
    except OSError:
        return False
