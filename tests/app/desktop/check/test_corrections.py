"""The Check page: what the planner corrects and measures on the films, and what is recorded of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.cases.check_needs import Need
from app.desktop.film.tools import Circle
from engine.domain import LateralBeam, Side, Source, View
from tests.app.desktop.check_case import (
    LEFT,
    choose,
    click,
    needs,
    page_words,
    type_into,
)


def test_that_a_side_chosen_against_the_files_is_recorded_with_what_it_overrules(sample, session):
    click(sample.knee.sides[Side.LEFT])
    click(sample.open.accept)
    side = session.document.checked.side
    assert (side.value, side.source) == ("L", Source.USER)
    assert side.detail == "chosen on the image; ap.dcm says R; lateral.dcm says R"
    assert sample.panels[View.LATERAL].side_chip.text() == "Left knee"


def test_that_swapped_films_must_be_confirmed_against_their_files(sample):
    click(sample.swap)
    assert not sample.open.accept.isEnabled()
    assert (Need.VIEW, View.AP) in needs(sample)
    assert "lateral.dcm is Lateral by its file" in page_words(sample.open)
    click(sample.swap)
    assert sample.open.accept.isEnabled()


def test_that_naming_a_film_the_other_view_swaps_the_films(sample):
    choose(sample.panels[View.AP].view_chip, "This is the Lateral film")
    assert sample.panels[View.LATERAL].name.text() == "ap.dcm"
    assert sample.panels[View.LATERAL].view_chip.settled, "the planner has said so"
    assert not sample.panels[View.AP].view_chip.settled, "of the other film nobody has"


def test_that_a_mirrored_film_takes_its_letters_along(sample):
    panel = sample.panels[View.AP]
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_M)
    assert panel.view.edges.right == "R"
    assert panel.edges_chip.text() == "L – R"
    assert sample.open.accept.isEnabled()


def test_that_a_film_turned_against_its_file_asks_for_the_foot(sample):
    panel = sample.panels[View.AP]
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_R)
    assert panel.view.edges.bottom == "L"
    assert needs(sample) == [(Need.ORIENTATION, View.AP)]
    QTest.keyClick(panel.view, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert sample.open.accept.isEnabled()


def test_that_distances_are_edited_with_their_origin_and_must_not_contradict(sample, session):
    settings = sample.settings[View.AP]
    assert settings.sid.origin.text() == "From the file: DistanceSourceToDetector (0018,1110)"
    type_into(settings.sid.box, "900")
    assert needs(sample) == [(Need.DISTANCES, View.AP)]
    type_into(settings.sod.box, "800")
    click(sample.open.accept)
    checked = session.document.checked
    assert (checked.ap.sid_mm.value, checked.ap.sid_mm.source) == (900, Source.USER)


def test_that_leaving_a_field_without_changing_it_makes_nothing_the_users(sample):
    for field in (sample.settings[View.AP].spacing, sample.settings[View.AP].sid):
        field.box.setFocus()
        QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert sample.work.draft.ap.sid_mm.source is Source.FILE


def test_that_an_impossible_spacing_is_refused_and_the_old_one_stays(sample, session, qtbot):
    with qtbot.waitSignal(session.said, timeout=5000) as said:
        type_into(sample.settings[View.AP].spacing.box, "0.01")
    assert "is not in 0.02 to 2 mm" in said.args[0].sentence
    assert sample.settings[View.AP].spacing.box.value() == 0.36


def test_that_the_beam_is_chosen_and_recorded(sample, session):
    sample.knee.beam.setFocus()
    QTest.keyClick(sample.knee.beam, Qt.Key.Key_Down)
    click(sample.open.accept)
    beam = session.document.checked.beam
    assert (beam.value, beam.source) == (LateralBeam.LATEROMEDIAL.value, Source.USER)


# Calibration


def test_that_a_ball_drawn_on_the_film_gives_its_scale(sample, session):
    panel, settings = sample.panels[View.AP], sample.settings[View.AP]
    click(settings.ball)
    assert panel.form.isVisible()
    assert not panel.form.use.isEnabled()
    at = panel.view.screen_point((288.0, 288.0)).toPoint()
    rim = panel.view.screen_point((338.0, 288.0)).toPoint()
    QTest.mousePress(panel.view, LEFT, pos=at)
    QTest.mouseMove(panel.view, rim)
    QTest.mouseRelease(panel.view, LEFT, pos=rim)
    type_into(panel.form.known_mm, "30")
    click(panel.form.use)
    across = panel_across(panel)
    click(sample.open.accept)
    spacing = session.document.checked.ap.spacing_mm
    assert spacing.source is Source.USER
    assert spacing.detail.startswith("ball 30 mm, ")
    assert spacing.detail.endswith("at the joint")
    expected = 30 * 1150 / 1050 / float(spacing.detail.split(", ")[1].split()[0])
    assert spacing.value == pytest.approx([expected] * 2, rel=2e-3)
    assert not across


def panel_across(panel) -> bool:
    return panel.view.measuring or panel.form.isVisible()


def test_that_a_length_is_drawn_with_keys_alone(sample):
    panel = sample.panels[View.LATERAL]
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_L)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    panel.form.plane.setCurrentIndex(1)
    across = panel.view.shape_drawn.across(1.0)
    panel.form.use.setFocus()
    QTest.keyClick(panel.form.use, Qt.Key.Key_Space)
    spacing = sample.work.draft.lateral.spacing_mm
    assert spacing.value == pytest.approx([100 / across] * 2)
    assert spacing.detail.endswith("on the detector")


def test_that_what_is_drawn_stays_on_its_place_when_the_film_is_turned(sample):
    panel = sample.panels[View.AP]
    click(panel.ball)
    panel.view.show_shape(Circle((100.0, 200.0), 30.0))
    click(panel.turn_right)
    assert panel.view.shape_drawn.middle == (375.0, 100.0)
    assert panel.form.isVisible()


def test_that_escape_gives_the_measuring_up(sample):
    panel = sample.panels[View.AP]
    click(panel.ball)
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert not panel_across(panel)
