"""What keeps a patient out of a report: names of people and of their files do not leave the store. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.cases.document import CaseDocument
from engine.domain import CalibratedPair, Identity, Radiograph

_PERSON = "[patient]"
_BURNT_IN = "has burned-in text"  # engine.io.intensity
_LETTERS = re.compile(r"[^\W\d_]+")


def without_films(
    document: CaseDocument, report: Mapping[str, Any], pair: CalibratedPair | None
) -> Callable[[str], str]:
    """A function that replaces the films' names by their view: such files are often called after the patient."""
    return _replacing(_film_names(document, report, pair))


def without_people(document: CaseDocument, report: Mapping[str, Any], pair: CalibratedPair) -> Callable[[str], str]:
    """As `without_films`, and what names the patient becomes `[patient]`: for what the planner wrote."""
    people = {part for film, _ in pair.views for part in _personal(film.identity)} | {document.title.strip()}
    return _replacing({**dict.fromkeys(people, _PERSON), **_film_names(document, report, pair)})


def text_is_burnt_in(film: Radiograph) -> bool:
    """Whether the film's file says that text stands in its pixels, which may be the patient's name."""
    return any(_BURNT_IN in warning for warning in film.warnings)


def _replacing(table: Mapping[str, str]) -> Callable[[str], str]:
    """A function that puts the values in the place of the keys, the longest first, whatever their case."""
    words = [_pattern(word) for word in sorted(table, key=len, reverse=True) if word]
    if not words:
        return lambda text: text
    pattern = re.compile("|".join(words), re.IGNORECASE)
    folded = {word.casefold(): instead for word, instead in table.items()}
    return lambda text: pattern.sub(lambda found: folded.get(found.group().casefold(), _PERSON), text)


def _pattern(word: str) -> str:
    """Whole words only, where the script puts spaces between words."""
    return rf"(?<!\w){re.escape(word)}(?!\w)" if word.isascii() else re.escape(word)


def _film_names(document: CaseDocument, report: Mapping[str, Any], pair: CalibratedPair | None) -> dict[str, str]:
    checked = document.checked
    views = {} if checked is None else {checked.ap.blob: "AP", checked.lateral.blob: "LATERAL"}
    named = {film.name: _word(views.get(film.blob, "")) for film in document.films}
    inputs = [one for one in report.get("inputs", ()) if isinstance(one, Mapping)]
    named |= {str(one.get("file", "")): _word(str(one.get("view", ""))) for one in inputs}
    films = [film for film, _ in pair.views] if pair else []
    return named | {film.source_name: _word(film.view.value if film.view else "") for film in films}


def _word(view: str) -> str:
    return {"AP": "AP film", "LATERAL": "lateral film"}.get(view, "film")


def _personal(identity: Identity) -> set[str]:
    """The number, the name as written, and each part of it that is long enough to be told from a common word."""
    numbers = {value for value in (identity.patient_id, identity.birth_date) if len(value) > 2}
    return numbers | _parts(identity.patient_name) | ({identity.patient_name} if identity.patient_name else set())


def _parts(name: str) -> set[str]:
    return {part for part in _LETTERS.findall(name) if len(part) > 2 or (len(part) > 1 and not part.isascii())}
