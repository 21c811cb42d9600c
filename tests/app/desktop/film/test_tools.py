"""Lines and circles drawn on a film: they keep their place and their millimetres however the film hangs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.films import oriented
from app.desktop.film.tools import Circle, Hung, nearest_handle


@given(
    turns=st.integers(0, 3),
    mirrored=st.booleans(),
    aspect=st.floats(0.5, 2.0),
    x=st.floats(0, 300),
    y=st.floats(0, 200),
    radius=st.floats(1, 50),
)
def test_that_a_shape_goes_along_with_the_film_and_keeps_its_millimetres(turns, mirrored, aspect, x, y, radius):
    hung = Hung((201, 301), aspect, turns, mirrored)
    circle = Circle((x, y), radius)
    after = circle.turned(hung)
    back = Hung(hung.shape if turns % 2 == 0 else (301, 201), hung.growth * aspect, 0, mirrored)
    assert back.of(hung.of((x, y))) == pytest.approx(Hung((201, 301), aspect, turns).of((x, y)))
    column_mm = 0.2
    shown_column_mm = column_mm * aspect if turns % 2 else column_mm
    assert after.radius * shown_column_mm == pytest.approx(radius * column_mm)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_that_a_point_goes_where_its_pixel_goes(turns, mirrored):
    pixels = np.zeros((20, 30))
    pixels[7, 11] = 1
    row, column = np.argwhere(oriented(pixels, turns, mirrored))[0]
    assert Hung((20, 30), 1.0, turns, mirrored).of((11, 7)) == (column, row)


@given(aspect=st.floats(0.5, 2.0), index=st.integers(1, 4), far=st.floats(3, 80))
def test_that_a_handle_on_the_rim_leaves_the_opposite_rim_where_it_is(aspect, index, far):
    circle = Circle((100.0, 100.0), 30.0)
    handle, opposite = circle.handles(aspect)[index], 1 + (index + 1) % 4
    x, y = circle.handles(aspect)[opposite]
    to = (x + (handle[0] - x) / 60 * far, y + (handle[1] - y) / 60 * far)
    moved = circle.with_handle(index, to, aspect)
    assert moved.handles(aspect)[opposite] == pytest.approx((x, y))
    assert moved.handles(aspect)[index] == pytest.approx(to)


def test_that_the_nearest_handle_within_reach_is_taken():
    circle = Circle((100.0, 100.0), 30.0)
    assert nearest_handle(circle, (128.0, 101.0), 1.0, 5.0) == 1
    assert nearest_handle(circle, (115.0, 100.0), 1.0, 5.0) is None
