"""A case: everything known of one knee so far, and who said it. Frozen; a change returns a new document.

Big content (films, volumes, meshes) is named by its SHA-256 and lies in the store as a blob; the document holds the
names, so that what is shown, saved and exported is bound by hash.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from engine.domain import LateralBeam, RefusedInput, Side, Source, View


class Step(Enum):
    """The steps across the top of the window, in their order."""

    IMPORT = "import"
    CHECK = "check"
    GENERATE = "generate"
    REVIEW = "review"
    PLAN = "plan"
    EXPORT = "export"


class StepState(Enum):
    """Of a step in a case. STALE: done once, from something that has changed since."""

    TODO = "todo"
    DONE = "done"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Decision:
    """One settled value, who settled it, and how in a short phrase ("ImagerPixelSpacing (0018,1164)", "ball 25 mm").

    value: what JSON can hold: a number, a text, or a list of numbers.
    """

    value: Any
    source: Source
    detail: str


@dataclass(frozen=True, slots=True)
class FilmEntry:
    """An imported file. blob: SHA-256 of its bytes as imported.   name: of the file, without folder."""

    blob: str
    name: str


@dataclass(frozen=True, slots=True)
class CheckedFilm:
    """What was settled of a film on the Check page.

    view, spacing_mm (row, column at the detector, of the pixels as decoded), sid_mm, sod_mm: decisions, all needed for
        a camera.
    quarter_turns: clockwise turns of the pixels as decoded, so that the foot is down.   mirrored: left and right of the
        turned pixels exchanged.   columns_run_to: L or R on AP, A or P on lateral, after both.
    """

    blob: str
    view: Decision
    spacing_mm: Decision
    sid_mm: Decision
    sod_mm: Decision
    columns_run_to: Decision
    quarter_turns: int = 0
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The accepted Check step. side and beam are of the pair; basis: of the films that were checked.

    confirmed: what spoke against the pair and the planner confirmed, e.g. different study dates.
    """

    basis: str
    side: Decision
    beam: Decision
    ap: CheckedFilm
    lateral: CheckedFilm
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """What the planner asked of the model; see engine.pipeline.GenerateOptions.

    resolution: voxels along each side; 0 for what the model makes.
    """

    model: str = "compact"
    resolution: int = 128
    steps: int = 1
    seed: int = 0
    samples: int = 1
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class GeneratedEntry:
    """A generated knee. files: blob by name, as `genu generate` writes them (ct.nii.gz, meshes/femur.stl, ...)."""

    basis: str
    request: GenerateRequest
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The planner has looked and accepted. similarity: of each film with the generated knee, by view word."""

    basis: str
    similarity: Mapping[str, float]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A distance (two points) or an angle (three points, the second its vertex) in the knee's LPS frame, mm."""

    name: str
    points_mm: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The Plan step: measurements so far."""

    basis: str
    measurements: tuple[Measurement, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """One export. folder: where to, as the planner chose it.   files: SHA-256 of each file by its name there."""

    basis: str
    folder: str
    format: str
    files: Mapping[str, str]
    at: str


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """A case at one moment. title: for people, may hold a name, and stays inside the store."""

    id: str
    created: str
    title: str = ""
    films: tuple[FilmEntry, ...] = ()
    checked: Checked | None = None
    generated: GeneratedEntry | None = None
    reviewed: Reviewed | None = None
    planned: Planned | None = None
    exports: tuple[Exported, ...] = field(default=())

    @property
    def blobs(self) -> frozenset[str]:
        """Every blob this document needs."""
        kept = {film.blob for film in self.films}
        if self.checked is not None:
            kept |= {self.checked.ap.blob, self.checked.lateral.blob}
        if self.generated is not None:
            kept |= set(self.generated.files.values())
        return frozenset(kept)


def new_case(title: str = "") -> CaseDocument:
    """An empty case with an identifier of its own that says nothing of the patient."""
    return CaseDocument(secrets.token_hex(6), now(), title)


def now() -> str:
    """The time in UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def basis_of(document: CaseDocument, step: Step) -> str:
    """SHA-256 of everything that a step's result is made from; a result keeps the basis it was made from."""
    upstream: dict[str, Any] = {"films": [film.blob for film in document.films]}
    if step in (Step.GENERATE, Step.REVIEW, Step.PLAN, Step.EXPORT):
        upstream["checked"] = _plain(document.checked)
    if step in (Step.REVIEW, Step.PLAN, Step.EXPORT):
        upstream["generated"] = None if document.generated is None else dict(sorted(document.generated.files.items()))
    return hashlib.sha256(json.dumps(upstream, sort_keys=True).encode()).hexdigest()


def step_state(document: CaseDocument, step: Step) -> StepState:
    """Whether a step is to do, done, or was done from something that has changed since."""
    if step is Step.IMPORT:
        return StepState.DONE if len(document.films) >= 2 else StepState.TODO
    results: dict[Step, tuple[Any, ...]] = {
        Step.CHECK: (document.checked,),
        Step.GENERATE: (document.generated,),
        Step.REVIEW: (document.reviewed,),
        Step.PLAN: (document.planned,),
        Step.EXPORT: document.exports[-1:],
    }
    made = [result for result in results[step] if result is not None]
    if not made:
        return StepState.TODO
    return StepState.DONE if made[0].basis == basis_of(document, step) else StepState.STALE


def reachable(document: CaseDocument, step: Step) -> bool:
    """Whether the planner may work on a step: what it needs is done, and not from something since changed."""
    needed = {
        Step.IMPORT: (),
        Step.CHECK: (Step.IMPORT,),
        Step.GENERATE: (Step.IMPORT, Step.CHECK),
        Step.REVIEW: (Step.GENERATE,),
        Step.PLAN: (Step.GENERATE,),
        Step.EXPORT: (Step.GENERATE,),
    }[step]
    shown_though_stale = step in (Step.REVIEW, Step.PLAN)
    allowed = (StepState.DONE, StepState.STALE) if shown_though_stale else (StepState.DONE,)
    return all(step_state(document, upstream) in allowed for upstream in needed)


def with_films(document: CaseDocument, films: tuple[FilmEntry, ...]) -> CaseDocument:
    """The case with other films; later results stay and become stale."""
    return replace(document, films=films)


# JSON ---------------------------------------------------------------------------------------------------------------

FORMAT = 1


def document_json(document: CaseDocument) -> bytes:
    """The document as UTF-8 JSON, the same bytes for the same document."""
    return json.dumps(
        {"genu_case": FORMAT, **_plain(document)}, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1
    ).encode(errors="surrogatepass")  # names of files on Linux need not be text


def document_from(text: bytes, where: str) -> CaseDocument:
    """The document in JSON. Raises RefusedInput naming `where` for one that is damaged or of a newer format."""
    try:
        found = json.loads(text)
        version = found.pop("genu_case")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise RefusedInput(f"{where} is not a case of Genu or is damaged; restore it from a copy") from error
    if not isinstance(version, int) or version > FORMAT:
        raise RefusedInput(f"{where} was written by a newer Genu (format {version}); open it with that version")
    try:
        return _document(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedInput(f"{where} is damaged ({type(error).__name__}); restore it from a copy") from error


def _plain(value: Any) -> Any:
    """Dataclasses, enums and tuples as JSON has them."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _document(found: dict[str, Any]) -> CaseDocument:
    optional = {
        "checked": _checked,
        "generated": _generated,
        "reviewed": lambda part: Reviewed(**part),
        "planned": _planned,
    }
    parts = {name: None if found[name] is None else read(found[name]) for name, read in optional.items()}
    return CaseDocument(
        id=str(found["id"]),
        created=str(found["created"]),
        title=str(found["title"]),
        films=tuple(FilmEntry(**film) for film in found["films"]),
        exports=tuple(Exported(**export) for export in found["exports"]),
        **parts,
    )


def _decision(found: dict[str, Any]) -> Decision:
    return Decision(found["value"], Source(found["source"]), found["detail"])


def _checked(found: dict[str, Any]) -> Checked:
    checked = Checked(
        found["basis"],
        _decision(found["side"]),
        _decision(found["beam"]),
        _checked_film(found["ap"]),
        _checked_film(found["lateral"]),
        tuple(str(record) for record in found.get("confirmed", ())),
    )
    _ = Side(checked.side.value), LateralBeam(checked.beam.value), View(checked.ap.view.value)  # refuse other words
    return checked


def _checked_film(found: dict[str, Any]) -> CheckedFilm:
    decided = ("view", "spacing_mm", "sid_mm", "sod_mm", "columns_run_to")
    return CheckedFilm(
        blob=found["blob"],
        quarter_turns=int(found["quarter_turns"]),
        mirrored=bool(found["mirrored"]),
        **{name: _decision(found[name]) for name in decided},
    )


def _generated(found: dict[str, Any]) -> GeneratedEntry:
    return GeneratedEntry(found["basis"], GenerateRequest(**found["request"]), dict(found["files"]))


def _planned(found: dict[str, Any]) -> Planned:
    measured = tuple(
        Measurement(one["name"], tuple((float(x), float(y), float(z)) for x, y, z in one["points_mm"]))
        for one in found["measurements"]
    )
    return Planned(found["basis"], measured)
