"""`genu drr` against the place of a ball in closed form, read back as `genu generate` reads it."""

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest

from app.cli import main
from engine.domain import LateralBeam, RadiographPair, Volume
from engine.geometry.calibrate import calibrate
from engine.io.nifti import nifti_bytes
from engine.io.radiograph_file import pair_radiographs

STEP_MM, VOXELS = 2.0, 40
CENTRE = np.array([12.0, -7.0, 31.0])  # of the volume, LPS mm
BALL = np.array([11.0, 17.0, -23.0])  # from the volume's centre


@pytest.fixture
def ct(tmp_path: Path) -> str:
    """Air with one dense ball."""
    affine = np.diag([STEP_MM, STEP_MM, STEP_MM, 1.0])
    affine[:3, 3] = CENTRE - STEP_MM * (VOXELS - 1) / 2
    points = np.moveaxis(np.indices((VOXELS,) * 3), 0, -1) * STEP_MM + affine[:3, 3] - CENTRE
    hu = np.where(np.linalg.norm(points - BALL, axis=-1) < 6, 1500, -1000).astype(np.int16)
    path = tmp_path / "ct.nii.gz"
    path.write_bytes(nifti_bytes(Volume(hu, affine)))
    return str(path)


def ball_seen(pixels: np.ndarray) -> np.ndarray:
    weights = pixels / pixels.sum()
    return np.array([(np.indices(pixels.shape)[axis] * weights).sum() for axis in (0, 1)])


def shot(ct: str, out: Path, *words: str) -> RadiographPair:
    assert main(["drr", ct, "--out", str(out), "--spacing", "1.6,2.0", "--size", "100,80", *words]) == 0
    return pair_radiographs(out / "ap.dcm", out / "lateral.dcm")


@pytest.mark.parametrize("side", ["R", "L"])
@pytest.mark.parametrize("beam", ["mediolateral", "lateromedial"])
def test_that_a_ball_stands_where_the_calibrated_cameras_see_it(ct: str, side: str, beam: str, tmp_path: Path) -> None:
    pair = shot(ct, tmp_path / "out", "--side", side, "--beam", beam, "--sid", "1200", "--sod", "1000")
    assert (pair.side.value, pair.ap.sid_mm, pair.ap.sod_mm, pair.ap.pixel_spacing_mm) == (side, 1200, 1000, (1.6, 2.0))
    for film, camera in calibrate(pair, LateralBeam(beam)).views:
        assert ball_seen(film.pixels) == pytest.approx(camera.project([BALL])[0], abs=0.3)


def test_that_the_lateral_turns_by_its_angle_and_the_ap_does_not(ct: str, tmp_path: Path) -> None:
    pair = shot(ct, tmp_path / "out", "--side", "R", "--lateral-angle", "10")
    (ap, ap_camera), (lateral, lateral_camera) = calibrate(pair).views
    angle = np.radians(-10)  # turning the source one way is turning the knee the other
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    assert ball_seen(ap.pixels) == pytest.approx(ap_camera.project([BALL])[0], abs=0.3)
    assert ball_seen(lateral.pixels) == pytest.approx(lateral_camera.project([turn @ BALL])[0], abs=0.3)


def test_that_the_isocentre_can_be_chosen(ct: str, tmp_path: Path) -> None:
    place = ",".join(str(value) for value in CENTRE + BALL)
    pair = shot(ct, tmp_path / "out", "--side", "R", f"--isocentre={place}")
    for film in (pair.ap, pair.lateral):
        assert ball_seen(film.pixels) == pytest.approx([49.5, 39.5], abs=0.3)


def test_that_the_peak_is_the_attenuation_of_the_balls_diameter(ct: str, tmp_path: Path) -> None:
    shot(ct, tmp_path / "out", "--side", "R")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    peak = pydicom.dcmread(tmp_path / "out" / "ap.dcm").pixel_array.max() / report["values_per_attenuation"]
    mu = 0.0192 + 1.5 * (0.0573 - 0.0192)  # nanodrr's scale at 1500 HU
    assert peak == pytest.approx(12 * mu, rel=0.2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--sod", "1150"], "smaller than"),
        (["--spacing", "3"], "spacing"),
    ],
)
def test_that_an_impossible_geometry_is_refused(
    words: list[str], expected: str, ct: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drr", ct, "--side", "R", "--out", str(tmp_path / "out"), *words]) == 2
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_that_what_is_no_ct_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.nii").write_text("Dear Sir")
    assert main(["drr", str(tmp_path / "letter.nii"), "--side", "R", "--out", str(tmp_path / "out")]) == 2
    assert "letter.nii" in capsys.readouterr().err
