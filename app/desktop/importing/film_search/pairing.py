"""Which two of the films may become a case, and what stands against it. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from app.desktop.importing.film_search.found import Found, FoundFilm
from engine.domain import View


class Doubt(Enum):
    """What may be wrong with two films. The first three forbid the pair; the others are for the Check page."""

    SAME_FILE = "same file"
    TWO_PATIENTS = "two patients"
    TWO_BIRTHDAYS = "two birthdays"
    SAME_VIEW = "same view"
    TWO_SIDES = "two sides"
    TWO_DATES = "two dates"
    TWO_NAMES = "two names"

    @property
    def forbids(self) -> bool:
        """Whether the two films cannot be of one knee."""
        return self in (Doubt.SAME_FILE, Doubt.TWO_PATIENTS, Doubt.TWO_BIRTHDAYS)


def doubts(one: FoundFilm, other: FoundFilm) -> tuple[Doubt, ...]:
    """What the two files say against being the AP and the lateral film of one knee of one patient."""
    if one.sha256 == other.sha256:
        return (Doubt.SAME_FILE,)
    a, b = one.identity, other.identity
    same_id = bool(a.patient_id) and a.patient_id == b.patient_id
    names_differ = _differ(a.patient_name, b.patient_name)
    checks = (
        (Doubt.TWO_PATIENTS, _differ(a.patient_id, b.patient_id) or (names_differ and not same_id)),
        (Doubt.TWO_BIRTHDAYS, _differ(a.birth_date, b.birth_date)),
        (Doubt.SAME_VIEW, one.view is not None and one.view is other.view),
        (Doubt.TWO_SIDES, one.side is not None and other.side is not None and one.side is not other.side),
        (Doubt.TWO_DATES, _differ(a.study_date, b.study_date)),
        (Doubt.TWO_NAMES, names_differ and same_id),
    )
    return tuple(doubt for doubt, applies in checks if applies)


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def chosen_at_first(found: Sequence[Found]) -> tuple[Found, ...]:
    """The two films when there are no more than two, else none: with more, the planner chooses."""
    films = tuple(entry for entry in found if entry.film is not None)
    return films if len(films) == 2 else ()


def ap_first(one: Found, other: Found) -> tuple[Found, Found]:
    """The same two, the AP first where the files say so."""
    swapped = _view(one) is View.LATERAL or _view(other) is View.AP
    return (other, one) if swapped and _view(one) is not View.AP else (one, other)


def _view(entry: Found) -> View | None:
    return None if entry.film is None else entry.film.view


def case_title(films: Sequence[FoundFilm], fallback: str) -> str:
    """A title to propose: the patient's name as it is written, else the patient's number, else `fallback`."""
    for film in films:
        if name := person_name(film.identity.patient_name):
            return name
    return next((film.identity.patient_id for film in films if film.identity.patient_id), fallback)


def person_name(text: str) -> str:
    """A DICOM person name (PS3.5 6.2.1) for people: "Family, Given"; a name in its own script stands first.

    Text that only looks like groups, because somebody wrote "=" into a name, is shown as it stands.
    """
    first, *others = text.strip().split("=")
    others = [group for group in others if group.strip("^ ")]
    if len(others) > 2 or any(group.isascii() for group in others):
        return text.strip()
    own_script = next(iter(others), "")
    latin = _group_words(first)
    if own_script and latin:
        return f"{_group_words(own_script)} ({latin})"
    return latin or _group_words(own_script)


def _group_words(group: str) -> str:
    family, given, *_rest = [part.strip() for part in f"{group}^".split("^")]
    if not (family and given):
        return family or given
    return f"{family}, {given}" if group.isascii() or "," in group else f"{family} {given}"
