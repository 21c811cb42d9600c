"""The Check page driven by clicks and keys: nothing goes on before side, view and scale are settled by somebody."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pydicom
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget

from app.cases.check_needs import Need
from app.cases.document import (
    GeneratedEntry,
    GenerateRequest,
    Step,
    StepState,
    basis_of,
    new_case,
    step_state,
)
from app.cases.knee import calibrated
from app.desktop.check.page import CheckPage
from app.desktop.session import Session
from engine.domain import Side, Source, View
from tests.app.desktop.check_case import (
    as_pictures,
    choose,
    click,
    confirm,
    needs,
    page_words,
    read_by_now,
    type_into,
)
from tests.engine.io.film_files import encoded, film, lateral, wedge

CANARY = "<img src=x onerror=alert(1)> 膝.dcm"


@pytest.fixture
def pictures(opened, sample_films) -> CheckPage:
    return opened(as_pictures(sample_films))


# The way through


def test_that_films_which_say_everything_are_accepted_with_one_click(sample, session, qtbot):
    assert not page_words(sample.open).startswith("0")
    with qtbot.waitSignal(session.wanted, timeout=10_000) as wanted:
        click(sample.open.accept)
    assert wanted.args == [Step.GENERATE]
    document = session.document
    assert step_state(document, Step.CHECK) is StepState.DONE
    checked = document.checked
    decided = [checked.side, checked.ap.view, checked.ap.spacing_mm, checked.lateral.sid_mm, checked.ap.columns_run_to]
    assert {decision.source for decision in decided} == {Source.FILE}
    assert checked.ap.view.detail == "ViewPosition (0018,5101)"


def test_that_pictures_are_settled_on_the_image_and_each_answer_is_recorded(pictures, session):
    page, ap, lat = pictures, *pictures.panels.values()
    assert len(page.work.items) == 9
    assert not page.open.accept.isEnabled()
    click(ap.turn_right)
    choose(ap.view_chip, "This is the AP film")
    choose(ap.side_chip, "Right knee")
    choose(ap.edges_chip, "R – L")
    choose(lat.view_chip, "This is the Lateral film")
    choose(lat.edges_chip, "P – A")
    for view in View:
        type_into(page.settings[view].spacing.box, "0.36")
    assert {need for need, _ in needs(page)} == {Need.DEFAULT_DISTANCES}
    assert not page.open.accept.isEnabled()
    confirm(page)
    assert page.open.accept.isEnabled()
    click(page.open.accept)
    checked = session.document.checked
    assert {d.source for d in (checked.side, checked.ap.view, checked.ap.columns_run_to)} == {Source.USER}
    assert checked.ap.spacing_mm.value == [0.36, 0.36]
    assert checked.ap.sid_mm.source is Source.DEFAULT
    assert checked.ap.quarter_turns == 1
    assert len(checked.confirmed) == 2


def test_that_pictures_so_settled_are_calibrated_as_the_films_they_were_made_from(pictures, sample_films, session):
    test_that_pictures_are_settled_on_the_image_and_each_answer_is_recorded(pictures, session)
    pair = calibrated(session.case, session.document)
    pixels = pydicom.dcmread(io.BytesIO(sample_films["ap.dcm"])).pixel_array
    np.testing.assert_array_equal(pair.pair.ap.pixels, pixels)
    assert pair.pair.ap.columns_run_to == "L"
    assert (pair.ap_camera.sid_mm, pair.ap_camera.sod_mm) == (1150, 1050)


# Open items lead to their controls


def test_that_each_open_item_leads_to_its_control(pictures, qtbot):
    page = pictures
    rows = {(row.item.need, row.item.place): row for row in page.open.rows}
    click(rows[Need.SCALE, View.LATERAL].button)
    assert page.settings[View.LATERAL].spacing.box.hasFocus()
    click(rows[Need.SIDE, None].button)
    assert page.knee.sides[Side.RIGHT].hasFocus()
    click(rows[Need.VIEW, View.AP].button)
    menus = [menu for menu in page.panels[View.AP].view_chip.findChildren(QMenu) if menu.isVisible()]
    assert menus
    menus[-1].close()


# Pairs that are none


def dicom(folder_film) -> bytes:
    return encoded(folder_film)


def pixels() -> np.ndarray:
    return wedge(200, 160)


def test_that_films_of_two_patients_are_refused_with_the_engines_sentence(opened, qtbot, session):
    page = opened({"a.dcm": dicom(film(pixels())), "b.dcm": dicom(lateral(pixels(), PatientID="P2"))})
    assert (Need.PAIR, None) in needs(page)
    assert "a.dcm and b.dcm are of two patients; give both films of one patient" in page_words(page.open)
    assert not page.open.accept.isEnabled()
    with qtbot.waitSignal(session.wanted, timeout=5000) as wanted:
        click(page.open.rows[0].button)
    assert wanted.args == [Step.IMPORT]


def test_that_two_dates_are_confirmed_in_so_many_words(opened, session):
    page = opened({"a.dcm": dicom(film(pixels())), "b.dcm": dicom(lateral(pixels(), StudyDate="20260401"))})
    assert not page.open.accept.isEnabled()
    confirm(page)
    click(page.open.accept)
    assert "a.dcm and b.dcm were taken on different dates" in session.document.checked.confirmed


def test_that_what_a_file_says_and_genu_cannot_use_is_told_and_asked(opened, said):
    page = opened({"a.dcm": dicom(film(pixels(), ViewPosition="RLO")), "b.dcm": dicom(lateral(pixels()))})
    assert "a.dcm is an oblique film" in [message.sentence for message in said]
    assert needs(page)[0] == (Need.VIEW, View.AP)


def test_that_sides_that_differ_are_asked(opened):
    page = opened({"a.dcm": dicom(film(pixels())), "b.dcm": dicom(lateral(pixels(), ImageLaterality="L"))})
    assert (Need.SIDE, None) in needs(page)
    assert "a.dcm says Right knee, b.dcm says Left knee" in page_words(page.open)


# The case


def test_that_an_accepted_check_is_taken_up_again_and_an_edit_makes_later_steps_stale(sample, session):
    click(sample.open.accept)
    document = session.document
    made = GeneratedEntry(basis_of(document, Step.GENERATE), GenerateRequest(), {"ct.nii.gz": session.case.put(b"ct")})
    session.accept(replace(document, generated=made), "Generate")
    assert sample.open.accept.text() == "Go on to Generate"
    assert step_state(session.document, Step.GENERATE) is StepState.DONE
    click(sample.knee.sides[Side.LEFT])
    assert sample.open.accept.text() == "Accept"
    click(sample.open.accept)
    assert step_state(session.document, Step.CHECK) is StepState.DONE
    assert step_state(session.document, Step.GENERATE) is StepState.STALE


def test_that_undo_brings_the_earlier_decisions_back(sample, session):
    click(sample.open.accept)
    click(sample.knee.sides[Side.LEFT])
    click(sample.open.accept)
    session.undo()
    assert sample.knee.sides[Side.RIGHT].isChecked()
    assert sample.open.accept.text() == "Go on to Generate"


def test_that_work_not_yet_accepted_outlives_a_refresh(sample):
    click(sample.knee.sides[Side.LEFT])
    sample.refresh()
    assert sample.knee.sides[Side.LEFT].isChecked()


def test_that_a_case_open_elsewhere_can_be_looked_at_and_not_changed(sample, session, qtbot):
    reader = session.store.open(session.case.document.id)
    assert reader.read_only
    other = Session(session.store)
    other.show_case(reader)
    page = CheckPage(other)
    qtbot.addWidget(page)
    page.refresh()
    qtbot.waitUntil(lambda: read_by_now(page), timeout=120_000)
    assert not page.open.accept.isEnabled()
    assert not page.knee.sides[Side.LEFT].isEnabled()
    assert not page.panels[View.AP].flip.isEnabled()
    other.close()


def test_that_a_film_that_cannot_be_read_says_why_and_can_be_read_again(opened, sample_films, qtbot):
    page = opened({"ap.dcm": sample_films["ap.dcm"], "notes.dcm": b"not a film"}, wait=False)
    qtbot.waitUntil(lambda: page.open.accept.text() == "Read again", timeout=60_000)
    assert "notes.dcm" in page.panels[View.LATERAL].view.accessibleDescription()
    click(page.open.accept)
    assert page.open.accept.text() != "Read again"
    qtbot.waitUntil(lambda: page.open.accept.text() == "Read again", timeout=60_000)


def test_that_without_films_the_page_leads_to_the_import(session, qtbot):
    session.show_case(session.store.create(new_case()))
    page = CheckPage(session)
    qtbot.addWidget(page)
    page.refresh()
    with qtbot.waitSignal(session.wanted, timeout=5000) as wanted:
        click(page.open.accept)
    assert wanted.args == [Step.IMPORT]


def test_that_a_name_made_of_markup_is_shown_as_text(opened, sample_films):
    page = opened({CANARY: sample_films["ap.dcm"], "lateral.dcm": sample_films["lateral.dcm"]})
    assert page.panels[View.AP].name.text() == CANARY
    for shown in page.findChildren(QLabel):
        assert shown.textFormat() is Qt.TextFormat.PlainText
    for widget in page.findChildren(QWidget):
        assert "<img" not in widget.toolTip()


def test_that_every_control_has_a_name_and_the_keyboard(sample):
    named = [w for w in sample.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]
    assert len(named) > 20
    for widget in named:
        inner = widget.objectName().startswith("qt_")
        text = widget.text() if isinstance(widget, QPushButton) else ""
        assert inner or widget.accessibleName() or text, widget


def test_that_the_films_stand_above_each_other_where_they_are_larger_so(sample):
    sample.resize(700, 1100)
    QApplication.processEvents()
    ap, lat = (sample.panels[view] for view in View)
    assert lat.y() > ap.y()
    assert lat.x() == ap.x()
    sample.resize(1400, 700)
    QApplication.processEvents()
    assert lat.x() > ap.x()
    assert lat.y() == ap.y()
