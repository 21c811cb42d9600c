"""Imported films: decoded before anything is settled, what their files propose, and the planner's decisions applied.

A film stands upright when it is decoded (its rows run to the foot as far as its file says). CheckedFilm's
`quarter_turns`, `mirrored` and `spacing_mm` (row, column) are of the pixels so decoded; its `columns_run_to` is of the
pixels after turning and mirroring, and is the only thing that says which way the patient faces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.cases.document import CheckedFilm, Decision, FilmEntry
from engine.domain import LateralBeam, Provenance, Radiograph, RadiographPair, RefusedInput, Side, Source, View
from engine.domain.radiograph import SPACING_RANGE_MM
from engine.geometry.calibrate import with_distances
from engine.io.decimals import decimals
from engine.io.decoded import Decoded
from engine.io.decoding import decode_films
from engine.io.distances import read_distances
from engine.io.film_view import read_view, stand_upright
from engine.io.radiograph_file import pair_by_identity, radiograph_from
from engine.io.spacing import read_spacing

# What a film is shown at while nobody has said its spacing at the detector; only its ratio means anything, and only
# where the file states a spacing without its plane. Its provenance is a default: such a film has no scale.
PROVISIONAL_SPACING_MM = (0.2, 0.2)
_UNKNOWN = "unknown; the film has no scale yet"
_WIDTH_WARNING = "mm wide at the detector"

_SPECK = np.zeros((2, 2), np.float32)  # in place of pixels where they do not matter; checking millions takes a while
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "F": "H", "H": "F"}
_SIDEWAYS = {"F": 1, "H": -1}  # clockwise quarter turns that bring columns which run to foot or head to the rows


class Blobs(Protocol):
    """What a film is read from: an open case."""

    def blob_path(self, sha256: str) -> Path:
        """Where the verified bytes of a blob lie."""
        ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a film's file says of it, or Genu's documented default (Source.DEFAULT); None where nobody knows.

    spacing_mm: (row, column) at the detector as a list.   columns_run_to: L, R, A or P; the usual one by default.
    """

    view: Decision | None
    side: Decision | None
    spacing_mm: Decision | None
    sid_mm: Decision
    sod_mm: Decision
    columns_run_to: Decision


# Decoding -----------------------------------------------------------------------------------------------------------


def decode_film(case: Blobs, film: FilmEntry) -> Radiograph:
    """The film as imported, named as the planner knows it. Takes a second; never in the GUI thread.

    What its file states and Genu cannot use (a projection that is neither view, a spacing of unknown plane) is left
    open and becomes a warning. Where no spacing is known, the film has a provisional one, see `has_scale`.

    Raises RefusedInput for a file that is no film, MachineFailure when it cannot be read or no decoder started.
    """
    return decode_path(case.blob_path(film.blob), film.name)


def decode_path(path: Path, name: str = "") -> Radiograph:
    """As `decode_film`, of a file that is not in a case yet. name: for messages, the file's own where it is empty."""
    try:
        decoded = decode_films([path])[0]
    except RefusedInput as told:
        raise RefusedInput(str(told).replace(path.name, name or path.name)) from told
    return _film(replace(decoded, name=name or path.name))


def has_scale(film: Radiograph) -> bool:
    """Whether the spacing at the detector is known."""
    return film.provenance["pixel_spacing_mm"].source is not Source.DEFAULT


def _film(decoded: Decoded) -> Radiograph:
    upright, turned = _stood_up(decoded)
    usable, doubts = _without_unusable(upright)
    try:
        read_spacing(usable, read_distances(usable, spacing_from_file=True), None)
        film = radiograph_from(usable, None, None, None)
    except RefusedInput as told:
        film = _without_scale(usable, told)
    unoriented = stand_upright(usable, usable.pixels, film.view).warnings if _is_default(film, "columns_run_to") else ()
    kept = tuple(warning for warning in film.warnings if warning not in unoriented)  # asked of the planner instead
    return replace(film, warnings=kept + turned + doubts)


def _is_default(film: Radiograph, name: str) -> bool:
    return film.provenance[name].source is Source.DEFAULT


def _without_scale(decoded: Decoded, told: RefusedInput) -> Radiograph:
    """The film at a provisional spacing; raises what is refused for another reason than its spacing."""
    facts = {name: fact for name, fact in decoded.facts.items() if name not in ("ImagerPixelSpacing", "PixelSpacing")}
    film = radiograph_from(replace(decoded, facts=facts), None, None, _provisional(decoded))
    kept = tuple(warning for warning in film.warnings if _WIDTH_WARNING not in warning)
    provenance = dict(film.provenance) | {"pixel_spacing_mm": Provenance(Source.DEFAULT, _UNKNOWN)}
    return replace(film, provenance=provenance, warnings=(*kept, _reason(told)))


def _provisional(decoded: Decoded) -> tuple[float, float]:
    """Of a film that states a spacing of unknown plane, that spacing: the shape of its pixels is known by it."""
    low, high = SPACING_RANGE_MM
    stated = decimals(decoded.text("PixelSpacing"), 2) or ()
    return (stated[0], stated[1]) if stated and low <= min(stated) <= max(stated) <= high else PROVISIONAL_SPACING_MM


def _stood_up(decoded: Decoded) -> tuple[Decoded, tuple[str, ...]]:
    """A film that lies on its side by PatientOrientation, turned with all that goes with it; a sentence of it."""
    directions = [part[:1] for part in decoded.values("PatientOrientation")]
    if len(directions) != 2 or directions[0] not in _SIDEWAYS or directions[1] not in ("L", "R", "A", "P"):
        return decoded, ()
    turns = _SIDEWAYS[directions[0]]
    columns = _OPPOSITE[directions[1]] if turns == 1 else directions[1]
    swapped = {
        name: "\\".join(reversed(decoded.values(name)))
        for name in ("ImagerPixelSpacing", "PixelSpacing")
        if len(decoded.values(name)) == 2
    }
    facts = {**decoded.facts, **swapped, "PatientOrientation": f"{columns}\\F"}
    pixels = np.ascontiguousarray(oriented(decoded.pixels, turns, False))
    return replace(decoded, pixels=pixels, facts=facts), (f"{decoded.name}: lay on its side, turned",)


def _without_unusable(decoded: Decoded) -> tuple[Decoded, tuple[str, ...]]:
    """The film without those facts that the engine would refuse it for and the planner can settle, and the reasons."""
    doubts: list[str] = []
    checks = (
        (lambda film: read_view(film, None), ("ViewPosition", "ViewCode")),
        (_oriented_by_file, ("PatientOrientation",)),
        (
            lambda film: read_distances(film, spacing_from_file=True),
            ("DistanceSourceToDetector", "DistanceSourceToPatient"),
        ),
    )
    for check, names in checks:
        try:
            check(decoded)
        except RefusedInput as told:
            doubts.append(_reason(told))
            decoded = replace(decoded, facts={n: fact for n, fact in decoded.facts.items() if n not in names})
    return decoded, tuple(doubts)


def _oriented_by_file(decoded: Decoded) -> object:
    return stand_upright(decoded, decoded.pixels, read_view(decoded, None).value)


def _reason(told: RefusedInput) -> str:
    """A refusal without its remedy, which speaks of the command line; see engine.io.refusals."""
    return str(told).partition("; ")[0]


# What the file proposes ---------------------------------------------------------------------------------------------


def proposal(film: Radiograph) -> Proposal:
    """What stands in the film's file, by field, with its provenance."""
    known = with_distances(replace(film, pixels=_SPECK))

    def said(name: str, value: object) -> Decision:
        where = known.provenance[name]
        return Decision(value, where.source, where.detail)

    return Proposal(
        view=None if film.view is None else said("view", film.view.value),
        side=None if film.side is None else said("side", film.side.value),
        spacing_mm=said("pixel_spacing_mm", list(film.pixel_spacing_mm)) if has_scale(film) else None,
        sid_mm=said("sid_mm", known.sid_mm),
        sod_mm=said("sod_mm", known.sod_mm),
        columns_run_to=said("columns_run_to", film.columns_run_to),
    )


DEFAULT_BEAM = Decision(LateralBeam.MEDIOLATERAL.value, Source.DEFAULT, "the clinical routine")


# Decisions applied --------------------------------------------------------------------------------------------------


def oriented(pixels: NDArray, quarter_turns: int, mirrored: bool) -> NDArray:
    """Pixels turned clockwise by quarters, then mirrored left to right; a view, not a copy."""
    turned = np.rot90(pixels, -quarter_turns)
    return turned[:, ::-1] if mirrored else turned


def oriented_edges(right: str, bottom: str, quarter_turns: int, mirrored: bool) -> tuple[str, str]:
    """Directions (L, R, A, P, H, F) of the right and the bottom edge after `oriented`."""
    for _ in range(quarter_turns % 4):
        right, bottom = _OPPOSITE[bottom], right
    return (_OPPOSITE[right] if mirrored else right), bottom


def oriented_spacing(spacing_mm: tuple[float, float], quarter_turns: int) -> tuple[float, float]:
    """(row, column) after `oriented`; a quarter turn makes rows of columns."""
    row, column = spacing_mm
    return (column, row) if quarter_turns % 2 else (row, column)


def opposite(direction: str) -> str:
    """The direction to the other side: R of L, A of P, H of F."""
    return _OPPOSITE[direction]


def apply_decisions(film: Radiograph, checked: CheckedFilm, side: Side | Decision) -> Radiograph:
    """The decoded film as the planner settled it; every settled value carries who said it.

    side: of the pair; as a Decision it brings its provenance.

    Raises RefusedInput where the decisions are of another film or a value is out of its range.
    """
    if film.sha256 != checked.blob:
        raise RefusedInput(f"{film.source_name} is not the film that was checked; check the films again")
    by = side if isinstance(side, Decision) else Decision(side.value, Source.USER, "chosen on the Check page")
    row, column = (float(value) for value in checked.spacing_mm.value)
    decided = {
        "view": checked.view,
        "side": by,
        "pixel_spacing_mm": checked.spacing_mm,
        "sid_mm": checked.sid_mm,
        "sod_mm": checked.sod_mm,
        "columns_run_to": checked.columns_run_to,
    }
    provenance = {name: Provenance(decision.source, decision.detail) for name, decision in decided.items()}
    return replace(
        film,
        pixels=np.ascontiguousarray(oriented(film.pixels, checked.quarter_turns, checked.mirrored)),
        view=View(checked.view.value),
        side=Side(by.value),
        pixel_spacing_mm=oriented_spacing((row, column), checked.quarter_turns),
        sid_mm=float(checked.sid_mm.value),
        sod_mm=float(checked.sod_mm.value),
        columns_run_to=str(checked.columns_run_to.value),
        provenance={**film.provenance, **provenance},
        warnings=film.warnings + _overruled(film, checked, by) + _said_of(film, checked),
    )


def _overruled(film: Radiograph, checked: CheckedFilm, side: Decision) -> tuple[str, ...]:
    said = (("view", film.view, checked.view.value), ("side", film.side, side.value))
    return tuple(
        f"{film.source_name}: {word} {value} by the user overrules {of_file.value} of the file"
        for word, of_file, value in said
        if of_file is not None and of_file.value != value
    )


def _said_of(film: Radiograph, checked: CheckedFilm) -> tuple[str, ...]:
    turned = f"turned by {checked.quarter_turns % 4 * 90} degrees" if checked.quarter_turns % 4 else ""
    done = " and ".join(part for part in (turned, "mirrored" if checked.mirrored else "") if part)
    return (f"{film.source_name}: was {done} on the Check page",) if done else ()


def pair_of(ap: Radiograph, lateral: Radiograph) -> RadiographPair:
    """The pair of two settled films. Different dates or spellings of a name become warnings of the lateral film.

    Raises RefusedInput, as `genu generate` does, for two patients, one film twice, or views or sides that do not fit.
    """
    return pair_by_identity(ap, lateral)
