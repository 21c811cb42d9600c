"""Documents as JSON, and what makes a step done or stale."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from app.cases.document import (
    FilmEntry,
    GeneratedEntry,
    Step,
    StepState,
    basis_of,
    document_from,
    document_json,
    new_case,
    reachable,
    step_state,
)
from app.cases.history import Version, version_from, version_json
from app.cases.sealed import DamagedFile
from engine.domain import RefusedInput, Side
from tests.app.cases import documents
from tests.app.cases.documents import DOCUMENTS, STEPS, complete, sha256

DONE, STALE, TODO = StepState.DONE, StepState.STALE, StepState.TODO


def _states(document):
    return [step_state(document, step) for step in Step]


@given(DOCUMENTS)
def test_that_a_document_comes_back_from_json_as_it_was(document):
    text = document_json(document)
    assert document_from(text, "x") == document
    assert document_json(document_from(text, "x")) == text


@given(DOCUMENTS)
def test_that_a_version_comes_back_from_its_file_as_it_was(document):
    version = Version(3, 2, "label \ud800 <b>", "now", dict.fromkeys(document.blobs, 5), document)
    assert version_from(version_json(version), "x") == version


@given(DOCUMENTS)
def test_that_a_document_names_every_blob_it_relies_on(document):
    text = document_json(document).decode(errors="surrogatepass")
    found = json.loads(text)
    films = [film["blob"] for film in found["films"]]
    checked = [found["checked"][view]["blob"] for view in ("ap", "lateral")] if found["checked"] else []
    generated = list(found["generated"]["files"].values()) if found["generated"] else []
    assert document.blobs == set(films + checked + generated)


def test_that_a_version_that_is_cut_anywhere_is_damaged():
    whole = version_json(Version(1, 0, "label", "now", {}, complete(new_case("a"))))
    for length in range(len(whole)):
        with pytest.raises(DamagedFile):
            version_from(whole[:length], "x")


def test_that_a_version_with_any_bit_turned_is_damaged_or_the_same_or_seems_newer():
    version = Version(1, 0, "label", "now", {}, new_case("title"))
    whole = version_json(version)
    for place in range(len(whole)):
        for bit in range(8):
            turned = bytearray(whole)
            turned[place] ^= 1 << bit
            try:
                assert version_from(bytes(turned), "x") == version  # white space
            except DamagedFile:
                pass
            except RefusedInput as told:
                assert "newer" in str(told)  # noqa: PT017  # the format's own digit


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"1", b"null", b"\xff\xfe", b"[" * 100_000, b'{"genu_case": "1"}'])
def test_that_what_is_no_document_is_refused_with_a_sentence(text):
    with pytest.raises(RefusedInput, match=r"^Case x .*; (restore|open) it (from a copy|with that version)$"):
        document_from(text, "Case x")


def test_that_a_document_with_a_part_missing_or_changed_is_refused_with_a_sentence():
    whole = json.loads(document_json(complete(new_case())))
    for name in set(whole) - {"genu_case"}:
        for broken in ({k: v for k, v in whole.items() if k != name}, {**whole, name: 5}):
            if name in ("id", "created", "title") and broken.get(name) == 5:
                continue  # a number is taken for a text
            with pytest.raises(RefusedInput, match="is damaged"):
                document_from(json.dumps(broken).encode(), "Case x")


def test_that_a_document_of_the_future_is_refused_by_its_format():
    with pytest.raises(RefusedInput, match=r"^Case x was written by a newer Genu \(format 2\); open it with that"):
        document_from(document_json(new_case()).replace(b'"genu_case": 1', b'"genu_case": 2'), "Case x")


def test_that_each_step_is_done_in_its_turn():
    document = new_case()
    assert _states(document) == [TODO] * 6
    for number, step in enumerate(STEPS):
        document = step(document)
        assert _states(document) == [DONE] * (number + 1) + [TODO] * (5 - number)


def test_that_another_film_makes_every_later_step_stale():
    document = complete(new_case())
    other = replace(document, films=(document.films[0], FilmEntry(sha256(b"another"), "lat2.dcm")))
    assert _states(other) == [DONE] + [STALE] * 5


def test_that_another_side_makes_what_was_generated_and_all_after_it_stale():
    other = documents.with_check(complete(new_case()), Side.LEFT)
    assert _states(other) == [DONE, DONE, STALE, STALE, STALE, STALE]


def test_that_another_knee_makes_review_plan_and_export_stale():
    other = documents.with_knee(complete(new_case()), {"ct.nii.gz": b"another volume"})
    assert _states(other) == [DONE, DONE, DONE, STALE, STALE, STALE]


def test_that_going_back_to_the_same_input_makes_the_results_good_again():
    document = complete(new_case())
    other = documents.with_check(document, Side.LEFT)
    assert _states(documents.with_check(other, Side.RIGHT)) == [DONE] * 6


def test_that_names_titles_and_remarks_make_nothing_stale():
    document = complete(new_case())
    renamed = tuple(replace(film, name="other.dcm") for film in document.films)
    assert _states(replace(document, films=renamed, title="another title")) == [DONE] * 6


def test_that_a_step_is_reached_only_over_what_it_is_made_from():
    document = new_case()
    assert [step for step in Step if reachable(document, step)] == [Step.IMPORT]
    document = documents.with_films(document)
    assert [step for step in Step if reachable(document, step)] == [Step.IMPORT, Step.CHECK]
    document = documents.with_check(document)
    assert [step for step in Step if reachable(document, step)] == [Step.IMPORT, Step.CHECK, Step.GENERATE]
    assert all(reachable(documents.with_knee(document), step) for step in Step)


def test_that_a_stale_knee_may_be_looked_at_but_not_exported():
    stale = documents.with_check(complete(new_case()), Side.LEFT)
    assert reachable(stale, Step.REVIEW)
    assert reachable(stale, Step.PLAN)
    assert not reachable(stale, Step.EXPORT)


@given(DOCUMENTS)
def test_that_a_basis_depends_on_the_content_and_not_on_the_order_of_files(document):
    if document.generated is not None:
        turned = dict(reversed(document.generated.files.items()))
        other = GeneratedEntry(document.generated.basis, document.generated.request, turned)
        for step in Step:
            assert basis_of(replace(document, generated=other), step) == basis_of(document, step)


def test_that_identifiers_differ_and_say_nothing_of_the_patient():
    cases = [new_case("Doe, Jane") for _ in range(100)]
    assert len({case.id for case in cases}) == 100
    assert all(len(case.id) == 12 and set(case.id) <= set("0123456789abcdef") for case in cases)
