"""Cases into shards: tars that the same cases in the same order always give byte by byte."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

from engine.io.durable import sync_folder, told, write_file_atomically
from training.prepare.manifest import CaseFacts, Shard, StoredCase, shard_of

_RECORD = "sealed-{}-{}.json"


def sealed_shards(work: Path, split: str) -> list[Shard]:
    """Shards that are whole on the disk, as their records say, in their order."""
    records = sorted(work.glob(_RECORD.format(split, "*")))
    return [shard_of(json.loads(record.read_bytes())) for record in records]


def batches(cases: Sequence[CaseFacts], work: Path, shard_bytes: int) -> Iterator[list[CaseFacts]]:
    """Cases in order, as many to a shard as fit, at least one."""
    batch, size = [], 0
    for case in cases:
        more = (work / f"{case.key}.npz").stat().st_size
        if batch and size + more > shard_bytes:
            yield batch
            batch, size = [], 0
        batch.append(case)
        size += more
    if batch:
        yield batch


def seal(cases: Sequence[CaseFacts], work: Path, folder: Path, number: int) -> Shard:
    """Write one shard, then its record, then remove the cases' own files. Raises MachineFailure for a full disk."""
    path = folder / f"shard-{number:05d}.tar"
    partial = path.with_suffix(".partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stored = _write(cases, work, partial)
        with partial.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        shard = Shard(path.name, digest, partial.stat().st_size, stored)
        os.replace(partial, path)
        sync_folder(folder)
    except OSError as error:
        raise told(path.name, error) from error
    finally:
        partial.unlink(missing_ok=True)
    record = work / _RECORD.format(folder.name, f"{number:05d}")
    write_file_atomically(json.dumps(asdict(shard)).encode(), record)
    for case in cases:
        (work / f"{case.key}.npz").unlink(missing_ok=True)
    return shard


def _write(cases: Sequence[CaseFacts], work: Path, partial: Path) -> tuple[StoredCase, ...]:
    stored = []
    with partial.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for case in cases:
                with zipfile.ZipFile(work / f"{case.key}.npz") as arrays:
                    stored.append(StoredCase(case, {n: _add(tar, arrays, case.key, n) for n in arrays.namelist()}))
        file.flush()
        os.fsync(file.fileno())
    return tuple(StoredCase(s.facts, {n.removesuffix(".npy"): p for n, p in s.arrays.items()}) for s in stored)


def _add(tar: tarfile.TarFile, arrays: zipfile.ZipFile, key: str, name: str) -> tuple[int, int, int]:
    """Where an array's bytes are in the tar, how many, and their CRC-32."""
    content = arrays.read(name)
    member = tarfile.TarInfo(f"{key}.{name}")
    member.size = len(content)
    at = tar.offset + tarfile.BLOCKSIZE
    tar.addfile(member, BytesIO(content))
    return at, len(content), zlib.crc32(content)
