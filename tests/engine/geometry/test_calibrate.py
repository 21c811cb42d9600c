"""Cameras against closed form, and the mirror that must never hide."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import LateralBeam, Radiograph, RadiographPair, Side, Source, View
from engine.geometry.calibrate import DEFAULT_OBJECT_TO_DETECTOR_MM, DEFAULT_SID_MM, calibrate

DISTANCES = st.floats(600, 2500)
SPACINGS = st.floats(0.02, 2.0)


def film(
    view: View, side: Side = Side.RIGHT, spacing=(0.3, 0.3), sid=1150.0, sod=1050.0, shape=(101, 101)
) -> Radiograph:
    towards = "L" if view is View.AP else "A"
    return Radiograph(np.zeros(shape, np.float32), view, side, spacing, sid, sod, towards, f"{view.value}.dcm", "0")


def pair(side: Side = Side.RIGHT, **kinds) -> RadiographPair:
    return RadiographPair(film(View.AP, side, **kinds), film(View.LATERAL, side, **kinds))


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("beam", LateralBeam)
def test_that_the_isocentre_falls_on_the_middle_of_both_films(side, beam):
    calibrated = calibrate(pair(side), beam)
    for _, camera in calibrated.views:
        np.testing.assert_allclose(camera.project(np.zeros((1, 3))), [[50, 50]])


@given(sid=DISTANCES, share=st.floats(0.5, 0.97), row=SPACINGS, column=SPACINGS, depth=st.floats(-80, 80))
def test_that_a_point_is_magnified_by_sid_over_its_distance_from_the_source(sid, share, row, column, depth):
    sod = sid * share
    camera = calibrate(pair(spacing=(row, column), sid=sid, sod=sod)).ap_camera
    (where,) = camera.project([[10.0, depth, -20.0]])
    magnification = sid / (sod + depth)
    np.testing.assert_allclose(where, [50 + 20 * magnification / row, 50 + 10 * magnification / column], rtol=1e-9)


def test_that_the_ap_film_shows_the_patients_left_on_the_right_and_the_foot_below():
    camera = calibrate(pair()).ap_camera
    left, foot = camera.project([[10.0, 0, 0], [0, 0, -10.0]])
    assert left[1] > 50
    assert foot[0] > 50


def test_that_a_point_nearer_the_source_of_the_ap_film_is_larger():
    front, back = calibrate(pair()).ap_camera.project([[10.0, -40, 0], [10.0, 40, 0]])
    assert front[1] > back[1]


@pytest.mark.parametrize(("side", "lateral_x"), [(Side.RIGHT, -40.0), (Side.LEFT, 40.0)])
def test_that_a_mediolateral_beam_meets_the_fibula_last(side, lateral_x):
    fibula, medial = calibrate(pair(side)).lateral_camera.project([[lateral_x, -10, 0], [-lateral_x, -10, 0]])
    assert 50 < fibula[1] < medial[1], "the lateral structure lies farther from the source and is magnified less"


def test_that_the_other_beam_direction_swaps_near_and_far():
    points = [[-40.0, -10, 0], [40.0, -10, 0]]
    one = calibrate(pair(), LateralBeam.MEDIOLATERAL).lateral_camera.project(points)
    other = calibrate(pair(), LateralBeam.LATEROMEDIAL).lateral_camera.project(points)
    np.testing.assert_allclose(one, other[::-1])


def test_that_missing_distances_become_defaults_that_say_so():
    calibrated = calibrate(pair(sid=None, sod=None))
    ap = calibrated.pair.ap
    assert (ap.sid_mm, ap.sod_mm) == (DEFAULT_SID_MM, DEFAULT_SID_MM - DEFAULT_OBJECT_TO_DETECTOR_MM)
    assert {ap.provenance[name].source for name in ("sid_mm", "sod_mm")} == {Source.DEFAULT}


def test_that_a_known_distance_is_kept_beside_a_default():
    ap = calibrate(pair(sid=1800.0, sod=None)).pair.ap
    assert (ap.sid_mm, ap.sod_mm) == (1800.0, 1700.0)
    assert "sid_mm" not in ap.provenance
