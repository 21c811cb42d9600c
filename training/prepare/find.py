"""What lies in an archive: DICOM series by UID, radiographs, NIfTI files with their labels, and the rest by name."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from engine.domain import RefusedInput
from engine.progress import Event, Progress
from training.prepare.real_films import FoundFilm, films_within
from training.prepare.salt import Salt
from training.prepare.slice_header import read_slice_header

LABELS = "_labels.nii.gz"
_AT_ONCE = 256
# Computed and digital X-ray images, and radiofluoroscopic ones: what a knee film may be stored as.
_FILMS = tuple(f"1.2.840.10008.5.1.4.1.1.{end}" for end in ("1", "1.1", "12.2"))


@dataclass(frozen=True, slots=True)
class Found:
    """A series, a NIfTI, or a file of neither kind.

    key, patient and site: salted hashes. files: sorted. labels: of a NIfTI. laterality: "L", "R" or ''. refusal: why
    it can be told from its headers alone that it is of no use. day: it was taken on, as a count, None unsaid. films:
    radiographs of the patient that may show its knees, the nearest in time first.
    """

    key: str
    kind: str
    files: tuple[Path, ...]
    patient: str
    site: str
    labels: Path | None = None
    laterality: str = ""
    refusal: str = ""
    day: int | None = None
    films: tuple[FoundFilm, ...] = ()


@dataclass(frozen=True, slots=True)
class Sites:
    """Where a site is read from: "institution" in the header, a folder level below the archive, or nowhere (None)."""

    source: str | int | None = None
    patient_level: int | None = None


@dataclass(slots=True)
class _Series:
    files: list[Path] = field(default_factory=list)
    patients: set[str] = field(default_factory=set)
    sites: set[str] = field(default_factory=set)
    sides: set[str] = field(default_factory=set)
    days: set[int] = field(default_factory=set)


def find(
    folders: Sequence[Path], salt: Salt, sites: Sites, film_days: int, pool: Executor | None
) -> Generator[Event, None, tuple[tuple[Found, ...], tuple[FoundFilm, ...]]]:
    """Walk folders and read all headers: series and other files, each with its patient's films, and all films.

    film_days: most days between a CT and a film of it. Raises RefusedInput for a folder that cannot be listed.
    """
    series: dict[str, _Series] = {}
    others: list[Found] = []
    films: dict[str, FoundFilm] = {}
    files = [(root, path) for root in folders for path in _files(root)]
    blocks = [files[n : n + _AT_ONCE] for n in range(0, len(files), _AT_ONCE)]
    yield Progress("files", 0, len(files))
    done = 0
    for block, heads in zip(blocks, (pool.map if pool else map)(_heads, blocks), strict=True):
        for (root, path), head in zip(block, heads, strict=True):
            if isinstance(head, str):
                place = f"{folders.index(root)}/{path.relative_to(root)}"
                others.extend([_other(root, path, place, head, salt, sites)] if head else [])
            elif head["SOPClassUID"] in _FILMS:
                film = _film(root, path, head, salt, sites)
                films.setdefault(film.key, film)
            else:
                _add(series, root, path, head, sites)
        done += len(block)
        yield Progress("files", done, len(files))
    found = [_found(uid, one, salt) for uid, one in series.items()]
    near = [replace(f, films=films_within(films.values(), f.patient, f.day, film_days)) for f in found]
    return tuple(sorted([*near, *others], key=lambda one: one.key)), tuple(films[key] for key in sorted(films))


def _files(root: Path) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        raise RefusedInput(f"{error.filename} cannot be listed ({error.strerror}); check its permissions")

    for folder, inner, names in os.walk(root, onerror=unreadable):
        inner.sort()
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))


def _heads(block: Iterable[tuple[Path, Path]]) -> list[dict[str, str] | str]:
    """What matters of each DICOM header; else "nifti", why a file is refused, or '' for one that goes with another."""
    return [_head(path) for _, path in block]


_KEPT = (
    "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "PatientID", "InstitutionName",
    "Laterality", "AcquisitionDate", "StudyDate",
)  # fmt: skip


def _head(path: Path) -> dict[str, str] | str:
    name = path.name.lower()
    if name.endswith(LABELS):
        return "" if path.with_name(path.name[: -len(LABELS)] + ".nii.gz").exists() else "labels without their CT"
    if name.endswith((".nii", ".nii.gz")):
        return "nifti"
    if name == "dicomdir":
        return ""
    try:
        header = read_slice_header(path)
    except RefusedInput as refusal:
        return str(refusal)
    if header is None:
        return "it is neither DICOM nor NIfTI; leave it out"
    facts = {keyword: header.text(keyword) for keyword in _KEPT}
    return facts if facts["SeriesInstanceUID"] else "it has no Series Instance UID; export it again"


def _add(series: dict[str, _Series], root: Path, path: Path, head: dict[str, str], sites: Sites) -> None:
    one = series.setdefault(head["SeriesInstanceUID"], _Series())
    one.files.append(path)
    one.patients.add(_patient(head))
    one.sites.add(_site(root, path, head, sites))
    one.sides.add(head["Laterality"])
    one.days |= {day for day in [_day(head)] if day is not None}


def _film(root: Path, path: Path, head: Mapping[str, str], salt: Salt, sites: Sites) -> FoundFilm:
    patient, site = salt.hash("patient", _patient(head)), salt.hash("site", _site(root, path, head, sites))
    key = salt.hash("film", head["SOPInstanceUID"] or str(path.relative_to(root)))
    return FoundFilm(key, path, patient, site, _day(head))


def _patient(head: Mapping[str, str]) -> str:
    return head["PatientID"] or f"study {head['StudyInstanceUID']}"


def _site(root: Path, path: Path, head: Mapping[str, str], sites: Sites) -> str:
    return head["InstitutionName"] if sites.source == "institution" else _level(root, path, sites.source)


def _day(head: Mapping[str, str]) -> int | None:
    """The day of an image (PS3.5 DA, with the dots of ACR-NEMA or without), counted; None where it says none."""
    text = (head["AcquisitionDate"] or head["StudyDate"]).replace(".", "")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
    except ValueError:
        return None


def _level(root: Path, path: Path, level: str | int | None) -> str:
    """Name of the folder `level` steps below the archive; '' where there is none."""
    parts = path.relative_to(root).parts[:-1]
    return parts[level - 1] if isinstance(level, int) and 0 < level <= len(parts) else ""


def _found(uid: str, one: _Series, salt: Salt) -> Found:
    refusal = ""
    if len(one.patients) > 1:
        refusal = "it holds slices of several patients; split it into series of one each"
    return Found(
        key=salt.hash("series", uid),
        kind="DICOM",
        files=tuple(sorted(one.files)),
        patient=salt.hash("patient", min(one.patients)),
        site=salt.hash("site", min(one.sites)),
        laterality=min(one.sides) if len(one.sides) == 1 else "",
        refusal=refusal,
        day=min(one.days, default=None),
    )


def _other(root: Path, path: Path, place: str, head: str, salt: Salt, sites: Sites) -> Found:
    """A NIfTI, or a file that is refused. place: its name within the archive."""
    nifti = head == "nifti"
    labels = path.with_name(path.name.removesuffix(".gz").removesuffix(".nii") + LABELS)
    return Found(
        key=salt.hash("file", place),
        kind="NIfTI" if nifti else "file",
        files=(path,),
        patient=salt.hash("patient", _level(root, path, sites.patient_level) or f"file {place}"),
        site=salt.hash("site", _level(root, path, sites.source)),
        labels=labels if nifti and labels.exists() else None,
        refusal="" if nifti else head,
    )
