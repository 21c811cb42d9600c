"""Two films into a case: their bytes are read once more, compared with what was looked at, and kept by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore, OpenCase
from app.desktop.importing.film_search.found import Found
from engine.domain import RefusedInput
from engine.io.limits import FILE_BYTES
from engine.io.refusals import refused

Taken = list[tuple[str, bytes]]


def take(films: Sequence[Found]) -> Taken:
    """Name and bytes of each film.

    Raises RefusedInput where a file is gone, or no longer the one that was looked at.
    """
    return [(entry.path.name, _bytes_of(entry)) for entry in films]


def _bytes_of(entry: Found) -> bytes:
    try:
        with open(entry.path, "rb") as file:
            content = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise refused(entry.path.name, f"cannot be read ({error.strerror})", "check where it lies") from error
    if entry.film is None or hashlib.sha256(content).hexdigest() != entry.film.sha256:
        raise refused(entry.path.name, "has changed since it was looked at", "open it again")
    return content


def put_films(case: OpenCase, taken: Taken) -> tuple[FilmEntry, ...]:
    """The films as files of an open case, for a document that will name them. Errors as of OpenCase.put."""
    return tuple(FilmEntry(case.put(content), name) for name, content in taken)


def new_case_with(store: CaseStore, films: Sequence[Found], title: str) -> tuple[OpenCase, tuple[FilmEntry, ...]]:
    """A new case, open, with the films as files but not yet named by its document; nothing stays when this raises."""
    taken = take(films)
    case = store.create(new_case(title))
    try:
        return case, put_films(case, taken)
    except BaseException:
        case_id = case.document.id
        case.close()
        store.delete(case_id)
        raise


def sample_paths(folder: Path) -> tuple[Path, Path]:
    """The two films of the sample case. Raises RefusedInput when this installation lacks one."""
    paths = folder / "ap.dcm", folder / "lateral.dcm"
    if missing := [path.name for path in paths if not path.is_file()]:
        raise RefusedInput(f"The sample case lacks {missing[0]}; install Genu again")
    return paths
