"""Radiographs of the patient of a CT: which of them show a knee of it, the nearest in time of each view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.domain import Radiograph, RefusedInput, Side, View
from engine.io.radiograph_file import read_radiograph

PAIRED = ""


@dataclass(frozen=True, slots=True)
class FoundFilm:
    """A radiograph in an archive. key, patient, site: salted hashes. day: it was taken on, as a count, None unsaid."""

    key: str
    path: Path
    patient: str
    site: str
    day: int | None


@dataclass(slots=True)
class ChosenFilms:
    """The films of one CT's knees by side and view, each with its key; and why the others are not among them."""

    of_side: dict[Side, dict[View, tuple[str, Radiograph]]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def films_within(films: Iterable[FoundFilm], patient: str, day: int | None, days: int) -> tuple[FoundFilm, ...]:
    """A patient's films at most `days` before or after a day, the nearest first."""
    if day is None:
        return ()
    near = [film for film in films if film.patient == patient and film.day is not None and abs(film.day - day) <= days]
    return tuple(sorted(near, key=lambda film: (abs((film.day or 0) - day), film.key)))


def chosen_films(films: Sequence[FoundFilm], sides: Iterable[Side]) -> ChosenFilms:
    """The first usable film of each view of each side, in the order of `films`."""
    chosen = ChosenFilms({side: {} for side in sides})
    for film in films:
        try:
            radiograph = read_radiograph(film.path)
        except RefusedInput as refusal:
            chosen.reasons[film.key] = str(refusal).replace(film.path.name, "it")
            continue
        chosen.reasons[film.key] = _chosen(film.key, radiograph, chosen.of_side)
    return chosen


def _chosen(key: str, film: Radiograph, of_side: Mapping[Side, dict[View, tuple[str, Radiograph]]]) -> str:
    if film.view is None or film.side is None:
        return f"it does not say which {'view' if film.view is None else 'knee'} it shows"
    if film.side not in of_side:
        return f"no {film.side.word} knee was taken from the CT"
    if film.view in of_side[film.side]:
        return "another film of this view is nearer in time to the CT"
    of_side[film.side][film.view] = (key, film)
    return PAIRED
