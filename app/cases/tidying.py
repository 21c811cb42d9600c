"""Garbage of one case: what neither the step shown nor undo nor redo can reach."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from app.cases.case_folder import CaseFolder
from app.cases.sealed import DamagedFile
from engine.domain import RefusedInput
from engine.io.durable import sync_folder

_PARTIAL = re.compile(r"\.genu-[0-9a-f]+\.partial")


def tidy(folder: CaseFolder) -> int:
    """Remove the garbage of a case that nobody has open; bytes freed.

    A case that is damaged or from a newer Genu keeps everything but half-written files: what cannot be read may still
    be wanted. Raises OSError.
    """
    partial = [path for inner in (folder.folder, folder.versions, folder.blobs.folder) for path in _partials(inner)]
    freed = _remove(partial)
    try:
        line = [entry.number for entry in folder.history().line]
        wanted = {sha256 for number in line for sha256 in folder.version(number).document.blobs}
    except (DamagedFile, RefusedInput):
        return freed
    # Versions first: a version must never be on the disk without its blobs.
    freed += _remove(folder.version_path(number) for number in folder.numbers() if number not in line)
    sync_folder(folder.versions)
    freed += _remove(folder.blobs.folder / name for name in folder.blobs.names() if name not in wanted)
    sync_folder(folder.blobs.folder)
    return freed


def _partials(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if _PARTIAL.fullmatch(path.name)] if folder.is_dir() else []


def _remove(paths: Iterable[Path]) -> int:
    freed = 0
    for path in paths:
        with suppress(FileNotFoundError):
            size = path.lstat().st_size
            path.unlink()
            freed += size
    return freed
