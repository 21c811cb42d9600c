"""Similarity of bones and film: high where they fit, low where they do not, whatever the exposure."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.domain import CalibratedPair, Camera, Radiograph, RadiographPair, Side, View, Volume
from engine.geometry.calibrate import calibrate
from engine.geometry.line_integrals import line_integrals
from engine.quality.similarity import (
    AGREES_FROM,
    LOOK_FROM,
    Verdict,
    block_means,
    gradient_correlation,
    similarity,
    verdict,
)
from tests.phantoms import knee_ct, knee_labels

VOXELS = 64
SIDE = Side.LEFT


@cache
def films() -> CalibratedPair:
    """The phantom knee on two films of 0.8 mm pixels."""
    blank = Radiograph(
        pixels=np.zeros((280, 280), np.float32),
        view=View.AP,
        side=SIDE,
        pixel_spacing_mm=(0.8, 0.8),
        sid_mm=1150.0,
        sod_mm=1050.0,
        columns_run_to="L",
        source_name="phantom",
        sha256="",
    )
    pair = calibrate(RadiographPair(blank, replace(blank, view=View.LATERAL, columns_run_to="A")))
    exposed = [
        replace(film, pixels=line_integrals(knee_ct(VOXELS, SIDE), camera, (280, 280))) for film, camera in pair.views
    ]
    return replace(pair, pair=RadiographPair(*exposed))


def shifted(labels: Volume, *mm: float) -> Volume:
    moved = np.eye(4)
    moved[:3, 3] = mm
    return Volume(labels.hu, moved @ labels.lps_from_ijk)


def views() -> list[tuple[Radiograph, Camera]]:
    return list(films().views)


@pytest.mark.parametrize("view", [0, 1])
def test_that_the_right_bones_agree_shifted_ones_less_and_far_ones_not(view: int):
    film, camera = views()[view]
    labels = knee_labels(VOXELS, SIDE)
    found = [similarity(film, camera, shifted(labels, 0, 0, mm)) for mm in (0, 3, 8, 16)]
    assert found[0] > 0.9
    assert [verdict(figure) for figure in found] == [Verdict.AGREES, Verdict.LOOK, Verdict.DIFFERS, Verdict.DIFFERS]


def test_that_the_mirrored_knee_does_not_pass_for_the_right_one():
    film, camera = views()[0]
    labels = knee_labels(VOXELS, SIDE)
    mirrored = Volume(labels.hu[::-1].copy(), labels.lps_from_ijk)
    assert similarity(film, camera, mirrored) < similarity(film, camera, labels) - 0.15


def test_that_exposure_and_presentation_do_not_count():
    film, camera = views()[0]
    labels = knee_labels(VOXELS, SIDE)
    otherwise = replace(film, pixels=(film.pixels * 300 + 50).astype(np.float32))
    assert similarity(otherwise, camera, labels) == pytest.approx(similarity(film, camera, labels), abs=0.01)
    logarithmic = replace(film, pixels=np.log1p(film.pixels * 4))
    assert similarity(logarithmic, camera, labels) > AGREES_FROM


def test_that_an_inverted_film_has_the_opposite_sign():
    film, camera = views()[0]
    labels = knee_labels(VOXELS, SIDE)
    dark = replace(film, pixels=film.pixels.max() - film.pixels)
    assert similarity(dark, camera, labels) == pytest.approx(-similarity(film, camera, labels), abs=0.02)


def test_that_no_bone_on_the_film_is_no_similarity():
    film, camera = views()[0]
    empty = Volume(np.zeros((4, 4, 4), np.int16), np.diag([10.0, 10.0, 10.0, 1.0]))
    assert similarity(film, camera, empty) == 0.0
    away = shifted(knee_labels(VOXELS, SIDE), 900, 0, 0)
    assert similarity(film, camera, away) == 0.0


def test_that_a_film_without_content_has_no_similarity():
    film, camera = views()[0]
    blank = replace(film, pixels=np.ones_like(film.pixels))
    assert abs(similarity(blank, camera, knee_labels(VOXELS, SIDE))) < 0.05


def test_that_a_picture_agrees_fully_with_itself():
    rows, columns = np.indices((120, 120))
    disc = np.clip(30 - np.hypot(rows - 60, columns - 50), 0, None).astype(np.float32)
    assert gradient_correlation(disc, disc, 1.2) == pytest.approx(1.0)
    assert gradient_correlation(-disc, disc, 1.2) == pytest.approx(-1.0)


def test_that_block_means_leave_out_what_fills_no_block():
    pixels = np.arange(35, dtype=np.float32).reshape(5, 7)
    assert np.array_equal(block_means(pixels, 2), [[4, 6, 8], [18, 20, 22]])


@pytest.mark.parametrize(
    ("figure", "word"),
    [
        (1.0, "agrees"),
        (AGREES_FROM, "agrees"),
        (AGREES_FROM - 1e-6, "look closely"),
        (LOOK_FROM, "look closely"),
        (LOOK_FROM - 1e-6, "does not agree"),
        (-1.0, "does not agree"),
    ],
)
def test_that_the_verdict_is_a_plain_word(figure: float, word: str):
    assert verdict(figure).value == word


@pytest.mark.slow
@pytest.mark.parametrize("knee", ["D1", "D2", "D3"])
def test_that_the_true_bones_of_a_real_knee_agree_with_its_films_and_displaced_ones_do_not(knee: str, data_file):
    from engine.io.nifti import read_nifti
    from engine.io.radiograph_file import pair_radiographs

    truth = read_nifti(data_file(f"real-knees/{knee}/labels.nii.gz"))
    coarse = truth.lps_from_ijk @ np.diag([2.0, 2.0, 2.0, 1.0])
    labels = Volume(np.ascontiguousarray(truth.hu[::2, ::2, ::2]), coarse)
    pair = calibrate(pair_radiographs(data_file(f"real-knees/{knee}/ap.dcm"), data_file(f"real-knees/{knee}/lat.dcm")))
    for film, camera in pair.views:
        assert verdict(similarity(film, camera, labels)) is Verdict.AGREES
        assert verdict(similarity(film, camera, shifted(labels, 0, 0, 6))) is Verdict.DIFFERS
