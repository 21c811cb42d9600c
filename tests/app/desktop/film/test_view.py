"""A film on the screen: that what is seen, pointed at and measured is where the film has it, however it hangs."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.cases.films import oriented
from app.desktop.film.image import Window, film_image
from app.desktop.film.marks import Bar, Edges, bar_length_mm, letters_of
from app.desktop.film.tools import Circle, Line
from app.desktop.film.view import FilmView
from tests.engine.io.film_files import wedge

WEDGE = wedge(301, 257).astype(np.float32)  # odd sizes: every level is padded
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def view(qtbot) -> FilmView:
    view = FilmView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show_film(film_image(WEDGE))
    view.show()
    qtbot.waitExposed(view)
    return view


def drag(view: FilmView, start: QPointF, end: QPointF, button=LEFT) -> None:
    QTest.mousePress(view, button, pos=start.toPoint())
    for share in (0.5, 1.0):
        at = start + (end - start) * share
        QTest.mouseMove(view, at.toPoint())
        QApplication.processEvents()
    QTest.mouseRelease(view, button, pos=end.toPoint())


def grey(view: FilmView, at: QPointF) -> int:
    return view.grab().toImage().pixelColor(at.toPoint()).value()


# Places


@given(
    zoom=st.floats(0.1, 20),
    aspect=st.floats(0.5, 2),
    x=st.floats(-50, 400),
    y=st.floats(-50, 400),
    pan=st.tuples(st.floats(-200, 200), st.floats(-200, 200)),
)
@settings(max_examples=40)
def test_that_screen_and_film_agree_at_any_zoom_and_shape_of_pixels(qapp, zoom, aspect, x, y, pan):
    view = FilmView()
    view.resize(500, 400)
    view.show_film(film_image(WEDGE), aspect)
    view.zoom_by(zoom / view.zoom)
    view.pan_by(*pan)
    assert view.film_point(view.screen_point((x, y))) == pytest.approx((x, y), abs=1e-6)
    origin, across = view.screen_point((0, 0)), view.screen_point((1, 1)) - view.screen_point((0, 0))
    assert across.y() / across.x() == pytest.approx(aspect)
    assert view.film_point(origin) == pytest.approx((0, 0), abs=1e-6)
    view.deleteLater()


def test_that_a_fitted_film_touches_two_edges_and_stays_so_when_the_window_grows(view):
    for size in ((500, 400), (300, 700)):
        view.resize(*size)
        corner, end = view.screen_point((-0.5, -0.5)), view.screen_point((256.5, 300.5))
        assert min(corner.x(), corner.y()) == pytest.approx(0, abs=1e-6)
        assert max(end.x() - size[0], end.y() - size[1]) == pytest.approx(0, abs=1e-6)


def test_that_the_wheel_zooms_at_the_pointer(view):
    at = QPointF(123, 231)
    before = view.film_point(at)
    wheel = QWheelEvent(
        at,
        QPointF(view.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    zoom = view.zoom
    QApplication.sendEvent(view, wheel)
    assert view.zoom > 1.3 * zoom
    assert view.film_point(at) == pytest.approx(before)


@pytest.mark.parametrize("zoom", [0.3, 1.0, 3.0])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turns", range(4))
def test_that_a_bright_pixel_is_seen_where_the_film_has_it(view, turns, mirrored, zoom):
    pixels = np.zeros((1301, 1103), np.float32)
    pixels[410:426, 210:226] = 1.0
    view.show_film(film_image(pixels).oriented(turns, mirrored))
    shown = np.argwhere(oriented(pixels, turns, mirrored) == 1.0)
    row, column = shown.mean(axis=0)
    view.show_window(Window(0.0, 1.0))
    view.zoom_by(zoom / view.zoom)
    to = view.screen_point((column, row))
    view.pan_by(200 - to.x(), 180 - to.y())
    assert grey(view, QPointF(200, 180)) > 180
    for away in (QPointF(14 * zoom + 3, 0), QPointF(0, -14 * zoom - 3)):
        assert grey(view, QPointF(200, 180) + away) < 60


def test_that_inverting_is_for_the_screen_only(view):
    at = view.screen_point((200.0, 250.0))
    bright = grey(view, at)
    view.set_inverted(True)
    assert abs(grey(view, at) - (255 - bright)) <= 3
    np.testing.assert_array_equal(view.image.levels[0], film_image(WEDGE).levels[0])


# Marks


def test_that_letters_stand_at_their_edges_and_carry_a_question_mark_until_settled():
    letters = letters_of(Edges("L", "F", True))
    assert letters[Qt.Edge.LeftEdge] == "R"
    assert letters[Qt.Edge.RightEdge] == "L"
    assert (letters[Qt.Edge.TopEdge], letters[Qt.Edge.BottomEdge]) == ("H", "F")
    assert letters_of(Edges("A", "F", False))[Qt.Edge.LeftEdge] == "P?"


def test_that_the_scale_bar_is_the_longest_round_length_that_fits():
    bar = Bar(0.2, "at the joint")
    assert bar_length_mm(bar, 1.0, 160.0) == 20
    assert bar_length_mm(bar, 0.4, 160.0) == 50
    assert bar_length_mm(Bar(10.0, ""), 0.01, 1e-4) is None


def test_that_a_click_on_a_side_letter_asks_for_the_direction(view, qtbot):
    view.show_edges(Edges("L", "F", False))
    with qtbot.waitSignal(view.edge_clicked, timeout=5000):
        QTest.mouseClick(view, LEFT, pos=QPoint(12, 200))


def test_that_the_view_tells_those_who_do_not_see_it(view):
    view.show_edges(Edges("L", "F", True))
    assert "right edge L, lower edge F" in view.accessibleDescription()
    assert "W " in view.accessibleDescription()


# Window by mouse and keys


def test_that_the_right_button_drags_the_window_and_not_the_film(view):
    before, place = view.window_shown, view.screen_point((0, 0))
    drag(view, QPointF(200, 200), QPointF(300, 160), RIGHT)
    assert view.window_shown.width > before.width
    assert view.window_shown.level < before.level, "up is brighter"
    assert view.screen_point((0, 0)) == place


def test_that_the_left_button_pans_and_drags_the_window_only_where_it_was_told_to(view):
    window, place = view.window_shown, view.screen_point((0, 0))
    drag(view, QPointF(200, 200), QPointF(230, 190))
    assert view.screen_point((0, 0)) == place + QPointF(30, -10)
    assert view.window_shown == window
    view.set_windowing(True)
    drag(view, QPointF(200, 200), QPointF(230, 190))
    assert view.window_shown != window


def test_that_keys_pan_and_window(view):
    place, window = view.screen_point((0, 0)), view.window_shown
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.screen_point((0, 0)).x() < place.x()
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert view.window_shown.level < window.level


# Measuring


def test_that_a_circle_is_drawn_around_its_middle_at_any_zoom(view):
    view.zoom_by(2.7)
    view.pan_by(-130, 40)
    drawn = []
    view.shape_changed.connect(drawn.append)
    view.start_drawing(Circle((0, 0), 1), "draw")
    middle, rim = view.screen_point((120.0, 150.0)), view.screen_point((140.0, 150.0))
    drag(view, middle, rim)
    assert drawn[-1].middle == pytest.approx((120, 150), abs=0.5)
    assert drawn[-1].radius == pytest.approx(20, abs=0.5)


def test_that_a_line_follows_its_handles_and_pans_elsewhere(view):
    view.show_shape(Line((50.0, 60.0), (150.0, 200.0)))
    drag(view, view.screen_point((150.0, 200.0)), view.screen_point((170.0, 210.0)))
    assert view.shape_drawn.start == (50.0, 60.0)
    assert view.shape_drawn.end == pytest.approx((170, 210), abs=1.0)
    place = view.screen_point((0, 0))
    drag(view, view.screen_point((220.0, 60.0)), view.screen_point((200.0, 60.0)))
    assert view.screen_point((0, 0)).x() < place.x()


def test_that_a_shape_can_be_placed_and_moved_with_keys_alone(view):
    view.start_drawing(Circle((0, 0), 1), "draw")
    QTest.keyClick(view, Qt.Key.Key_Return)
    placed = view.shape_drawn
    assert placed.middle == pytest.approx(view.film_point(QRectF(view.rect()).center()))
    assert view.chosen_handle == 1
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.shape_drawn.across(1.0) == pytest.approx(placed.across(1.0) + 1)
    for _ in range(4):
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.chosen_handle == 0
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.shape_drawn.middle[1] == pytest.approx(placed.middle[1] + 10)


def test_that_escape_ends_the_measuring(view, qtbot):
    view.show_shape(Line((0.0, 0.0), (10.0, 0.0)))
    with qtbot.waitSignal(view.cancelled, timeout=5000):
        QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.measuring


# Speed


def test_that_a_film_of_sixteen_million_pixels_is_windowed_within_a_tenth_of_a_second(qtbot):
    """Time of this thread, so that other programs do not count."""
    image = film_image(np.add.outer(np.arange(4096.0), np.arange(4096.0)).astype(np.float32))
    view = FilmView()
    qtbot.addWidget(view)
    view.resize(1000, 900)
    view.show_film(image.oriented(1, True))
    view.show()
    qtbot.waitExposed(view)
    taken = []
    for zoom in (view.zoom, 0.71, 1.41, 3.0):
        view.zoom_by(zoom / view.zoom)
        for step in range(3):
            began = time.thread_time()
            view.show_window(Window(step, 5000.0 + step))
            view.repaint()
            taken.append(time.thread_time() - began)
    assert max(taken) < 0.1
