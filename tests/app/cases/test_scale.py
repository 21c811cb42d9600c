"""Scale from balls and lengths against shadows cast ray by ray through the engine's own camera."""

from math import hypot

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.cases.scale import Plane, Rays, relative_error, rescaled, shadow_of_ball_mm, spacing_by_ball, spacing_by_length
from engine.domain import Radiograph, RefusedInput, Side, View
from engine.geometry.calibrate import camera_of

SIDS = st.floats(700, 2500)
SHARES = st.floats(0.75, 0.95)
SPACINGS = st.floats(0.08, 0.4)
RAYS = st.builds(lambda sid, share: Rays(sid, sid * share), SIDS, SHARES)


def camera(rays: Rays, spacing_mm: tuple[float, float], shape: tuple[int, int] = (1001, 801)):
    film = Radiograph(
        np.zeros(shape, np.float32), View.AP, Side.RIGHT, spacing_mm, rays.sid_mm, rays.sod_mm, "L", "ap.dcm", "0"
    )
    return camera_of(film, (0, -1, 0))


def silhouette(radius: float, centre: np.ndarray, rays: Rays, spacing_mm: tuple[float, float]) -> np.ndarray:
    """Pixels (row, column) of the rim of a ball as seen from the source: the circle where rays graze it."""
    to_source = np.array([0.0, -rays.sod_mm, 0.0]) - centre
    distance = np.linalg.norm(to_source)
    axis = to_source / distance
    rim_centre = centre + axis * radius**2 / distance
    rim_radius = radius * np.sqrt(1 - (radius / distance) ** 2)
    across = np.cross(axis, [0.3, 0.2, 0.9])
    across /= np.linalg.norm(across)
    turns = np.linspace(0, 2 * np.pi, 720, endpoint=False)[:, None]
    rim = rim_centre + rim_radius * (np.cos(turns) * across + np.sin(turns) * np.cross(axis, across))
    return camera(rays, spacing_mm).project(rim)


def circle_around(rim: np.ndarray, aspect: float) -> tuple[float, tuple[float, float]]:
    """Diameter in columns of the circle that fits a rim, and (columns, rows) from the film's middle, by least squares.

    The fit is Kasa's, which knows nothing of cones.
    """
    x, y = rim[:, 1], rim[:, 0] * aspect
    a, b, c = np.linalg.lstsq(np.stack([x, y, np.ones_like(x)], 1), x**2 + y**2, rcond=None)[0]
    radius = np.sqrt(c + a**2 / 4 + b**2 / 4)
    return 2 * radius, (a / 2 - 400, b / 2 / aspect - 500)


@given(
    rays=RAYS,
    column=SPACINGS,
    aspect=st.floats(0.5, 2.0),
    diameter=st.floats(10, 50),
    x=st.floats(-150, 150),
    z=st.floats(-150, 150),
)
def test_that_a_ball_at_the_joint_gives_the_spacing_within_half_a_percent(rays, column, aspect, diameter, x, z):
    spacing = (aspect * column, column)
    rim = silhouette(diameter / 2, np.array([x, 0.0, z]), rays, spacing)
    across, from_middle = circle_around(rim, aspect)
    found = spacing_by_ball(diameter, across, from_middle, aspect, rays, Plane.JOINT)
    np.testing.assert_allclose(found, spacing, rtol=0.005)


@given(rays=RAYS, x=st.floats(-120, 120), z=st.floats(-120, 120))
def test_that_a_ball_on_the_detector_touches_it(rays, x, z):
    rim = silhouette(12.5, np.array([x, rays.sid_mm - rays.sod_mm - 12.5, z]), rays, (0.15, 0.15))
    across, from_middle = circle_around(rim, 1.0)
    found = spacing_by_ball(25.0, across, from_middle, 1.0, rays, Plane.DETECTOR)
    np.testing.assert_allclose(found, (0.15, 0.15), rtol=0.005)


def test_that_a_ball_in_the_central_ray_is_answered_in_closed_form():
    rays = Rays(1150, 1050)
    shadow = 1150 * 25 / np.sqrt(1050**2 - 12.5**2)
    found = spacing_by_ball(25.0, shadow / 0.2, (0, 0), 1.0, rays, Plane.JOINT)
    np.testing.assert_allclose(found, (0.2, 0.2), rtol=1e-12)


def test_that_a_ball_far_from_the_middle_is_longer_than_wide_by_the_cone():
    length, width = shadow_of_ball_mm(12.5, 1050, 150, 1150)
    assert width == pytest.approx(1150 * 25 / np.sqrt(1050**2 - 12.5**2), rel=1e-12)
    assert length / width == pytest.approx(hypot(1150, 150) / 1150, rel=1e-4)
    assert 1.008 < length / width < 1.009


@given(rays=RAYS, column=SPACINGS, aspect=st.floats(0.5, 2.0), turn=st.floats(0, 6.28), length=st.floats(10, 200))
def test_that_a_length_in_the_joint_plane_gives_the_spacing_exactly(rays, column, aspect, turn, length):
    spacing = (aspect * column, column)
    ends = np.array([[7.0, 0, -11.0], [7 + length * np.cos(turn), 0, -11 + length * np.sin(turn)]])
    (row, col), (row2, col2) = camera(rays, spacing).project(ends)
    found = spacing_by_length(length, (col2 - col, row2 - row), aspect, rays, Plane.JOINT)
    np.testing.assert_allclose(found, spacing, rtol=1e-9)


def test_that_a_length_on_the_detector_is_not_magnified():
    assert spacing_by_length(50, (300, 400), 1.0, Rays(1150, 1050), Plane.DETECTOR) == (0.1, 0.1)


@given(before=RAYS, after=RAYS, across=st.floats(100, 400))
def test_that_corrected_distances_leave_a_scale_at_the_joint_as_measured(before, after, across):
    by_length = spacing_by_length(30, (across, 0), 1.0, before, Plane.JOINT)
    assume(0.02 < rescaled(by_length, before, after)[0] < 2)
    again = spacing_by_length(30, (across, 0), 1.0, after, Plane.JOINT)
    np.testing.assert_allclose(rescaled(by_length, before, after), again)


@pytest.mark.parametrize(
    ("size", "columns", "word"),
    [(0, 100, "not a length"), (float("nan"), 100, "not a length"), (25, 0, "no length"), (25, 4, "pixel spacing")],
)
def test_that_what_cannot_be_a_measure_is_refused_with_a_remedy(size, columns, word):
    with pytest.raises(RefusedInput, match=word) as refused:
        spacing_by_length(size, (columns, 0), 1.0, Rays(1150, 1050), Plane.JOINT)
    assert ";" in str(refused.value)


def test_that_a_ball_larger_than_its_distance_is_refused():
    with pytest.raises(RefusedInput, match="does not fit"):
        spacing_by_ball(1200, 4000, (0, 0), 1.0, Rays(1150, 1050), Plane.JOINT)


def test_that_an_object_behind_the_detector_is_refused():
    with pytest.raises(RefusedInput, match="not smaller"):
        Rays(1000, 1000)


def test_that_a_hundred_columns_are_good_for_a_percent():
    assert relative_error(100) == 0.01
