"""Simulated films as DX objects, judged by dciodvfy and by the reader of real films."""

import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import Identity, Radiograph, Side, View
from export.dicom_dx import dx_bytes
from tests.engine.io.film_files import read_here, wedge


def _film(**changes):
    base = Radiograph(
        pixels=wedge(),
        view=View.AP,
        side=Side.LEFT,
        pixel_spacing_mm=(1.5, 1.25),
        sid_mm=1150.0,
        sod_mm=1050.0,
        columns_run_to="L",
        source_name="simulated",
        sha256="",
        identity=Identity("P1", "Müller^Eva", "19800101", "F", "1.2.3", "20260101"),
    )
    return replace(base, **changes)


LATERAL = {"view": View.LATERAL, "columns_run_to": "A"}


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([{}, LATERAL, LATERAL | {"columns_run_to": "P"}]),
    st.sampled_from(Side),
    st.tuples(st.floats(0.02, 2), st.floats(0.02, 2)),
    st.floats(900, 2000),
    st.floats(0.55, 0.97),
)
def test_that_a_film_written_is_the_film_read(tmp_path_factory, view, side, spacing, sid, ratio):
    film = _film(side=side, pixel_spacing_mm=spacing, sid_mm=sid, sod_mm=sid * ratio, **view)
    path = tmp_path_factory.mktemp("dx") / "film.dcm"
    path.write_bytes(dx_bytes(film))
    read = read_here(path)
    assert np.array_equal(read.pixels, film.pixels)
    assert (read.view, read.side, read.columns_run_to) == (film.view, side, film.columns_run_to)
    assert read.pixel_spacing_mm == pytest.approx(spacing, rel=1e-9)
    assert (read.sid_mm, read.sod_mm) == pytest.approx((sid, sid * ratio), rel=1e-9)
    assert [w for w in read.warnings if "wide" not in w] == []
    kept = ("patient_id", "patient_name", "birth_date", "sex", "study_instance_uid", "study_date")
    assert [getattr(read.identity, k) for k in kept] == [getattr(film.identity, k) for k in kept]


@pytest.mark.parametrize("changes", [{}, LATERAL, LATERAL | {"side": Side.RIGHT}, {"pixels": wedge(bits=16)}])
def test_that_a_validator_finds_no_error(tmp_path, changes):
    judge = shutil.which("dciodvfy", path=f"{Path(sys.executable).parent}:{Path('/usr/bin')}")
    if judge is None:
        pytest.skip("needs dciodvfy (dicom3tools)")
    path = tmp_path / "film.dcm"
    path.write_bytes(dx_bytes(_film(**changes)))
    verdict = subprocess.run([judge, str(path)], capture_output=True, text=True, timeout=60, check=False)
    said = verdict.stdout + verdict.stderr
    assert "DXImageForPresentation" in said
    assert "Error" not in said


def test_that_a_simulated_film_says_that_it_is_one():
    dataset = pydicom.dcmread(BytesIO(dx_bytes(_film())))
    assert dataset.ImageType[:2] == ["DERIVED", "SECONDARY"]
    assert dataset[0x0008001C].value == "YES"
    assert dataset.SeriesDescription == "SIMULATED RADIOGRAPH - research"
    assert dataset.PixelIntensityRelationshipSign == -1
    assert dataset.BitsStored == 12


def test_that_the_same_film_has_the_same_bytes_and_another_film_another_name():
    assert dx_bytes(_film()) == dx_bytes(_film())
    films = [
        _film(),
        _film(side=Side.RIGHT),
        _film(pixels=wedge() + 1),
        _film(identity=Identity("P2")),
        _film(**LATERAL),
    ]
    written = [pydicom.dcmread(BytesIO(dx_bytes(film))) for film in films]
    assert len({d.SOPInstanceUID for d in written}) == len(films)
    assert all(len(d.SOPInstanceUID) <= 64 and d.SOPInstanceUID.is_valid for d in written)


def test_that_two_films_of_one_patient_share_a_study():
    patient = Identity("P7")
    one, two = (
        pydicom.dcmread(BytesIO(dx_bytes(film)))
        for film in (_film(identity=patient), _film(identity=patient, **LATERAL))
    )
    assert one.StudyInstanceUID == two.StudyInstanceUID
    assert one.SeriesInstanceUID != two.SeriesInstanceUID


@pytest.mark.parametrize(
    "changes", [{"view": None}, {"side": None}, {"pixels": wedge() + 0.5}, {"pixels": wedge() - 10.0}]
)
def test_that_a_film_that_dx_cannot_hold_is_not_written(changes):
    with pytest.raises(ValueError, match="simulated has"):
        dx_bytes(_film(**changes))
