"""Installing a model from a file, offline: copied, the copy verified to the last byte, and only then put in place."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Generator
from pathlib import Path, PurePosixPath
from typing import IO

from engine.domain import MachineFailure, RefusedInput
from engine.progress import Event, Progress

PARTS = ("manifest.json", "manifest.sha256", "model_card.md", "weights.safetensors")

_LARGEST = 16 << 30
_ROOM = 64 << 20
_INCOMING = ".incoming-"


def install_model(source: Path, models: Path) -> Generator[Event, None, str]:
    """Install the bundle in `source` (its folder, its manifest.json, or a .zip of it) below `models`; its key there.

    Raises RefusedInput for what is no bundle or is installed already, DamagedModel, and MachineFailure for the disk;
    nothing is left in place then.
    """
    yield Progress("reading", 0, 3)
    try:
        models.mkdir(parents=True, exist_ok=True)
        _sweep(models)
        with tempfile.TemporaryDirectory(prefix=_INCOMING, dir=models) as incoming:
            copy = Path(incoming) / "bundle"
            _copied(source, copy)
            yield Progress("verifying", 1, 3)
            key = _verified_key(copy)
            yield Progress("installing", 2, 3)
            _put_in_place(copy, models, key)
    except OSError as error:
        raise MachineFailure(
            f"{source.name} could not be installed ({error.strerror}); free or choose a disk"
        ) from error
    yield Progress("installing", 3, 3)
    return key


def _verified_key(copy: Path) -> str:
    from engine.models.bundle import read_bundle

    manifest = read_bundle(copy).manifest
    return f"{manifest.id}-{manifest.version}"


def _copied(source: Path, copy: Path) -> None:
    """The four files of the bundle, and nothing else, in a new folder."""
    copy.mkdir()
    folder = source.parent if source.name == PARTS[0] else source
    if folder.is_dir():
        _copy_folder(folder, copy)
    elif zipfile.is_zipfile(source):
        _copy_zip(source, copy)
    else:
        raise RefusedInput(f"{source.name} is no model: choose manifest.json in a model's folder, or a .zip of it")


def _copy_folder(folder: Path, copy: Path) -> None:
    for name in PARTS:
        part = folder / name
        if not part.exists():
            raise RefusedInput(f"{folder.name} lacks {name}, so it is no model; copy its folder again")
        if not stat.S_ISREG(part.lstat().st_mode):
            raise RefusedInput(f"{name} in {folder.name} is a link or a special file; copy the model again")
    _check_room(sum((folder / name).stat().st_size for name in PARTS), copy)
    for name in PARTS:
        with (folder / name).open("rb") as source, (copy / name).open("xb") as target:
            _copy(source, target)


def _copy_zip(path: Path, copy: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = _zipped_parts(archive, path.name)
            _check_room(sum(part.file_size for part in parts.values()), copy)
            for name, part in parts.items():
                with archive.open(part) as source, (copy / name).open("xb") as target:
                    _copy(source, target)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        if isinstance(error, MachineFailure):
            raise
        raise RefusedInput(f"{path.name} is a damaged or encrypted archive; get it again") from error


def _zipped_parts(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The four files by name, all at the top of the archive or in one folder; no path of the archive is ever used."""
    files = [entry for entry in archive.infolist() if not entry.is_dir()]
    parts = {PurePosixPath(entry.filename).name: entry for entry in files}
    folders = {PurePosixPath(entry.filename).parent for entry in files}
    if len(files) != len(PARTS) or set(parts) != set(PARTS) or len(folders) != 1:
        raise RefusedInput(f"{name} does not hold the four files of one model and nothing else; choose another")
    return parts


def _check_room(size: int, place: Path) -> None:
    if size > _LARGEST:
        raise RefusedInput(f"the model would take {size >> 30} GiB; a model may have {_LARGEST >> 30}")
    free = shutil.disk_usage(place).free
    if free < size + _ROOM:
        raise MachineFailure(f"the model takes {size >> 20} MiB and its disk has {free >> 20} free; make room")


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    shutil.copyfileobj(source, target, 1 << 20)
    target.flush()
    os.fsync(target.fileno())


def _put_in_place(copy: Path, models: Path, key: str) -> None:
    target = models / key
    if target.exists():
        raise RefusedInput(f"{key} is installed already; choose it in the list of models")
    copy.rename(target)
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(models, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(models: Path) -> None:
    """Remove what a killed installation has left. Two installations at once are not foreseen."""
    for left in models.glob(f"{_INCOMING}*"):
        shutil.rmtree(left, ignore_errors=True)
