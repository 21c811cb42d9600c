"""The Plan page by clicks and keys: what is measured, how it is called, and how every change is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.cases.document import Measurement, Planned, Step, StepState, basis_of, step_state
from app.cases.store import OpenCase
from app.desktop.plan.measure import Kind, next_name, value_of
from app.desktop.plan.page import PlanPage
from app.desktop.planes.reslice import Plane
from app.desktop.session import Session
from engine.domain import Bone, Side
from engine.quality.bone_dimensions import bone_dimensions
from tests.app.desktop.page_tools import PATIENCE_MS, click, move_tube_away, of_colour, opened, plane_of, write
from tests.generated_knee import phantom_meshes

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def page(session: Session, reviewed_case: OpenCase, qtbot: QtBot) -> Iterator[PlanPage]:
    page = opened(PlanPage(session), qtbot)
    yield page
    page.close_page()


def measure(page: PlanPage, kind: Kind, places: list[tuple[int, int]], plane: Plane = Plane.CORONAL) -> Measurement:
    """Take a tool and click; the measurement that there is then."""
    click(page.measure.tools[kind])
    for place in places:
        click(plane_of(page, plane), QPoint(*place))
    return page.measurements[-1]


# Measuring ----------------------------------------------------------------------------------------------------------


def test_that_a_distance_is_what_lies_between_two_clicks(page: PlanPage) -> None:
    found = measure(page, Kind.DISTANCE, [(100, 90), (220, 180)])
    view = plane_of(page, Plane.CORONAL)
    across, down = view.frame.scale
    expected = np.hypot(120 / across, 90 / down)
    assert value_of(found.points_mm) == pytest.approx(expected)
    assert page.measure.table.item(0, 0).text() == "Distance 1"
    assert page.measure.table.item(0, 1).text() == f"{expected:.1f} mm"
    assert page.views.model.state.marks[0].text == f"Distance 1  {expected:.1f} mm"
    assert not page.measure.tools[Kind.DISTANCE].isChecked()


def test_that_an_angle_is_the_one_at_the_second_click(page: PlanPage) -> None:
    before = page.views.model.state.crosshair_mm
    found = measure(page, Kind.ANGLE, [(100, 60), (100, 160), (200, 160)], Plane.SAGITTAL)
    assert value_of(found.points_mm) == pytest.approx(90.0)
    assert page.measure.table.item(0, 1).text() == "90.0°"
    assert found.points_mm[1] == plane_of(page, Plane.SAGITTAL).point_at(QPointF(100, 160))
    assert page.views.model.state.crosshair_mm == before  # the planes stay where the planner measures


def test_that_the_keyboard_alone_measures_and_escape_stops(page: PlanPage) -> None:
    coronal = plane_of(page, Plane.CORONAL)
    coronal.setFocus()
    QTest.keyClick(coronal, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert "first point" in page.measure.hint.text()
    QTest.keyClick(coronal, Qt.Key.Key_Return)
    assert "second point" in page.measure.hint.text()
    for _ in range(4):
        QTest.keyClick(coronal, Qt.Key.Key_Right)
    QTest.keyClick(coronal, Qt.Key.Key_Return)
    volume = page.views.model.state.volume
    assert volume is not None
    assert value_of(page.measurements[0].points_mm) == pytest.approx(4 * volume.spacing_mm[0])
    QTest.keyClick(coronal, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(coronal, Qt.Key.Key_Return)
    QTest.keyClick(coronal, Qt.Key.Key_Escape)
    assert not page.views.model.state.picking
    assert len(page.measurements) == 1
    assert len(page.views.model.state.marks) == 1


def test_that_a_point_is_taken_on_a_bone_in_three_dimensions(page: PlanPage, qtbot: QtBot) -> None:
    knee = page.views.knee
    qtbot.waitUntil(lambda: knee.picture is not None, timeout=PATIENCE_MS)
    click(page.measure.tools[Kind.DISTANCE])
    bones = {mesh.bone: mesh for mesh in phantom_meshes(Side.RIGHT)}
    patella, tibia = bones[Bone.PATELLA], bones[Bone.TIBIA]
    assert knee.viewpoint is not None
    for mesh in (patella, tibia):
        x, y, _ = knee.viewpoint.project([mesh.vertices_mm.mean(axis=0)], (knee.width(), knee.height()))[0]
        click(knee, QPoint(round(x), round(y)))
    (found,) = page.measurements
    for point, mesh in zip(found.points_mm, (patella, tibia), strict=True):
        assert np.linalg.norm(mesh.vertices_mm - point, axis=1).min() < 6.0  # the phantom's triangles are that large
        assert point[1] < mesh.vertices_mm[:, 1].mean()  # on the side that faces the planner, who looks from the front


# The list -----------------------------------------------------------------------------------------------------------


def test_that_every_change_is_undone_and_done_again(page: PlanPage, session: Session) -> None:
    measure(page, Kind.DISTANCE, [(100, 90), (200, 90)])
    measure(page, Kind.DISTANCE, [(100, 90), (100, 190)])
    names = [each.name for each in page.measurements]
    assert names == ["Distance 1", "Distance 2"]
    page.measure.table.selectRow(0)
    click(page.measure.delete)
    assert [each.name for each in page.measurements] == ["Distance 2"]
    assert session.case is not None
    assert session.case.undo_label == "Delete measurement"
    session.undo()
    assert [page.measure.table.item(row, 0).text() for row in range(2)] == names
    session.undo()
    assert (page.measure.table.rowCount(), len(page.views.model.state.marks)) == (1, 1)
    session.redo()
    session.redo()
    assert page.measure.table.item(0, 0).text() == "Distance 2"
    assert page.measure.table.rowCount() == 1


def test_that_a_name_made_of_markup_stays_text_and_a_deleted_number_is_used_again(page: PlanPage) -> None:
    measure(page, Kind.DISTANCE, [(100, 90), (200, 90)])
    page.measure.table.selectRow(0)
    click(page.measure.rename)
    editor = next(each for each in page.measure.table.findChildren(QLineEdit) if each.isVisible())
    write(editor, MARKUP)
    QApplication.processEvents()
    assert page.measurements[0].name == MARKUP
    assert page.measure.table.item(0, 0).text() == MARKUP
    assert page.views.model.state.marks[0].text.startswith(MARKUP)
    assert next_name("Distance", page.measurements) == "Distance 1"


def test_that_a_measurement_that_is_chosen_is_where_the_crosshair_goes(page: PlanPage) -> None:
    one = measure(page, Kind.DISTANCE, [(100, 90), (200, 90)])
    measure(page, Kind.DISTANCE, [(120, 190), (220, 200)])
    page.measure.table.selectRow(0)
    assert page.views.model.state.crosshair_mm == pytest.approx(one.points_mm[0])
    assert [mark.chosen for mark in page.views.model.state.marks] == [True, False]


def test_that_words_beside_a_measurement_stay_inside_the_view(page: PlanPage) -> None:
    view = plane_of(page, Plane.CORONAL)
    far = view.width() - 40, 8
    measure(page, Kind.DISTANCE, [(view.width() // 2, view.height() // 2), far])
    words = of_colour(view, "#EBF0F5")
    corner = words[(words[:, 0] > view.width() - 130) & (words[:, 1] < 40)]
    assert len(corner) > 60
    assert corner[:, 0].max() < view.width() - 30


# Another knee -------------------------------------------------------------------------------------------------------


@pytest.fixture
def outdated(page: PlanPage, session: Session) -> PlanPage:
    """The page after the knee was generated anew: the measurements are of the one before."""
    measure(page, Kind.DISTANCE, [(100, 90), (200, 90)])
    document = session.document
    assert document is not None
    assert document.planned is not None
    session.accept(replace(document, planned=Planned("of another knee", document.planned.measurements)), "Generate")
    return page


def test_that_measurements_of_an_earlier_knee_wait_for_an_answer(outdated: PlanPage, session: Session) -> None:
    assert session.document is not None
    assert step_state(session.document, Step.PLAN) is StepState.STALE
    assert not outdated.measure.tools[Kind.DISTANCE].isEnabled()
    assert "generated anew" in outdated.measure.hint.text()
    click(outdated.measure.keep)
    assert step_state(session.document, Step.PLAN) is StepState.DONE
    assert outdated.measure.tools[Kind.DISTANCE].isEnabled()
    assert not outdated.measure.keep.isVisible()


def test_that_measurements_of_an_earlier_knee_can_be_deleted(outdated: PlanPage, session: Session) -> None:
    click(outdated.measure.drop)
    assert outdated.measurements == ()
    assert session.document is not None
    assert session.document.planned is not None
    assert session.document.planned.basis == basis_of(session.document, Step.PLAN)


def test_that_on_a_stale_knee_nothing_is_measured(page: PlanPage, session: Session, qtbot: QtBot) -> None:
    move_tube_away(session)
    assert page.stale.isVisible()
    assert not page.measure.tools[Kind.ANGLE].isEnabled()
    with qtbot.waitSignal(session.wanted, timeout=5000) as wanted:
        click(page.stale.button)
    assert wanted.args == [Step.GENERATE]


# Sizes --------------------------------------------------------------------------------------------------------------


def test_that_the_sizes_are_those_of_the_surfaces_that_are_exported(page: PlanPage) -> None:
    for mesh in phantom_meshes(Side.RIGHT):
        size = bone_dimensions(mesh)
        expected = (size.width_mm, size.depth_mm, size.length_mm, size.volume_mm3 / 1000)
        shown = [page.sizes.cells[mesh.bone, column].text() for column in range(4)]
        assert shown == [f"{value:.1f}" for value in expected]


def test_that_a_closed_case_leaves_no_figures(page: PlanPage, session: Session) -> None:
    session.show_case(None)
    assert {cell.text() for cell in page.sizes.cells.values()} == {"–"}
    assert page.views.model.state.volume is None
