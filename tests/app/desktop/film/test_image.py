"""A film made ready for the screen: its levels, its windows, its greys."""

import numpy as np
import pytest

from app.cases.films import oriented
from app.desktop.film.image import Preset, Window, film_image
from tests.engine.io.film_files import wedge

WEDGE = wedge(301, 257).astype(np.float32)  # odd sizes: every level is padded


def test_that_every_level_has_the_mean_of_the_film():
    image = film_image(np.random.default_rng(1).random((1200, 1030), np.float32))
    assert [level.shape for level in image.levels] == [(1200, 1030), (600, 515), (300, 258)]
    for level in image.levels:
        assert level.mean() == pytest.approx(image.levels[0].mean(), rel=2e-3)


def test_that_a_film_turned_for_the_screen_is_the_film_turned_for_the_engine():
    image = film_image(WEDGE)
    for turns in range(4):
        for mirrored in (False, True):
            shown = image.oriented(turns, mirrored)
            np.testing.assert_array_equal(shown.levels[0], oriented(image.levels[0], turns, mirrored))
            assert shown.size == shown.levels[0].shape


def test_that_the_table_of_greys_is_black_below_white_above_and_straight_between():
    image = film_image(np.array([[0.0, 1000.0]], np.float32).repeat(2, axis=0))
    table = image.grey_table(Window(250.0, 750.0), inverted=False)
    shown = [int(table[round(value / 1000 * 65535)]) for value in (0, 250, 500, 750, 1000)]
    assert shown == [0, 0, 128, 255, 255]
    np.testing.assert_array_equal(image.grey_table(Window(250.0, 750.0), inverted=True), 255 - table)


def test_that_presets_are_shares_of_the_exposed_pixels():
    pixels = np.concatenate([np.zeros(5000), np.arange(1, 1001)]).reshape(60, 100).astype(np.float32)
    window = film_image(pixels).window_of(Preset.SOFT_TISSUE)
    assert window.low == pytest.approx(20, abs=2)
    assert window.high == pytest.approx(800, abs=2)
    full = film_image(pixels).window_of(Preset.FULL)
    assert (full.low, full.high) == (0, 1000)


def test_that_a_window_never_closes():
    assert Window(10, 20).dragged(-100, 0, least=1.0).width == 1.0
