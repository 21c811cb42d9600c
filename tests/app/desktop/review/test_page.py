"""The Review page by clicks and keys: planes that are linked, bones over their films, and a word that is kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.cases.document import Step, StepState, step_state
from app.cases.knee import calibrated
from app.cases.store import OpenCase
from app.desktop.film.window_presets import Preset
from app.desktop.planes.reslice import Plane, SlabMode
from app.desktop.review.page import ReviewPage
from app.desktop.session import Session
from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import Bone, Side, View
from engine.quality.similarity import AGREES_FROM, LOOK_FROM
from tests.app.desktop.knee_case import with_knee
from tests.app.desktop.page_tools import PATIENCE_MS, click, move_tube_away, of_colour, opened, pixels, plane_of, write
from tests.generated_knee import phantom_meshes

MARKUP = "<img src=x onerror=alert(1)> 山田太郎"


@pytest.fixture
def case(sample_case: OpenCase) -> OpenCase:
    """A case with a phantom's knee that nobody has reviewed."""
    sample_case.save(with_knee(sample_case, sample_case.document, reviewed=False), "Generate")
    return sample_case


@pytest.fixture
def page(session: Session, case: OpenCase, qtbot: QtBot) -> Iterator[ReviewPage]:
    page = opened(ReviewPage(session), qtbot)
    yield page
    page.close_page()


def with_films(page: ReviewPage, qtbot: QtBot) -> ReviewPage:
    """The page once it knows how the knee fits both films."""
    qtbot.waitUntil(lambda: len(page.films.projections) == len(View), timeout=PATIENCE_MS)
    return page


# Planes -------------------------------------------------------------------------------------------------------------


def test_that_a_click_in_one_plane_moves_the_two_others_there(page: ReviewPage) -> None:
    axial, coronal, sagittal = (plane_of(page, plane) for plane in Plane)
    before = [pixels(view) for view in (coronal, sagittal)]
    click(axial, QPoint(axial.width() // 3, axial.height() // 3))
    point = page.views.model.state.crosshair_mm
    assert (sagittal.position_mm, coronal.position_mm) == (point[0], point[1])
    assert axial.position_mm == 0.0
    for view, earlier in zip((coronal, sagittal), before, strict=True):
        assert (pixels(view) != earlier).any()
    assert coronal.place_of(point).x() == pytest.approx(axial.place_of(point).x(), abs=1.0)  # one scale, side by side


def test_that_all_planes_show_the_slab_that_is_typed(page: ReviewPage) -> None:
    click(plane_of(page, Plane.CORONAL), QPoint(180, 110))
    thin = {plane: plane_of(page, plane).current_section() for plane in Plane}
    write(page.planes.thickness, "30")
    page.planes.mode.setFocus()
    QTest.keyClick(page.planes.mode, Qt.Key.Key_Down)
    assert page.views.model.state.slab.mode is SlabMode.MAXIMUM
    volume = page.views.model.state.volume
    assert volume is not None
    for plane, before in thin.items():
        shown = plane_of(page, plane).current_section()
        assert before is not None
        assert shown is not None
        assert (shown.hu >= before.hu).all()
        near = np.abs(
            volume.origin_mm[plane.normal]
            + np.arange(volume.hu.shape[plane.normal]) * volume.spacing_mm[plane.normal]
            - page.views.model.state.crosshair_mm[plane.normal]
        )
        expected = volume.hu.compress(near <= 15.0, axis=plane.normal).max(axis=plane.normal)
        assert sorted(shown.hu.ravel()) == sorted(expected.ravel())


def test_that_buttons_keys_and_the_right_button_agree_on_the_window(page: ReviewPage) -> None:
    bone, soft, full = page.planes.presets.buttons
    assert bone.isChecked()
    click(soft)
    assert page.views.model.state.window == Preset.SOFT_TISSUE.value
    assert soft.isChecked()
    QTest.keyClick(plane_of(page, Plane.SAGITTAL), Qt.Key.Key_3)
    assert full.isChecked()
    page.views.model.update(window=page.views.model.state.window.dragged(10, 0))
    assert not any(button.isChecked() for button in page.planes.presets.buttons)


def test_that_views_are_arranged_by_buttons_and_keys_and_one_alone_by_m(page: ReviewPage) -> None:
    every = {*page.views.planes.values(), *page.overlays.values(), page.views.knee}
    click(page.arrangement.buttons[3])
    assert {view for view in every if view.isVisible()} == set(page.overlays.values())
    QTest.keyClick(page, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert all(view.isVisible() for view in every)
    axial = plane_of(page, Plane.AXIAL)
    for shown in ({axial}, every):
        QTest.keyClick(axial, Qt.Key.Key_M)
        assert {view for view in every if view.isVisible()} == shown


# Films --------------------------------------------------------------------------------------------------------------


def test_that_bones_are_outlined_on_the_films_where_the_camera_sees_them(page: ReviewPage, qtbot: QtBot) -> None:
    with_films(page, qtbot)
    click(page.arrangement.buttons[3])
    qtbot.wait(50)
    assert page.session.case is not None
    assert page.session.document is not None
    pair = calibrated(page.session.case, page.session.document)
    for view, (_, camera) in zip(View, pair.views, strict=True):
        overlay = page.overlays[view]
        for mesh in phantom_meshes(Side.RIGHT):
            rows_columns = camera.project(mesh.vertices_mm)
            corners = (rows_columns.min(axis=0)[::-1], rows_columns.max(axis=0)[::-1])
            low, high = (overlay.screen_point((float(x), float(y))) for x, y in corners)
            drawn = of_colour(overlay, BONE_COLOURS[mesh.bone])
            inside = drawn[
                (drawn >= [low.x() - 3, low.y() - 3]).all(1) & (drawn <= [high.x() + 3, high.y() + 3]).all(1)
            ]
            assert inside.min(axis=0) == pytest.approx([low.x(), low.y()], abs=4)
            assert inside.max(axis=0) == pytest.approx([high.x(), high.y()], abs=4)


def test_that_a_hidden_bone_has_no_outline_and_the_slider_lays_the_ct_over_the_film(
    page: ReviewPage, qtbot: QtBot
) -> None:
    overlay = with_films(page, qtbot).overlays[View.AP]
    femur = len(of_colour(overlay, BONE_COLOURS[Bone.FEMUR]))
    assert femur > 80
    click(page.scene.bones.eyes[Bone.FEMUR])
    assert len(of_colour(overlay, BONE_COLOURS[Bone.FEMUR])) < femur / 4
    film = pixels(overlay)
    page.fit.blend.setFocus()
    QTest.keyClick(page.fit.blend, Qt.Key.Key_End)
    ct = pixels(overlay)
    assert (np.abs(ct - film).max(axis=2) > 25).mean() > 0.05
    QTest.keyClick(page.fit.blend, Qt.Key.Key_Home)
    assert (pixels(overlay) == film).all()


# The word that is kept ----------------------------------------------------------------------------------------------


def test_that_a_review_is_accepted_by_key_with_its_remark_and_figures_and_taken_back(
    page: ReviewPage, session: Session, qtbot: QtBot
) -> None:
    assert not page.accept.button.isEnabled()
    with_films(page, qtbot)
    figures = {view: made.similarity for view, made in page.films.projections.items()}
    for view, figure in figures.items():
        assert page.fit.figures[view].text() == f"{figure:.2f}"
        words = "agrees" if figure >= AGREES_FROM else "look closely" if figure >= LOOK_FROM else "does not agree"
        assert page.fit.chips[view].text() == words
        assert words in page.overlays[view].accessibleDescription()
    page.accept.remark.setFocus()
    written = QInputMethodEvent()  # as a Japanese keyboard does
    written.setCommitString(MARKUP)
    QApplication.sendEvent(page.accept.remark, written)
    QTest.keyClick(page.accept.remark, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert session.document is not None
    reviewed = session.document.reviewed
    assert reviewed is not None
    assert reviewed.remark == MARKUP
    assert dict(reviewed.similarity) == {
        view.value: pytest.approx(figure, abs=1e-4) for view, figure in figures.items()
    }
    assert page.accept.state.text() == "accepted"
    session.undo()
    assert page.accept.state.text() == "not reviewed"
    session.redo()
    assert page.accept.remark.toPlainText() == MARKUP


def test_that_a_knee_of_other_decisions_says_so_and_cannot_be_accepted(
    page: ReviewPage, session: Session, qtbot: QtBot
) -> None:
    assert not page.stale.isVisible()
    move_tube_away(session)
    assert session.document is not None
    assert step_state(session.document, Step.GENERATE) is StepState.STALE
    assert page.stale.isVisible()
    assert not page.accept.button.isEnabled()
    assert "Generate the knee again" in page.accept.why.text()
    with qtbot.waitSignal(session.wanted, timeout=5000) as wanted:
        click(page.stale.button)
    assert wanted.args == [Step.GENERATE]
    session.undo()
    assert not page.stale.isVisible()


def test_that_a_case_open_elsewhere_is_looked_at_and_not_accepted(case: OpenCase, session: Session, qtbot) -> None:
    other = Session(session.store)
    other.show_case(session.store.open(case.document.id))
    page = opened(ReviewPage(other), qtbot)
    assert not page.accept.button.isEnabled()
    assert "open elsewhere" in page.accept.why.text()
    page.close_page()
    other.close()
