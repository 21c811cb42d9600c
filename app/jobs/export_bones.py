"""Bones into a new folder: written, read back from the disk, compared with the screen, and only then given a name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.domain import BoneMesh, MachineFailure, RefusedInput
from engine.io.durable import check_folder, new_folder, write_file_atomically
from engine.progress import Event, Progress
from export.formats import files_of, format_named
from export.manifest import MANIFEST, MeshFile, manifest_bytes
from export.read_back import compare, side_of

Papers = Callable[[Sequence[MeshFile]], Mapping[str, bytes]]


def no_papers(_files: Sequence[MeshFile]) -> Mapping[str, bytes]:
    """Nothing beside the bones and their manifest."""
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class ExportRequest:
    """What to export and where to.

    case: its identifier, which says nothing of the patient.   meshes: as on the screen, of one side.
    formats: names in export.formats.   folder: the new folder itself; its parents are made.
    origin: of export.manifest.origin_of.   papers: further files by name (report.pdf), made once every bone is checked,
        so that they can state its hash; they must not name the patient.
    """

    case: str
    meshes: tuple[BoneMesh, ...]
    formats: tuple[str, ...]
    folder: Path
    origin: Mapping[str, Any] = field(default_factory=dict)
    papers: Papers = no_papers


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What stands now. files: the checked mesh files.   sha256: of every file in the folder, manifest included."""

    folder: Path
    files: tuple[MeshFile, ...]
    sha256: Mapping[str, str]
    at: str

    @property
    def manifest(self) -> Path:
        """Where the manifest lies."""
        return self.folder / MANIFEST


def folder_name(case: str, side: str, at: datetime | None = None) -> str:
    """`<case>_<side>_<date>-<time>`, UTC: a folder of its own for every export."""
    return f"{case}_{side}_{at or datetime.now(UTC):%Y%m%d-%H%M%S}"


def check_request(request: ExportRequest) -> None:
    """Refuse before any work what would be refused after it. Raises RefusedInput; writes nothing."""
    sides = {mesh.side for mesh in request.meshes}
    if not request.meshes or not request.formats:
        raise RefusedInput("nothing is chosen to export; choose at least one bone and one format")
    if len(sides) > 1 or len({mesh.bone for mesh in request.meshes}) < len(request.meshes):
        raise RefusedInput("the bones to export are not of one knee; generate the knee again")
    for name in request.formats:
        format_named(name)
    told, shown = request.meshes[0].side, side_of(request.meshes)
    if shown is not None and shown is not told:
        raise RefusedInput(
            f"the bones lie like those of a {shown.word} knee but are called {told.word}; check the side of the films"
        )
    check_folder(request.folder)
    if request.folder.is_dir() and any(request.folder.iterdir()):  # even an earlier result of Genu
        raise RefusedInput(
            f"{request.folder.name} holds files already, which an export never replaces; choose a new folder"
        )


def export_bones(request: ExportRequest) -> Generator[Event, None, ExportResult]:
    """Write, read back, compare, name. Closing the generator leaves nothing behind.

    Raises RefusedInput for what cannot be exported or a place that is wrong, MachineFailure where the disk fails or a
    file read back is not what the screen shows; nothing is left behind then.
    """
    check_request(request)
    planned = list(files_of(request.meshes, request.case, request.formats))
    with new_folder(request.folder) as partial:
        checked: list[MeshFile] = []
        for name, form, meshes in planned:
            yield Progress("export", len(checked), len(planned) + 1)
            checked.append(_mesh_file(partial / name, form, meshes, request.case))
        yield Progress("export", len(planned), len(planned) + 1)
        papers = dict(request.papers(checked))
        at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = manifest_bytes(request.case, request.meshes, checked, papers, request.origin, version("genu"), at)
        sha256 = {file.name: file.sha256 for file in checked}
        for name, content in {**papers, MANIFEST: manifest}.items():
            sha256[name] = _written(content, partial / name)[1]
    yield Progress("export", len(planned) + 1, len(planned) + 1)
    return ExportResult(request.folder, tuple(checked), MappingProxyType(sha256), at)


def _mesh_file(path: Path, form: str, meshes: Sequence[BoneMesh], case: str) -> MeshFile:
    """Write one mesh file, read it back from the disk and compare."""
    try:
        content = format_named(form).write(meshes, case)
    except ValueError as refusal:
        raise RefusedInput(f"{path.name} cannot be made: {refusal}; generate the knee again") from refusal
    on_disk, sha256 = _written(content, path)
    try:
        read = format_named(form).read(on_disk, path.name)
    except RefusedInput as damage:
        raise MachineFailure(f"{damage}; the disk does not give back what was written") from damage
    return MeshFile(path.name, form, sha256, len(on_disk), compare(meshes, read, path.name))


def _written(content: bytes, path: Path) -> tuple[bytes, str]:
    """Write a file durably; what the disk then gives back, and its SHA-256. MachineFailure where that differs."""
    write_file_atomically(content, path)
    with open(path, "rb") as file:
        if hasattr(os, "posix_fadvise"):  # forget the copy in memory, so that the disk answers
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        on_disk = file.read()
    sha256 = hashlib.sha256(on_disk).hexdigest()
    if sha256 != hashlib.sha256(content).hexdigest():
        raise MachineFailure(f"{path.name} was read back with other content than was written; use another disk")
    return on_disk, sha256
