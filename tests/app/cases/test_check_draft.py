"""The Check step without a window: what is open, what settles it, and that no film changes sides by how it hangs."""

import pytest

from app.cases.check_draft import (
    new_draft,
    paired_draft,
    swapped,
    with_beam,
    with_confirmed,
    with_side,
)
from app.cases.check_needs import Need, checked_of, open_items
from app.cases.document import Checked
from app.cases.film_draft import (
    Scale,
    mirrored,
    turned,
    with_columns,
    with_scale,
    with_sod,
    with_view,
)
from app.cases.scale import Plane
from engine.domain import Identity, LateralBeam, Side, Source, View
from tests.app.cases.film_stubs import AP, LATERAL, film, films, needs, unsaid
from tests.engine.io.film_files import wedge

# What is proposed, and what is open


def test_that_films_which_say_everything_leave_nothing_open():
    draft = new_draft(films(AP, LATERAL), None)
    assert not open_items(draft)
    assert draft.side is not None
    assert (draft.side.value, draft.side.source) == ("R", Source.FILE)


def test_that_films_are_placed_by_what_they_say_and_not_by_their_order():
    draft = new_draft(films(LATERAL, AP), None)
    assert (draft.ap.blob, draft.lateral.blob) == ("ap", "lateral")


def test_that_of_pictures_everything_is_asked():
    draft = new_draft(films(unsaid("one"), unsaid("two")), None)
    each = [Need.VIEW, Need.ORIENTATION, Need.SCALE]
    asked = [(need, view) for view in View for need in each]
    confirmed = [(Need.DEFAULT_DISTANCES, view) for view in View]
    assert needs(draft) == [(Need.SIDE, None), *asked, *confirmed]


def test_that_answers_close_their_questions_and_are_recorded_as_the_users():
    draft = new_draft(films(unsaid("one"), unsaid("two")), None)
    draft = with_side(draft, Side.LEFT)
    for view in View:
        one = with_columns(with_view(draft.film(view)), {View.AP: "R", View.LATERAL: "A"}[view])
        draft = draft.with_film(with_scale(one, Scale((0.2, 0.2), Plane.DETECTOR, Source.USER, "entered")))
    for item in open_items(draft):
        assert item.need is Need.DEFAULT_DISTANCES
        draft = with_confirmed(draft, item.record)
    assert not open_items(draft)
    checked = checked_of(draft, "basis")
    decided = (checked.side, checked.ap.view, checked.ap.spacing_mm, checked.ap.columns_run_to)
    assert [d.source for d in decided] == [Source.USER] * 4
    assert checked.ap.sid_mm.source is Source.DEFAULT
    assert len(checked.confirmed) == 2


@pytest.mark.parametrize("lateral_side", [None, Side.LEFT])
def test_that_the_side_is_asked_unless_both_films_say_it(lateral_side):
    draft = new_draft(films(AP, film(View.LATERAL, lateral_side)), None)
    assert draft.side is None
    assert needs(draft) == [(Need.SIDE, None)]


def test_that_a_side_chosen_against_a_film_says_so():
    draft = with_side(new_draft(films(AP, film(View.LATERAL, Side.LEFT)), None), Side.RIGHT)
    assert draft.side is not None
    assert draft.side.detail == "chosen on the image; lateral.dcm says L"


def test_that_two_ap_films_leave_the_second_to_be_confirmed():
    draft = new_draft(films(AP, film(View.AP, blob="other")), None)
    assert needs(draft)[0] == (Need.VIEW, View.LATERAL)
    confirmed = with_view(draft.lateral)
    assert confirmed.view is not None
    assert confirmed.view.detail == "confirmed on the image; view tag says AP"


def test_that_an_estimated_view_is_confirmed_before_it_counts():
    estimated = film(View.LATERAL, sources={"view": Source.ESTIMATED})
    assert needs(new_draft(films(AP, estimated), None)) == [(Need.VIEW, View.LATERAL)]


def test_that_two_patients_are_no_pair_whatever_is_settled():
    other = film(View.LATERAL, identity=Identity(patient_id="2"))
    draft = new_draft(films(film(View.AP, identity=Identity(patient_id="1")), other), None)
    assert draft.refusal == "ap.dcm and lateral.dcm are of two patients; give both films of one patient"
    assert needs(draft) == [(Need.PAIR, None)]


def test_that_one_film_twice_is_no_pair():
    one = films(AP, LATERAL)
    assert "same file" in paired_draft(one, "ap", "ap").refusal


def test_that_two_dates_are_confirmed_once_and_the_confirmation_is_kept():
    dated = films(
        film(View.AP, identity=Identity(study_date="20260101")),
        film(View.LATERAL, identity=Identity(study_date="20260301")),
    )
    draft = new_draft(dated, None)
    (item,) = open_items(draft)
    assert item.by_confirmation
    accepted = checked_of(with_confirmed(draft, item.record), "basis")
    assert accepted.confirmed == ("ap.dcm and lateral.dcm were taken on different dates",)
    assert not open_items(new_draft(dated, accepted))


def test_that_a_confirmation_that_no_longer_applies_is_not_kept():
    draft = with_confirmed(new_draft(films(AP, LATERAL), None), "something of before")
    assert checked_of(draft, "basis").confirmed == ()


def test_that_an_implausible_width_is_asked_about():
    wide = film(View.AP, pixel_spacing_mm=(2.0, 2.0), pixels=wedge(500, 400))
    (item,) = open_items(new_draft(films(wide, LATERAL), None))
    assert (item.need, item.record) == (Need.WIDTH, "ap.dcm: 800 mm wide at the detector")


# Swapped films


def test_that_films_swapped_against_their_files_must_be_confirmed():
    both = films(AP, LATERAL)
    draft = swapped(new_draft(both, None), both)
    assert (draft.ap.blob, draft.lateral.blob) == ("lateral", "ap")
    assert {Need.VIEW, Need.ORIENTATION} == {need for need, _ in needs(draft)}


def test_that_swapping_twice_is_as_before():
    both = films(AP, LATERAL)
    draft = with_side(new_draft(both, None), Side.LEFT)
    assert swapped(swapped(draft, both), both) == draft


def test_that_a_film_keeps_its_scale_and_hanging_when_it_is_swapped():
    both = films(unsaid("one"), unsaid("two"))
    draft = new_draft(both, None)
    scaled = with_scale(turned(draft.ap, 1), Scale((0.2, 0.2), Plane.JOINT, Source.USER, "ball 25 mm at the joint"))
    after = swapped(draft.with_film(scaled), both)
    assert (after.lateral.scale, after.lateral.quarter_turns) == (scaled.scale, 1)
    assert after.lateral.columns.value == "A"


# Accepted and taken up again


def test_that_an_accepted_check_is_taken_up_as_it_was():
    both = films(AP, LATERAL)
    draft = with_beam(with_side(new_draft(both, None), Side.LEFT), LateralBeam.LATEROMEDIAL)
    ball = Scale((0.21234567, 0.21234567), Plane.JOINT, Source.USER, "ball 25 mm at the joint")
    draft = draft.with_film(mirrored(with_scale(with_sod(draft.ap, 987.6), ball)))
    accepted: Checked = checked_of(draft, "basis")
    assert checked_of(new_draft(both, accepted), "basis") == accepted


def test_that_an_accepted_check_of_other_films_is_not_taken_up():
    accepted = checked_of(with_side(new_draft(films(AP, LATERAL), None), Side.LEFT), "basis")
    others = films(film(View.AP, blob="x"), film(View.LATERAL, blob="y"))
    draft = new_draft(others, accepted)
    assert draft.side is not None
    assert draft.side.value == "R"
