"""What reaches a network does not depend on gain, offset or curve, and knows left from right."""

import numpy as np
import pytest
import torch

from engine.domain import Radiograph, RadiographPair, Side, View
from engine.geometry.calibrate import calibrate
from engine.geometry.model_frame import FILM_PIXEL_MM, FILM_PIXELS, model_from_lps
from engine.models.film_norm import film_inputs, normalised


def leg(size: int = 256) -> torch.Tensor:
    """A film with a bright asymmetric shape on a slope."""
    axis = torch.linspace(-1, 1, size)
    x, y = axis[None, :], axis[:, None]
    shaft = torch.sigmoid(30 * (0.25 - (x - 0.1).abs())) + 0.6 * torch.sigmoid(
        30 * (0.2 - ((x + 0.4) ** 2 + y**2).sqrt())
    )
    return shaft + 0.2 * x + 0.1 * y


def test_that_gain_and_offset_leave_no_trace():
    film = leg()
    torch.testing.assert_close(normalised((37.0 * film + 900)[None]), normalised(film[None]), atol=2e-3, rtol=0)


def test_that_a_rising_curve_changes_little_where_histograms_are_not_clipped():
    film = leg()
    scaled = (film - film.min()) / (film.max() - film.min())
    curved = normalised((scaled**1.6)[None])
    straight = normalised(scaled[None])
    changed = (curved - straight).abs().mean() / straight.abs().mean()
    raw_change = (scaled**1.6 - scaled).abs().mean() / scaled.abs().mean()
    assert changed < 0.5 * raw_change


def test_that_a_flat_film_is_finite():
    assert torch.isfinite(normalised(torch.zeros(1, 256, 256))).all()


def pair(side: Side, mirrored: bool) -> RadiographPair:
    """Films of 0.2 mm at the detector, SID 1000, SOD 800; `mirrored` flips the AP's pixels."""
    pixels = leg(600).numpy()
    ap = np.ascontiguousarray(pixels[:, ::-1]) if mirrored else pixels
    films = [
        Radiograph(values, view, side, (0.2, 0.2), 1000.0, 800.0, towards, "film", "0")
        for values, view, towards in ((ap, View.AP, "L"), (pixels, View.LATERAL, "A"))
    ]
    return RadiographPair(*films)


def test_that_a_left_knee_reaches_the_network_as_the_right_knee_it_mirrors():
    left = film_inputs(calibrate(pair(Side.LEFT, mirrored=True)))
    right = film_inputs(calibrate(pair(Side.RIGHT, mirrored=False)))
    for one, other in zip(left, right, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_that_a_left_knee_with_unmirrored_pixels_does_not():
    left = film_inputs(calibrate(pair(Side.LEFT, mirrored=False)))[0]
    right = film_inputs(calibrate(pair(Side.RIGHT, mirrored=False)))[0]
    assert (left - right).abs().max() > 0.5


@pytest.mark.parametrize("side", Side)
def test_that_turned_films_and_their_cameras_stay_together(side):
    calibrated = calibrate(pair(side, mirrored=False))
    films, cameras, sod = film_inputs(calibrated)
    point_lps = np.array([12.0, -9.0, 17.0])
    for n, (radiograph, camera) in enumerate(calibrated.views):
        row, column = camera.project(point_lps[None])[0]
        in_camera = cameras[n].numpy() @ model_from_lps(side) @ [*point_lps, 1]
        at = in_camera[:2] * float(sod[n]) / in_camera[2] / FILM_PIXEL_MM + (FILM_PIXELS - 1) / 2
        sample = _bilinear(films[n, 0].numpy(), at[1], at[0])
        near = normalised_at(radiograph, camera, row, column)
        assert sample == pytest.approx(near, abs=0.03)


def normalised_at(radiograph, camera, row, column) -> float:
    """The equalised grey that the radiograph's own pixel gets, by rank among the resampled film's greys."""
    from engine.models.film_norm import resampled

    film = resampled(radiograph.pixels, camera)
    equal = normalised(film[None])[0, 0].numpy()
    scale = camera.intrinsics[[1, 0], [1, 0]] * FILM_PIXEL_MM / camera.sod_mm
    centre = camera.intrinsics[[1, 0], [2, 2]]
    r, c = (np.array([row, column]) - centre) / scale + (FILM_PIXELS - 1) / 2
    return _bilinear(equal, r, c)


def _bilinear(image, row, column) -> float:
    r, c = int(np.floor(row)), int(np.floor(column))
    fr, fc = row - r, column - c
    part = image[r : r + 2, c : c + 2]
    return float(np.array([1 - fr, fr]) @ part @ np.array([1 - fc, fc]))
