"""What still stands between two films and a knee: one item a question, each put to the planner, none guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from app.cases.check_draft import CheckDraft
from app.cases.document import Checked
from app.cases.film_draft import SETTLING, FilmDraft, checked_film
from app.cases.scale import Plane
from engine.domain import Source, View

PLAUSIBLE_WIDTH_MM = (60.0, 700.0)  # of a knee film at the detector, as engine.io.radiograph_file has it


class Need(Enum):
    """What is open. PAIR: the films cannot be a pair.   The last three are settled by a plain confirmation."""

    PAIR = "pair"
    SIDE = "side"
    VIEW = "view"
    ORIENTATION = "orientation"
    SCALE = "scale"
    DISTANCES = "distances"
    DOUBT = "doubt"
    DEFAULT_DISTANCES = "default distances"
    WIDTH = "width"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open question. place: of which film, None of the pair.

    record: the engine's sentence (PAIR, DOUBT), or what the case keeps once the planner has confirmed it.
    """

    need: Need
    place: View | None = None
    record: str = ""

    @property
    def by_confirmation(self) -> bool:
        """Whether a plain "yes" settles it."""
        return self.need in (Need.DOUBT, Need.DEFAULT_DISTANCES, Need.WIDTH)


def open_items(draft: CheckDraft) -> tuple[OpenItem, ...]:
    """Everything that keeps the pair from being accepted, the gravest first; empty when it can be."""
    return tuple(_blocking(draft)) + tuple(i for i in _to_confirm(draft) if i.record not in draft.confirmed)


def checked_of(draft: CheckDraft, basis: str) -> Checked:
    """The draft as the document keeps it, with those confirmations that still apply; nothing may be open."""
    assert draft.side is not None
    confirmed = tuple(item.record for item in _to_confirm(draft) if item.record in draft.confirmed)
    return Checked(basis, draft.side, draft.beam, checked_film(draft.ap), checked_film(draft.lateral), confirmed)


def _blocking(draft: CheckDraft) -> Iterator[OpenItem]:
    if draft.refusal:
        yield OpenItem(Need.PAIR, record=draft.refusal)
    if draft.side is None or draft.side.source not in SETTLING:
        yield OpenItem(Need.SIDE)
    for film in (draft.ap, draft.lateral):
        if film.view is None or film.view.source not in SETTLING:
            yield OpenItem(Need.VIEW, film.place)
        if not film.oriented:
            yield OpenItem(Need.ORIENTATION, film.place)
        if film.rays is None:
            yield OpenItem(Need.DISTANCES, film.place)
        elif film.spacing_mm is None:
            yield OpenItem(Need.SCALE, film.place)


def _to_confirm(draft: CheckDraft) -> Iterator[OpenItem]:
    for sentence in draft.doubts:
        yield OpenItem(Need.DOUBT, record=sentence)
    for film in (draft.ap, draft.lateral):
        if _magnified_by_default(film):
            record = f"{film.name}: default source distances {film.sid_mm.value:g} and {film.sod_mm.value:g} mm"
            yield OpenItem(Need.DEFAULT_DISTANCES, film.place, record)
        width = width_mm(film)
        if width is not None and not PLAUSIBLE_WIDTH_MM[0] <= width <= PLAUSIBLE_WIDTH_MM[1]:
            yield OpenItem(Need.WIDTH, film.place, f"{film.name}: {width:.0f} mm wide at the detector")


def _magnified_by_default(film: FilmDraft) -> bool:
    """Whether the scale at the joint rests on distances that nobody stated; a scale measured there does not."""
    defaults = Source.DEFAULT in (film.sid_mm.source, film.sod_mm.source)
    at_joint = film.scale is not None and film.scale.plane is Plane.JOINT
    return defaults and film.rays is not None and not at_joint


def width_mm(film: FilmDraft) -> float | None:
    """Width of the film at the detector as decoded, or None without a scale."""
    spacing = film.spacing_mm
    return None if spacing is None else film.shape[1] * spacing.value[1]
