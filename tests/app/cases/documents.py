"""Documents for tests: one worked through all six steps, and any document that hypothesis can think of."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hypothesis import strategies as st

from app.cases.document import (
    CaseDocument,
    Checked,
    CheckedFilm,
    Decision,
    Exported,
    FilmEntry,
    GeneratedEntry,
    GenerateRequest,
    Measurement,
    Planned,
    Reviewed,
    Step,
    basis_of,
)
from engine.domain import LateralBeam, Side, Source, View

FILMS = (b"an AP film", b"a lateral film")
FILES = {"ct.nii.gz": b"a volume", "meshes/femur.stl": b"a femur"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def decision(value, source=Source.USER, detail=""):
    return Decision(value, source, detail)


def checked_film(blob: str, view: View) -> CheckedFilm:
    run = "L" if view is View.AP else "A"
    settled = {"spacing_mm": [0.14, 0.14], "sid_mm": 1000.0, "sod_mm": 900.0, "columns_run_to": run}
    return CheckedFilm(blob, decision(view.value), **{name: decision(value) for name, value in settled.items()})


def with_films(document: CaseDocument) -> CaseDocument:
    films = tuple(FilmEntry(sha256(film), name) for film, name in zip(FILMS, ("ap.dcm", "lat.dcm"), strict=True))
    return replace(document, films=films)


def with_check(document: CaseDocument, side: Side = Side.RIGHT) -> CaseDocument:
    ap, lateral = (
        checked_film(entry.blob, view) for entry, view in zip(document.films, (View.AP, View.LATERAL), strict=True)
    )
    basis = basis_of(document, Step.CHECK)
    beam = decision(LateralBeam.MEDIOLATERAL.value)
    return replace(document, checked=Checked(basis, decision(side.value), beam, ap, lateral))


def with_knee(document: CaseDocument, files=FILES) -> CaseDocument:
    hashes = {name: sha256(content) for name, content in files.items()}
    return replace(document, generated=GeneratedEntry(basis_of(document, Step.GENERATE), GenerateRequest(), hashes))


def with_review(document: CaseDocument) -> CaseDocument:
    return replace(document, reviewed=Reviewed(basis_of(document, Step.REVIEW), {"ap": 0.9, "lateral": 0.8}, "seen"))


def with_plan(document: CaseDocument) -> CaseDocument:
    distance = Measurement("width", ((0.0, 0.0, 0.0), (61.5, 0.0, -2.25)))
    return replace(document, planned=Planned(basis_of(document, Step.PLAN), (distance,)))


def with_export(document: CaseDocument) -> CaseDocument:
    made = Exported(basis_of(document, Step.EXPORT), "/robot", "stl", {"femur.stl": sha256(b"")}, document.created)
    return replace(document, exports=(*document.exports, made))


STEPS = (with_films, with_check, with_knee, with_review, with_plan, with_export)


def complete(document: CaseDocument) -> CaseDocument:
    """All six steps done."""
    for step in STEPS:
        document = step(document)
    return document


# Any document: texts of every kind of character, lone surrogates among them, as names of files on Linux have them.
TEXTS = st.text(st.characters(), max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
HASHES = st.binary(max_size=4).map(sha256)
DECISIONS = st.builds(
    Decision, st.one_of(NUMBERS, st.integers(), TEXTS, st.lists(NUMBERS, max_size=2)), st.sampled_from(Source), TEXTS
)


def _of(values: type) -> st.SearchStrategy[Decision]:
    return st.builds(Decision, st.sampled_from([value.value for value in values]), st.sampled_from(Source), TEXTS)


CHECKED_FILMS = st.builds(
    CheckedFilm,
    blob=HASHES,
    view=_of(View),
    spacing_mm=DECISIONS,
    sid_mm=DECISIONS,
    sod_mm=DECISIONS,
    columns_run_to=DECISIONS,
    quarter_turns=st.integers(0, 3),
    mirrored=st.booleans(),
)
CHECKED = st.builds(
    Checked,
    basis=HASHES,
    side=_of(Side),
    beam=_of(LateralBeam),
    ap=CHECKED_FILMS,
    lateral=CHECKED_FILMS,
    confirmed=st.lists(TEXTS, max_size=2).map(tuple),
)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=3).map(tuple)
DOCUMENTS = st.builds(
    CaseDocument,
    id=TEXTS,
    created=TEXTS,
    title=TEXTS,
    films=st.lists(st.builds(FilmEntry, HASHES, TEXTS), max_size=3).map(tuple),
    checked=st.none() | CHECKED,
    generated=st.none()
    | st.builds(GeneratedEntry, HASHES, st.builds(GenerateRequest), st.dictionaries(TEXTS, HASHES, max_size=3)),
    reviewed=st.none() | st.builds(Reviewed, HASHES, st.dictionaries(TEXTS, NUMBERS, max_size=2), TEXTS),
    planned=st.none()
    | st.builds(Planned, HASHES, st.lists(st.builds(Measurement, TEXTS, POINTS), max_size=3).map(tuple)),
    exports=st.lists(
        st.builds(Exported, HASHES, TEXTS, TEXTS, st.dictionaries(TEXTS, HASHES, max_size=2), TEXTS), max_size=2
    ).map(tuple),
)
