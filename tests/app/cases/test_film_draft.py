"""One film of the Check step: no film changes sides by how it hangs, and a scale stays where it was measured."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.check_draft import (
    new_draft,
)
from app.cases.check_needs import Need, checked_of, open_items
from app.cases.film_draft import (
    FilmDraft,
    Scale,
    mirrored,
    placed,
    turned,
    with_columns,
    with_scale,
    with_sid,
    with_sod,
)
from app.cases.films import apply_decisions, opposite
from app.cases.scale import Plane
from engine.domain import Side, Source, View
from tests.app.cases.film_stubs import AP, LATERAL, film, films, needs, unsaid


@given(steps=st.lists(st.sampled_from(["right", "left", "mirror"]), max_size=8))
def test_that_a_stated_direction_follows_its_pixels_through_any_turns(steps):
    draft = placed(AP, View.AP)
    for step in steps:
        draft = mirrored(draft) if step == "mirror" else turned(draft, 1 if step == "right" else -1)
    shown = np.rot90(AP.pixels, -draft.quarter_turns)
    shown = shown[:, ::-1] if draft.mirrored else shown
    assert draft.shown_shape == shown.shape
    # the wedge grows to the patient's left by 5 a column and to the foot by 3 a row
    right = {"L": 1, "R": -1, "F": 1, "H": -1}[draft.columns.value]
    down = {"L": 1, "R": -1, "F": 1, "H": -1}[draft.bottom]
    assert np.sign(float(shown[0, -1]) - float(shown[0, 0])) == right
    assert np.sign(float(shown[-1, 0]) - float(shown[0, 0])) == down
    assert draft.oriented == (draft.bottom == "F")


def test_that_four_quarter_turns_are_none_and_two_mirrors_are_none():
    draft = placed(AP, View.AP)
    again = draft
    for _ in range(4):
        again = turned(again, 1)
    assert again == draft
    assert mirrored(mirrored(draft)) == draft


def test_that_a_mirrored_ap_film_asks_nothing_for_its_letters_went_along():
    draft = new_draft(films(AP, LATERAL), None)
    draft = draft.with_film(mirrored(draft.ap))
    assert draft.ap.columns.value == "R"
    assert not open_items(draft)


def test_that_a_film_on_its_head_by_its_file_asks_for_the_foot():
    draft = new_draft(films(AP, LATERAL), None)
    draft = draft.with_film(turned(draft.ap, 2))
    assert needs(draft) == [(Need.ORIENTATION, View.AP)]
    settled = with_columns(draft.ap, "L")
    assert settled.columns.source is Source.USER
    assert "columns_run_to tag overruled" in settled.columns.detail
    assert not open_items(draft.with_film(settled))


def test_that_confirming_what_the_file_says_overrules_nothing():
    assert "overruled" not in with_columns(mirrored(placed(AP, View.AP)), "R").columns.detail


def test_that_a_direction_nobody_stated_stays_a_question_however_the_film_is_turned():
    draft = placed(unsaid("one"), View.LATERAL)
    for hung in (draft, mirrored(draft), turned(draft, 1)):
        assert (hung.columns.value, hung.columns.source, hung.oriented) == ("A", Source.DEFAULT, False)


def test_that_a_direction_once_stated_by_the_user_is_mirrored_with_the_film():
    draft = with_columns(placed(unsaid("one"), View.AP), "L")
    assert mirrored(draft).columns.value == opposite("L")


@given(turns=st.integers(0, 3), mirror=st.booleans(), row=st.floats(0.05, 0.5), column=st.floats(0.05, 0.5))
def test_that_what_is_shown_is_what_is_calibrated(turns, mirror, row, column):
    source = film(View.AP, pixel_spacing_mm=(row, column))
    draft = turned(placed(source, View.AP), turns)
    draft = with_columns(mirrored(draft) if mirror else draft, "L")
    calibrated = apply_decisions(source, kept(draft), Side.RIGHT)
    assert calibrated.pixels.shape == draft.shown_shape
    assert calibrated.pixel_spacing_mm[0] / calibrated.pixel_spacing_mm[1] == pytest.approx(draft.shown_aspect)


def kept(draft: FilmDraft):
    return checked_of(replace(new_draft(films(AP, LATERAL), None), ap=draft), "basis").ap


# Scale and distances


def test_that_a_default_sod_follows_the_sid_and_an_entered_one_stays():
    draft = with_sid(placed(unsaid("one"), View.AP), 1800)
    assert (draft.sid_mm.value, draft.sod_mm.value) == (1800, 1700)
    assert (draft.sid_mm.source, draft.sod_mm.source) == (Source.USER, Source.DEFAULT)
    assert with_sid(with_sod(draft, 1650), 2000).sod_mm.value == 1650


def test_that_an_estimated_sod_keeps_its_magnification():
    draft = with_sid(placed(film(View.AP, sources={"sod_mm": Source.ESTIMATED}), View.AP), 2300)
    assert draft.sod_mm.value == 2100


def test_that_a_scale_at_the_joint_stays_there_when_distances_change_and_one_at_the_detector_stays_there():
    at = {plane: Scale((0.2, 0.2), plane, Source.USER, f"ball 25 mm {plane.value}") for plane in Plane}
    draft = placed(AP, View.AP)
    joint = with_sod(with_scale(draft, at[Plane.JOINT]), 920).spacing_mm
    detector = with_sod(with_scale(draft, at[Plane.DETECTOR]), 920).spacing_mm
    assert joint is not None
    assert detector is not None
    assert joint.value == [0.25, 0.25]
    assert detector.value == [0.2, 0.2]


def test_that_distances_in_the_wrong_order_are_open_until_they_are_right_and_cost_nothing():
    draft = new_draft(films(AP, LATERAL), None)
    wrong = draft.with_film(with_sid(draft.ap, 900))
    assert needs(wrong) == [(Need.DISTANCES, View.AP)]
    mended = wrong.with_film(with_sod(wrong.ap, 800))
    assert not open_items(mended)


def test_that_a_scale_measured_at_the_joint_needs_no_word_on_default_distances():
    draft = new_draft(films(film(View.AP, sources={"sod_mm": Source.DEFAULT}), LATERAL), None)
    assert needs(draft) == [(Need.DEFAULT_DISTANCES, View.AP)]
    ball = Scale((0.2, 0.2), Plane.JOINT, Source.USER, "ball 25 mm at the joint")
    assert not open_items(draft.with_film(with_scale(draft.ap, ball)))
