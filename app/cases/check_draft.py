"""The Check step while the planner works on it: two films as a pair, what is proposed, and what was corrected.

Pure functions from draft to draft. A film alone is in app.cases.film_draft; what is open, in app.cases.check_needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.cases.document import Checked, CheckedFilm, Decision
from app.cases.film_draft import FilmDraft, moved, placed, restored
from app.cases.films import DEFAULT_BEAM, pair_of
from engine.domain import LateralBeam, Radiograph, RefusedInput, Side, Source, View


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """The pair in work. refusal: why these two films are no pair, or "".   doubts: the engine's, to be confirmed.

    confirmed: records of what the planner has confirmed.
    """

    ap: FilmDraft
    lateral: FilmDraft
    side: Decision | None
    beam: Decision = DEFAULT_BEAM
    refusal: str = ""
    doubts: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()

    def film(self, view: View) -> FilmDraft:
        """The film in the place of a view."""
        return self.ap if view is View.AP else self.lateral

    def with_film(self, film: FilmDraft) -> CheckDraft:
        """The draft with another state of the film in the same place."""
        return replace(self, ap=film) if film.place is View.AP else replace(self, lateral=film)


# Where a draft comes from -------------------------------------------------------------------------------------------


def new_draft(films: Mapping[str, Radiograph], checked: Checked | None) -> CheckDraft:
    """The draft of a case's films (by blob, in the order of import, two or more), from what was accepted before."""
    if checked is not None and {checked.ap.blob, checked.lateral.blob} <= set(films):
        ap, lateral = (restored(films[kept.blob], kept, v) for kept, v in _kept(checked))
        fresh = paired_draft(films, ap.blob, lateral.blob)
        return replace(fresh, ap=ap, lateral=lateral, side=checked.side, beam=checked.beam, confirmed=checked.confirmed)
    return paired_draft(films, *_likeliest(films))


def paired_draft(films: Mapping[str, Radiograph], ap: str, lateral: str) -> CheckDraft:
    """A fresh draft with two blobs as AP and lateral film, of what their files propose."""
    first, second = placed(films[ap], View.AP), placed(films[lateral], View.LATERAL)
    refusal, doubts = _identity(films[ap], films[lateral])
    return CheckDraft(first, second, _agreed_side(first, second), refusal=refusal, doubts=doubts)


def swapped(draft: CheckDraft, films: Mapping[str, Radiograph]) -> CheckDraft:
    """Each film in the other's place. Scale and distances stay with their film; view and direction are asked again."""
    fresh = paired_draft(films, draft.lateral.blob, draft.ap.blob)
    return replace(
        fresh,
        ap=moved(draft.lateral, fresh.ap),
        lateral=moved(draft.ap, fresh.lateral),
        side=draft.side,
        beam=draft.beam,
    )


def _kept(checked: Checked) -> tuple[tuple[CheckedFilm, View], ...]:
    return (checked.ap, View.AP), (checked.lateral, View.LATERAL)


def _likeliest(films: Mapping[str, Radiograph]) -> tuple[str, str]:
    """Blobs of an AP and a lateral film by what the files say, else in their order."""
    blobs = list(films)
    lateral = next((b for b in blobs if films[b].view is View.LATERAL), None)
    ap = next((b for b in blobs if films[b].view is View.AP), next(b for b in blobs if b != lateral))
    return ap, lateral or next(b for b in blobs if b != ap)


def _agreed_side(ap: FilmDraft, lateral: FilmDraft) -> Decision | None:
    """The side where both files say the same; anything else is the planner's to say."""
    first, second = ap.proposed.side, lateral.proposed.side
    if first is None or second is None or first.value != second.value:
        return None
    return replace(first, detail=f"{first.detail}, on both films")


def _identity(ap: Radiograph, lateral: Radiograph) -> tuple[str, tuple[str, ...]]:
    """Why two films cannot be a pair whatever is settled, and what speaks against it."""
    speck = np.zeros((2, 2), np.float32)  # identity does not depend on pixels
    first = replace(ap, pixels=speck, view=View.AP, side=Side.RIGHT)
    second = replace(lateral, pixels=speck, view=View.LATERAL, side=Side.RIGHT, warnings=())
    try:
        return "", pair_of(first, second).lateral.warnings
    except RefusedInput as told:
        return str(told), ()


# What the planner does ----------------------------------------------------------------------------------------------


def with_side(draft: CheckDraft, side: Side) -> CheckDraft:
    """The planner's word for the side of both films, with what of the files it overrules."""
    said = [
        f"{film.name} says {film.proposed.side.value}"
        for film in (draft.ap, draft.lateral)
        if film.proposed.side and film.proposed.side.value != side.value
    ]
    detail = "; ".join(["chosen on the image", *said])
    return replace(draft, side=Decision(side.value, Source.USER, detail))


def with_beam(draft: CheckDraft, beam: LateralBeam) -> CheckDraft:
    """The planner's word for the way the lateral beam runs."""
    return replace(draft, beam=Decision(beam.value, Source.USER, "chosen on the Check page"))


def with_confirmed(draft: CheckDraft, record: str) -> CheckDraft:
    """A doubt that the planner has confirmed."""
    return replace(draft, confirmed=(*(kept for kept in draft.confirmed if kept != record), record))
