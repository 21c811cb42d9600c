"""One film in the work of the Check step: where it hangs, its scale, its distances, and who said each.

Everything is a pure function from draft to draft. A turn or a mirror image takes the directions of the edges along, so
that the patient never changes sides by the way the film is hung.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.cases.document import CheckedFilm, Decision
from app.cases.films import Proposal, oriented_edges, oriented_spacing, proposal
from app.cases.scale import Plane, Rays
from engine.domain import Radiograph, RefusedInput, Source, View
from engine.domain.radiograph import SPACING_RANGE_MM
from engine.geometry.calibrate import DEFAULT_OBJECT_TO_DETECTOR_MM

USUAL_COLUMNS = {View.AP: "L", View.LATERAL: "A"}
FITTING = {View.AP: "LR", View.LATERAL: "AP"}
SETTLING = (Source.FILE, Source.USER)
_CALIBRATED = "x magnification"  # engine.io.spacing: PixelSpacing in the patient, brought to the detector


@dataclass(frozen=True, slots=True)
class Scale:
    """Millimetres (row, column) a pixel measures in a plane, of the pixels as decoded, and who said so."""

    mm: tuple[float, float]
    plane: Plane
    source: Source
    detail: str


@dataclass(frozen=True, slots=True)
class FilmDraft:
    """One film in its place.

    place: the view whose place it has.   view: settled, or None.   columns: direction of the right edge as shown, and
    who said it.   bottom: direction of the lower edge as shown.   shape: (rows, columns) as decoded.
    aspect: row over column spacing as decoded.
    """

    blob: str
    name: str
    proposed: Proposal
    shape: tuple[int, int]
    aspect: float
    place: View
    view: Decision | None
    scale: Scale | None
    sid_mm: Decision
    sod_mm: Decision
    columns: Decision
    bottom: str = "F"
    quarter_turns: int = 0
    mirrored: bool = False

    @property
    def rays(self) -> Rays | None:
        """The distances, or None where they contradict each other."""
        try:
            return Rays(self.sid_mm.value, self.sod_mm.value)
        except RefusedInput:
            return None

    @property
    def spacing_mm(self) -> Decision | None:
        """[row, column] at the detector of the pixels as decoded, or None where it is unknown."""
        if self.scale is None or self.rays is None:
            return None
        factor = self.rays.magnification(self.scale.plane)
        exact = self.scale.plane is Plane.DETECTOR
        values = [mm if exact else round(mm * factor, 9) for mm in self.scale.mm]
        return Decision(values, self.scale.source, self.scale.detail)

    @property
    def shown_aspect(self) -> float:
        """Row over column spacing as shown."""
        return 1 / self.aspect if self.quarter_turns % 2 else self.aspect

    @property
    def shown_shape(self) -> tuple[int, int]:
        """(rows, columns) as shown."""
        rows, columns = self.shape
        return (columns, rows) if self.quarter_turns % 2 else (rows, columns)

    @property
    def oriented(self) -> bool:
        """Whether it is settled which way the columns run, in a way that a film of its place can have."""
        return self.columns.source in SETTLING and self.bottom == "F" and self.columns.value in FITTING[self.place]


# Where a draft comes from -------------------------------------------------------------------------------------------


def placed(film: Radiograph, place: View) -> FilmDraft:
    """A decoded film in a place, as its file proposes it. A view that contradicts the place stays open."""
    said = proposal(film)
    fits = said.view is not None and said.view.value == place.value
    row, column = film.pixel_spacing_mm
    draft = FilmDraft(
        blob=film.sha256,
        name=film.source_name,
        proposed=said,
        shape=(film.pixels.shape[0], film.pixels.shape[1]),
        aspect=row / column,
        place=place,
        view=said.view if fits else None,
        scale=None,
        sid_mm=said.sid_mm,
        sod_mm=said.sod_mm,
        columns=_usual(said.columns_run_to, place),
    )
    return replace(draft, scale=_scale(said.spacing_mm, draft.rays))


def _usual(columns: Decision, place: View) -> Decision:
    """A default direction is that of the film's place."""
    if columns.source is not Source.DEFAULT:
        return columns
    return Decision(USUAL_COLUMNS[place], Source.DEFAULT, f"{USUAL_COLUMNS[place]}, not in the file")


def restored(film: Radiograph, kept: CheckedFilm, place: View) -> FilmDraft:
    """A decoded film as it was accepted."""
    draft = replace(
        placed(film, place),
        view=kept.view,
        sid_mm=kept.sid_mm,
        sod_mm=kept.sod_mm,
        columns=kept.columns_run_to,
        quarter_turns=kept.quarter_turns,
        mirrored=kept.mirrored,
    )
    return replace(draft, scale=_scale(kept.spacing_mm, draft.rays))


def moved(film: FilmDraft, fresh: FilmDraft) -> FilmDraft:
    """`fresh` (the same film in a new place, as its file proposes it) hung and measured as `film` was."""
    right, bottom = oriented_edges(fresh.columns.value, "F", film.quarter_turns, film.mirrored)
    of_file = fresh.columns.source is not Source.DEFAULT
    return replace(
        fresh,
        scale=film.scale,
        sid_mm=film.sid_mm,
        sod_mm=film.sod_mm,
        quarter_turns=film.quarter_turns,
        mirrored=film.mirrored,
        columns=replace(fresh.columns, value=right) if of_file else fresh.columns,
        bottom=bottom if of_file else "F",
    )


def _scale(spacing_mm: Decision | None, rays: Rays | None) -> Scale | None:
    """What a decision about spacing at the detector knows: the scale there, or the scale at the joint."""
    if spacing_mm is None or rays is None:
        return None
    at_joint = spacing_mm.detail.endswith(Plane.JOINT.value) or _CALIBRATED in spacing_mm.detail
    plane = Plane.JOINT if at_joint else Plane.DETECTOR
    row, column = (float(value) / rays.magnification(plane) for value in spacing_mm.value)
    return Scale((row, column), plane, spacing_mm.source, spacing_mm.detail)


# What the planner does ----------------------------------------------------------------------------------------------


def with_view(film: FilmDraft) -> FilmDraft:
    """The planner's word that the film is in its place, with what of the file it overrules."""
    said = film.proposed.view
    overruled = f"; {said.detail} says {said.value}" if said is not None and said.value != film.place.value else ""
    return replace(film, view=Decision(film.place.value, Source.USER, f"confirmed on the image{overruled}"))


def with_columns(film: FilmDraft, direction: str) -> FilmDraft:
    """The planner's word for the direction of the right edge of the film as shown, the foot being at the bottom."""
    said = film.proposed.columns_run_to
    shown = oriented_edges(said.value, "F", film.quarter_turns, film.mirrored)
    overrules = said.source is not Source.DEFAULT and shown != (direction, "F")
    detail = "confirmed on the image" + (f"; {said.detail} overruled" if overrules else "")
    return replace(film, columns=Decision(direction, Source.USER, detail), bottom="F")


def turned(film: FilmDraft, quarter_turns: int) -> FilmDraft:
    """The film turned clockwise as shown. A direction that somebody stated turns along; a default stays a default."""
    before = -film.quarter_turns if film.mirrored else film.quarter_turns
    after = (before + quarter_turns) % 4
    return _hung(film, (-after if film.mirrored else after) % 4, film.mirrored, quarter_turns, False)


def mirrored(film: FilmDraft) -> FilmDraft:
    """The film's left and right as shown exchanged; L becomes R with it, or A becomes P."""
    return _hung(film, film.quarter_turns, not film.mirrored, 0, True)


def _hung(film: FilmDraft, turns: int, mirror: bool, turned_by: int, mirrored_now: bool) -> FilmDraft:
    right, bottom = film.columns.value, film.bottom
    if film.columns.source is not Source.DEFAULT:
        right, bottom = oriented_edges(right, bottom, turned_by, mirrored_now)
    return replace(
        film, quarter_turns=turns, mirrored=mirror, columns=replace(film.columns, value=right), bottom=bottom
    )


def with_scale(film: FilmDraft, scale: Scale) -> FilmDraft:
    """Another scale, of the pixels as decoded."""
    return replace(film, scale=scale)


def with_column_spacing(film: FilmDraft, column_mm: float) -> FilmDraft:
    """The planner's word for the width at the detector of a pixel as shown; the shape of the pixels stays.

    Raises RefusedInput for a spacing that no film has.
    """
    low, high = SPACING_RANGE_MM
    shown = (column_mm * film.shown_aspect, column_mm)
    if not low <= min(shown) <= max(shown) <= high:
        raise RefusedInput(
            f"{film.name}: a pixel spacing of {column_mm:g} mm is not in {low:g} to {high:g} mm; correct it"
        )
    mm = oriented_spacing(shown, film.quarter_turns)
    return with_scale(film, Scale(mm, Plane.DETECTOR, Source.USER, "entered"))


def with_sid(film: FilmDraft, sid_mm: float) -> FilmDraft:
    """Another source-detector distance. A SOD that nobody stated keeps its relation to it."""
    sod = film.sod_mm
    if sod.source is Source.DEFAULT:
        sod = replace(sod, value=sid_mm - DEFAULT_OBJECT_TO_DETECTOR_MM)
    elif sod.source is Source.ESTIMATED:
        sod = replace(sod, value=sid_mm * sod.value / film.sid_mm.value)
    return replace(film, sid_mm=Decision(sid_mm, Source.USER, "entered"), sod_mm=sod)


def with_sod(film: FilmDraft, sod_mm: float) -> FilmDraft:
    """Another source-object distance."""
    return replace(film, sod_mm=Decision(sod_mm, Source.USER, "entered"))


# What is accepted ---------------------------------------------------------------------------------------------------


def checked_film(film: FilmDraft) -> CheckedFilm:
    """The film as the document keeps it; view and scale must be settled."""
    assert film.view is not None
    assert film.spacing_mm is not None
    return CheckedFilm(
        blob=film.blob,
        view=film.view,
        spacing_mm=film.spacing_mm,
        sid_mm=film.sid_mm,
        sod_mm=film.sod_mm,
        columns_run_to=film.columns,
        quarter_turns=film.quarter_turns,
        mirrored=film.mirrored,
    )
