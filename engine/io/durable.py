"""Results on disk: all files of a folder at once, or none; an earlier result stays whole until the new one stands.

Order: write, fsync, fsync of the folders, rename (or exchange), fsync of the parent. A half-written folder that a kill
left hidden beside it is removed by whoever writes there next, once it is a day old: then nobody writes it any more.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.domain import MachineFailure, RefusedInput

# `genu generate` writes this key at the top of report.json; only a folder with such a report is ever replaced.
REPORT, REPORT_KEY = "report.json", "genu"

_PARTIAL, _EARLIER = ".genu-{}.partial", ".genu-{}.earlier"
_ABANDONED_S = 24 * 3600
_USERS_FAULT = {
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EROFS: "it is on a read-only file system",
    errno.ENOTDIR: "a part of its path is a file",
    errno.EEXIST: "a part of its path is a file",
    errno.ENOTEMPTY: "it holds files already",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its path runs in circles",
    errno.EINVAL: "its name cannot be used",
}
_MACHINES_FAULT = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would exceed the size limit",
    errno.EIO: "the disk reports an error",
}


def check_folder(folder: Path) -> None:
    """Refuse early, before a long job, what `write_folder_atomically` would refuse at its end.

    Creates nothing. Raises RefusedInput naming the folder.
    """
    folder = _resolved(folder)
    try:
        _check_replaceable(folder)
        parent = next(p for p in folder.parents if p.exists())
        if not parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "", str(parent))
        if not os.access(parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "", str(parent))
    except OSError as error:
        raise _told(folder, error) from error


def write_folder_atomically(files: Mapping[str, bytes], folder: Path) -> None:
    """Write `files` (relative path with forward slashes to content) as the whole content of `folder`.

    An empty folder is filled, an earlier result of Genu is exchanged; any other folder that holds something is refused.

    Raises RefusedInput where the place is wrong, MachineFailure where the disk is; nothing is left behind then.
    """
    folder = _resolved(folder)
    created: list[Path] = []
    try:
        _check_replaceable(folder)
        created = _make_parents(folder.parent)
        with _unfinished(folder.parent) as partial:
            _fill(files, partial)
            _exchange(partial, folder)
            sync_folder(folder.parent)
            created = []
    except OSError as error:
        raise _told(folder, error) from error
    finally:
        for parent in created:
            parent.rmdir()


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill in a `with` block: it gets the name `folder` when the block ends well, and is gone otherwise.

    Only a free name or an empty folder is taken; what holds something is never replaced. The caller's files are to be
    on the disk before (`write_file_atomically`). Errors as of `write_folder_atomically`.
    """
    folder = _resolved(folder)
    created: list[Path] = []
    try:
        created = _make_parents(folder.parent)
        with _unfinished(folder.parent) as partial:
            yield partial
            sync_folder(partial)
            os.rename(partial, folder)  # rename(2) takes the place of an empty folder and of no other
            sync_folder(folder.parent)
            created = []
    except OSError as error:
        raise _told(folder, error) from error
    finally:
        for parent in created:
            parent.rmdir()


def write_file_atomically(content: bytes, path: Path) -> None:
    """Write one file, or leave what was there. Errors as of `write_folder_atomically`."""
    path = _resolved(path)
    try:
        place_file(content, path)
    except OSError as error:
        raise _told(path, error) from error


def place_file(content: bytes, path: Path) -> None:
    """`write_file_atomically` for callers that have their own word for the file. Raises OSError; see `told`."""
    partial = path.parent / _PARTIAL.format(secrets.token_hex(8))
    try:
        _write(content, partial)
        os.replace(partial, path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last. Raises OSError."""
    if sys.platform == "win32":  # has no such call; NTFS keeps a journal of names
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def told(name: str, error: OSError) -> RefusedInput | MachineFailure:
    """What a disk's refusal means to the user. name: of what was to be written, as the start of a sentence."""
    if reason := _MACHINES_FAULT.get(error.errno or 0):
        return MachineFailure(f"{name} could not be written: {reason}; make room or choose another disk")
    reason = _USERS_FAULT.get(error.errno or 0, error.strerror or "the system refused")
    return RefusedInput(f"{name} cannot be written: {reason}; choose another place")


def _resolved(path: Path) -> Path:
    try:
        return Path(path).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise RefusedInput(f"{Path(path).name} is not a usable path; choose another place") from error


def _check_replaceable(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RefusedInput(f"{folder.name} is a file, not a folder; choose another place for the results")
    if any(folder.iterdir()) and not _is_earlier_result(folder):
        raise RefusedInput(f"{folder.name} holds files that are not a result of Genu; choose an empty or new folder")


def _is_earlier_result(folder: Path) -> bool:
    try:
        report = json.loads((folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return False
    if not isinstance(report, dict) or REPORT_KEY not in report:
        return False
    known = {REPORT, "ct.nii.gz", "labels.nii.gz", "meshes", "ap.dcm", "lateral.dcm"}
    return {entry.name for entry in folder.iterdir()} <= known


def _make_parents(folder: Path) -> list[Path]:
    """Create what is missing of a path; the folders created, innermost first."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


@contextmanager
def _unfinished(parent: Path) -> Iterator[Path]:
    """A new hidden folder; what still has its name afterwards is removed. Raises OSError."""
    for abandoned in parent.glob(_PARTIAL.format("*")):
        with suppress(OSError):
            if abandoned.is_dir() and time.time() - abandoned.lstat().st_mtime > _ABANDONED_S:
                shutil.rmtree(abandoned)
    partial = parent / _PARTIAL.format(secrets.token_hex(8))
    try:
        partial.mkdir()
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fill(files: Mapping[str, bytes], partial: Path) -> None:
    for name, content in files.items():
        path = partial / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(content, path)
    for inner in {(partial / name).parent for name in files} | {partial}:
        sync_folder(inner)


def _write(content: bytes, path: Path) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _exchange(partial: Path, folder: Path) -> None:
    """Put `partial` where `folder` is; what was there is at `partial` afterwards. One step where the kernel has it."""
    if not folder.exists() or not any(folder.iterdir()):
        os.rename(partial, folder)
    elif not _swap(partial, folder):
        aside = folder.parent / _EARLIER.format(secrets.token_hex(8))
        os.rename(folder, aside)
        os.rename(partial, folder)
        os.rename(aside, partial)


def _swap(one: Path, other: Path) -> bool:
    """renameat2(2) with RENAME_EXCHANGE; False where C library or file system lacks it."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    at_fdcwd, rename_exchange = -100, 2
    return call is not None and call(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(other), rename_exchange) == 0


def _told(path: Path, error: OSError) -> RefusedInput | MachineFailure:
    return told(path.name, error)
