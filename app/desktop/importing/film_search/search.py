"""From what was dropped to films: list, read headers, decode what may be a knee film; one file an event."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.desktop.importing.film_search.folder import Listed, list_files
from app.desktop.importing.film_search.found import Found, film_of
from app.desktop.importing.film_search.headers import Header, read_headers
from engine.domain import RefusedInput
from engine.io.refusals import refused

MOST_DECODED = 24
_KNEE = ("KNEE", "PATELLA", "LEG", "EXTREMITY", "FEMUR", "TIBIA", "LOWER")


@dataclass(frozen=True, slots=True)
class Searching:
    """How far the search is: of `total` files, `done` have been looked at."""

    done: int
    total: int


def search_films(
    dropped: Sequence[Path], stopped: Callable[[], bool] = lambda: False
) -> Generator[Searching | Found, None, Listed]:
    """Every file as a Found, the likeliest films first; returns what was listed. Ends early once `stopped`.

    Films of another part of the body are decoded only where the planner chose the files themselves.

    Raises MachineFailure when no process can be started to read or decode.
    """
    listed = list_files(dropped)
    named = dict(zip(listed.paths, listed.names, strict=True))
    yield Searching(0, len(named))
    headers = dict(zip(listed.paths, read_headers(listed.paths, stopped), strict=False))
    chosen = [path for path in _likeliest_first(headers) if _worth_decoding(headers[path], listed)][:MOST_DECODED]
    others = headers.keys() - set(chosen)
    for done, path in enumerate([*chosen, *(path for path in headers if path in others)], 1):
        if stopped():
            return listed
        yield _looked_at(path, named[path], headers[path], path in chosen)
        yield Searching(done, len(named))
    return listed


def _likeliest_first(headers: dict[Path, Header]) -> list[Path]:
    films = [path for path, header in headers.items() if "refused" not in header]
    return sorted(films, key=lambda path: (not _names_knee(headers[path]), headers[path]["format"] != "DICOM"))


def _names_knee(header: Header) -> bool:
    return any(word in header.get("BodyPartExamined", "").upper() for word in _KNEE)


def _worth_decoding(header: Header, listed: Listed) -> bool:
    return not listed.from_folder or "BodyPartExamined" not in header or _names_knee(header)


def _looked_at(path: Path, name: str, header: Header, decode: bool) -> Found:
    if "refused" in header:
        return Found(path, name, refused=header["refused"])
    if not decode:
        return Found(path, name, refused=str(_passed_by(path, header)))
    from app.cases.films import decode_path, has_scale

    try:
        film = decode_path(path)
    except RefusedInput as refusal:
        return Found(path, name, refused=str(refusal))
    return Found(path, name, film_of(film, has_scale(film), header))


def _passed_by(path: Path, header: Header) -> RefusedInput:
    part = header.get("BodyPartExamined", "")
    if part and not _names_knee(header):
        return refused(path.name, f"is a film of {part.lower()}", "choose this file by itself if it shows a knee")
    reason = f"was not looked at: there are more than {MOST_DECODED} films here"
    return refused(path.name, reason, "choose the two films themselves")
