"""The Check page's values and questions in the planner's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.cases.check_draft import CheckDraft
from app.cases.check_needs import Need, OpenItem
from app.cases.document import Decision
from app.cases.film_draft import FITTING, FilmDraft
from app.cases.films import opposite
from app.desktop.parts.anatomy_words import view_name
from app.desktop.parts.spoken import spoken
from engine.domain import LateralBeam, Side, Source, View

translate = QCoreApplication.translate


def film_word(view: View) -> str:
    """The film by its view."""
    return {View.AP: translate("check", "AP film"), View.LATERAL: translate("check", "Lateral film")}[view]


def side_word(side: Side) -> str:
    """The knee by its side."""
    return {Side.RIGHT: translate("check", "Right knee"), Side.LEFT: translate("check", "Left knee")}[side]


def beam_word(beam: LateralBeam) -> str:
    """The way the lateral beam runs."""
    return {
        LateralBeam.MEDIOLATERAL: translate("check", "Mediolateral: tube at the inner side"),
        LateralBeam.LATEROMEDIAL: translate("check", "Lateromedial: tube at the outer side"),
    }[beam]


def direction_word(direction: str) -> str:
    """A direction by its letter, in words."""
    return {
        "L": translate("check", "the patient's left"),
        "R": translate("check", "the patient's right"),
        "A": translate("check", "the front of the knee"),
        "P": translate("check", "the back of the knee"),
        "H": translate("check", "the head"),
        "F": translate("check", "the foot"),
    }[direction]


def provenance_words(decision: Decision | None) -> str:
    """Who settled a value, and how."""
    if decision is None:
        return translate("check", "Not settled yet")
    who = {
        Source.FILE: translate("check", "From the file: {0}"),
        Source.USER: translate("check", "By you: {0}"),
        Source.DEFAULT: translate("check", "Genu's default: {0}"),
        Source.ESTIMATED: translate("check", "Estimated: {0}"),
    }
    return who[decision.source].format(spoken(decision.detail))


def edges_word(film: FilmDraft) -> str:
    """The directions of the left and the right edge, as on the film."""
    return f"{opposite(film.columns.value)} – {film.columns.value}"


def question(item: OpenItem, draft: CheckDraft) -> str:
    """An open item as a sentence. The engine's own sentences are shown as they are."""
    if item.need in (Need.PAIR, Need.DOUBT):
        return spoken(item.record)
    if item.place is None:
        return _side_question(draft)
    film = draft.film(item.place)
    view = view_name(item.place)
    sentences = {
        Need.VIEW: _view_question,
        Need.ORIENTATION: _orientation_question,
        Need.SCALE: lambda _: translate("check", "{0}: no scale yet").format(view),
        Need.DISTANCES: lambda _: translate("check", "{0}: the distances contradict each other").format(view),
        Need.DEFAULT_DISTANCES: lambda film: translate("check", "{0}: distances of {1} and {2} mm, by default?").format(
            view, QLocale().toString(film.sid_mm.value, "g"), QLocale().toString(film.sod_mm.value, "g")
        ),
        Need.WIDTH: lambda film: translate("check", "{0}: {1} mm wide. Is that so?").format(
            view, f"{_width(film):.0f}"
        ),
    }
    return sentences[item.need](film)


def _width(film: FilmDraft) -> float:
    return film.shape[1] * film.spacing_mm.value[1] if film.spacing_mm else 0.0


def _side_question(draft: CheckDraft) -> str:
    said = [(film.name, film.proposed.side) for film in (draft.ap, draft.lateral)]
    speaking = [(name, side_word(Side(side.value))) for name, side in said if side is not None]
    if not speaking:
        return translate("check", "Which knee is it? The files do not say")
    parts = [translate("check", "{0} says {1}").format(name, word) for name, word in speaking]
    parts += [translate("check", "{0} does not say").format(name) for name, side in said if side is None]
    return translate("check", "Which knee is it? {0}").format(", ".join(parts))


def _view_question(film: FilmDraft) -> str:
    view, said = view_name(film.place), film.proposed.view
    if said is None:
        return translate("check", "Is {1} the {0} film?").format(view, film.name)
    if said.value == film.place.value:
        return translate("check", "Is {1} the {0} film? {2} suggests it").format(view, film.name, said.detail)
    other = view_name(View(said.value))
    return translate("check", "{2} is {1} by its file. Swap the films, or confirm {0}").format(view, other, film.name)


def _orientation_question(film: FilmDraft) -> str:
    view = view_name(film.place)
    if film.bottom != "F":
        return translate("check", "{0}: the foot is not at the bottom. Turn the film").format(view)
    if film.columns.value not in FITTING[film.place]:
        return translate("check", "{0}: the file's directions do not fit the view").format(view)
    return translate("check", "{0}: is {1} at the right edge?").format(view, direction_word(film.columns.value))
