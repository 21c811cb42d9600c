"""Spacing and distances against an oracle, over everything a file may say of them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import Radiograph, RefusedInput, Source
from engine.geometry.calibrate import with_distances
from engine.io.decimals import decimal
from engine.io.decoded import Decoded
from engine.io.distances import read_distances
from engine.io.spacing import parse_spacing, read_spacing

PIXELS = np.zeros((2, 2), np.uint16)
NUMBERS = st.one_of(
    st.floats(0.02, 2).map(lambda v: f"{v:.8g}"),
    st.sampled_from(["0", "nan", "inf", "-0.3", "1_0", "", "0.3mm", "1e-1", " 0.25 ", ".5", "3", "٠.٣"]),
)
SPACINGS = st.one_of(st.none(), st.lists(NUMBERS, min_size=1, max_size=3).map("\\".join))
GOOD = st.one_of(
    st.none(), st.tuples(st.floats(0.1, 0.4), st.floats(0.1, 0.4)).map(lambda p: f"{p[0]:.6f}\\{p[1]:.6f}")
)
SIDS = st.one_of(st.none(), st.floats(900, 2000).map(lambda v: f"{v:.6g}"))
SODS = st.one_of(st.none(), st.floats(700, 1990).map(lambda v: f"{v:.6g}"))
FACTORS = st.one_of(st.none(), st.floats(1.01, 1.9).map(lambda v: f"{v:.6g}"), st.sampled_from(["1", "0", "9", "x"]))
TYPES = st.sampled_from([None, "FIDUCIAL", "GEOMETRY"])


def _film(**facts):
    return Decoded("film.dcm", "", "DICOM", PIXELS, {k: v for k, v in facts.items() if v})


def _read(film, user=None):
    distances = read_distances(film, spacing_from_file=user is None)
    return read_spacing(film, distances, user), distances


def _oracle_pair(text):
    """Strict pair of numbers in range: None where absent, 'bad' where wrong."""
    if not text:
        return None
    parts = [p.strip(" ") for p in text.split("\\")]
    if len(parts) != 2 or any(set(p) - set("0123456789.eE+-") or not p for p in parts):
        return "bad"
    try:
        pair = tuple(float(p) for p in parts)
    except ValueError:
        return "bad"
    return pair if all(0.02 <= v <= 2 for v in pair) else "bad"


@settings(max_examples=400, deadline=None)
@given(SPACINGS, SPACINGS, TYPES)
def test_that_only_two_numbers_in_range_become_a_spacing(imager, patient, calibration):
    film = _film(ImagerPixelSpacing=imager, PixelSpacing=patient, PixelSpacingCalibrationType=calibration)
    detector, calibrated = _oracle_pair(imager), _oracle_pair(patient)
    usable = detector is not None or (calibrated is not None and calibration is not None)
    if "bad" in (detector, calibrated) or not usable:
        with pytest.raises(RefusedInput, match=r"film\.dcm .*--spacing"):
            _read(film)
        return
    spacing, _ = _read(film)
    assert spacing.mm == (detector or pytest.approx([v * 1150 / 1050 for v in calibrated]))


@settings(max_examples=400, deadline=None)
@given(GOOD, GOOD, TYPES, FACTORS, SIDS, SODS)
def test_that_the_scale_in_the_patient_is_what_the_file_calibrated(imager, patient, calibration, factor, sid, sod):
    film = _film(
        ImagerPixelSpacing=imager,
        PixelSpacing=patient,
        PixelSpacingCalibrationType=calibration,
        EstimatedRadiographicMagnificationFactor=factor,
        DistanceSourceToDetector=sid,
        DistanceSourceToPatient=sod,
    )
    try:
        spacing, distances = _read(film)
    except RefusedInput:
        behind = sid and sod and float(sod) >= float(sid)
        assert behind or not (imager or (patient and calibration))
        return
    whole = with_distances(
        Radiograph(PIXELS, None, None, spacing.mm, distances.sid_mm, distances.sod_mm, "L", "film.dcm", "")
    )
    magnification = whole.sid_mm / whole.sod_mm
    assert magnification == pytest.approx(distances.magnification)
    assert magnification == pytest.approx(_oracle_magnification(imager, patient, calibration, factor, sid, sod))
    if imager:
        assert spacing.mm == _oracle_pair(imager)
        assert spacing.provenance.source is Source.FILE
    else:
        assert [s / magnification for s in spacing.mm] == pytest.approx(_oracle_pair(patient))
        assert spacing.provenance.source is Source.ESTIMATED


def _oracle_magnification(imager, patient, calibration, factor, sid, sod):
    if sid and sod:
        return float(sid) / float(sod)
    candidates = []
    if imager and patient and calibration:
        (a, b), (c, d) = _oracle_pair(imager), _oracle_pair(patient)
        candidates.append((0 if calibration == "FIDUCIAL" else 2, (a * b / c / d) ** 0.5))
    if factor not in (None, "x"):
        candidates.append((1, float(factor)))
    for _, value in sorted(candidates):
        if 1 < value <= 2:
            return value
    if sid:
        return float(sid) / (float(sid) - 100)
    return (float(sod) + 100) / float(sod) if sod else 1150 / 1050


def test_that_a_magnification_without_object_distance_gives_it():
    facts = {"ImagerPixelSpacing": "0.3\\0.3", "DistanceSourceToDetector": "1200"}
    _, distances = _read(_film(**facts, EstimatedRadiographicMagnificationFactor="1.2"))
    assert (distances.sid_mm, distances.sod_mm) == (1200, pytest.approx(1000))
    assert distances.provenance["sid_mm"].source is Source.FILE
    assert distances.provenance["sod_mm"].source is Source.ESTIMATED


def test_that_a_magnification_alone_survives_the_default_distance():
    _, distances = _read(_film(ImagerPixelSpacing="0.3\\0.3", EstimatedRadiographicMagnificationFactor="1.25"))
    assert (distances.sid_mm, distances.sod_mm) == (1150, pytest.approx(920))
    assert distances.provenance["sid_mm"].source is Source.DEFAULT


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"DistanceSourceToDetector": "500"}, "source-detector distance 500 mm is unusual"),
        ({"DistanceSourceToDetector": "5000"}, "source-detector distance 5000 mm is unusual"),
        ({"DistanceSourceToDetector": "0"}, "is 0, taken as not stated"),
        ({"DistanceSourceToDetector": "1150", "DistanceSourceToPatient": "400"}, "magnification 2.88 is unusual"),
        ({"EstimatedRadiographicMagnificationFactor": "0.9"}, "was ignored"),
        ({"EstimatedRadiographicMagnificationFactor": "nan"}, "was ignored"),
        (
            {
                "DistanceSourceToDetector": "1150",
                "DistanceSourceToPatient": "1050",
                "EstimatedRadiographicMagnificationFactor": "1.3",
            },
            "disagrees",
        ),
    ],
)
def test_that_a_doubtful_distance_is_flagged(facts, word):
    _, distances = _read(_film(ImagerPixelSpacing="0.3\\0.3", **facts))
    assert [word in warning for warning in distances.warnings] == [True]


def test_that_an_uncalibrated_difference_is_flagged_and_not_used():
    spacing, distances = _read(_film(ImagerPixelSpacing="0.3\\0.3", PixelSpacing="0.25\\0.25"))
    assert spacing.mm == (0.3, 0.3)
    assert distances.magnification == pytest.approx(1150 / 1050)
    assert "without saying why" in spacing.warnings[0]


def test_that_the_users_spacing_beats_the_file_and_says_so():
    film = _film(ImagerPixelSpacing="nan\\nan", PixelSpacing="0.2\\0.2", PixelSpacingCalibrationType="FIDUCIAL")
    spacing, distances = _read(film, (0.3, 0.3))
    assert spacing.mm == (0.3, 0.3)
    assert spacing.provenance.source is Source.USER
    assert distances.sod_mm is None
    overruled, _ = _read(replace(film, facts={"ImagerPixelSpacing": "0.2\\0.2"}), (0.3, 0.3))
    assert "overruled by --spacing" in overruled.warnings[0]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_that_a_written_decimal_is_read_back(value):
    assert decimal(f"{value:.10g}") == float(f"{value:.10g}")


@pytest.mark.parametrize(
    "text", ["1_0", "nan", "inf", "Infinity", "", " ", "1e999", "0x1", "1,5", "1 2", "٣", "+", "."]
)
def test_that_what_is_no_decimal_string_is_none(text):
    assert decimal(text) is None


@pytest.mark.parametrize(("text", "pair"), [("0.3", (0.3, 0.3)), ("0.3,0.25", (0.3, 0.25)), ("3e-1", (0.3, 0.3))])
def test_that_the_option_takes_one_or_two_millimetres(text, pair):
    assert parse_spacing(text) == pair


@pytest.mark.parametrize("text", ["0", "nan", "1_0", "3", "0.3,0.3,0.3", "0.3mm", "", "-0.3"])
def test_that_the_option_refuses_anything_else(text):
    with pytest.raises(RefusedInput, match="--spacing"):
        parse_spacing(text)
