"""Films before and after the planner's decisions; phantoms that no turn or mirror image maps to themselves."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.cases import films
from app.cases.document import CheckedFilm, Decision, FilmEntry
from app.cases.films import apply_decisions, decode_film, has_scale, oriented, oriented_edges, pair_of, proposal
from engine.domain import LateralBeam, Radiograph, RefusedInput, Side, Source, View
from engine.geometry.calibrate import calibrate
from engine.io.decode_file import decode_file
from engine.io.decoding import _decoded
from tests.engine.io.film_files import film, lateral, saved, wedge


class Folder:
    """A case of one folder, whose blobs are named by their hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def blob_path(self, name: str) -> Path:
        return self.folder / name


def imported(folder: Path, content, name: str = "knee.dcm") -> FilmEntry:
    path = saved(folder, content, "new")
    blob = sha256(path.read_bytes()).hexdigest()
    path.rename(folder / blob)
    return FilmEntry(blob, name)


@pytest.fixture
def decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`decoded(content, name)`: an imported film, without its child process: the same code, ten times as fast."""

    def here(paths):
        return [_decoded(*decode_file(str(paths[0]), "film"), paths[0].name)]

    monkeypatch.setattr(films, "decode_films", here)

    def decode(content, name="knee.dcm") -> Radiograph:
        return decode_film(Folder(tmp_path), imported(tmp_path, content, name))

    return decode


def png(pixels: np.ndarray, folder: Path) -> bytes:
    path = folder / "made.png"
    Image.fromarray(pixels).save(path)
    return path.read_bytes()


def said(value, source=Source.USER, detail="test") -> Decision:
    return Decision(value, source, detail)


def checked(film: Radiograph, **changes) -> CheckedFilm:
    p = proposal(film)
    values = {
        "view": p.view or said("AP"),
        "spacing_mm": p.spacing_mm or said([0.2, 0.2]),
        "sid_mm": p.sid_mm,
        "sod_mm": p.sod_mm,
        "columns_run_to": p.columns_run_to,
    }
    return CheckedFilm(film.sha256, **(values | changes))


def plain(spacing=(0.3, 0.5), shape=(40, 60), view=View.AP, columns="L", side=None) -> Radiograph:
    return Radiograph(wedge(*shape), view, side, spacing, 1150.0, 1050.0, columns, f"{view.value}.dcm", "blob")


# Decoding


def test_that_a_film_is_read_in_a_child_of_its_own_under_the_name_it_was_imported_by(tmp_path):
    entry = imported(tmp_path, film(), "膝 AP.dcm")
    found = decode_film(Folder(tmp_path), entry)
    assert (found.source_name, found.sha256, found.view, found.side) == ("膝 AP.dcm", entry.blob, View.AP, Side.RIGHT)


def test_that_a_damaged_film_is_refused_by_the_name_it_was_imported_by(tmp_path):
    entry = imported(tmp_path, b"no film at all", "notes.txt")
    with pytest.raises(RefusedInput, match=r"^notes\.txt ") as refused:
        decode_film(Folder(tmp_path), entry)
    assert entry.blob not in str(refused.value)


def test_that_a_picture_is_decoded_before_anybody_said_its_spacing(decoded, tmp_path):
    pixels = wedge(bits=16)
    found = decoded(png(pixels, tmp_path), "knee.png")
    np.testing.assert_array_equal(found.pixels, pixels)
    assert not has_scale(found)
    p = proposal(found)
    assert (p.view, p.side, p.spacing_mm) == (None, None, None)
    assert (p.sid_mm.value, p.sid_mm.source) == (1150, Source.DEFAULT)
    assert (p.columns_run_to.value, p.columns_run_to.source) == ("L", Source.DEFAULT)
    assert not any("mm wide" in warning or "oriented" in warning for warning in found.warnings)


def test_that_spacing_of_an_unknown_plane_is_no_scale_but_tells_the_shape_of_pixels(decoded):
    found = decoded(film(ImagerPixelSpacing=None, PixelSpacing=["0.2", "0.15"]))
    assert not has_scale(found)
    assert found.pixel_spacing_mm == (0.2, 0.15)
    assert any("PixelSpacing alone" in warning for warning in found.warnings)


@pytest.mark.parametrize("bad", [["0", "0"], ["0.1", "3"]])
def test_that_an_unusable_spacing_is_left_to_the_planner_and_said(decoded, bad):
    found = decoded(film(ImagerPixelSpacing=bad))
    assert not has_scale(found)
    assert any("ImagerPixelSpacing" in warning for warning in found.warnings)


def test_that_a_projection_that_is_neither_view_is_left_to_the_planner_and_said(decoded):
    found = decoded(film(ViewPosition="RLO"))
    assert found.view is None
    assert "knee.dcm is an oblique film" in found.warnings


def test_that_distances_in_the_wrong_order_are_left_to_the_planner_and_said(decoded):
    found = decoded(film(DistanceSourceToPatient="1200"))
    assert proposal(found).sid_mm.source is Source.DEFAULT
    assert any("is not smaller" in warning for warning in found.warnings)


def test_that_a_film_without_contrast_stays_refused(decoded):
    with pytest.raises(RefusedInput, match="no contrast"):
        decoded(film(np.full((48, 64), 7, np.uint16), ImagerPixelSpacing=None))


@pytest.mark.parametrize(
    ("columns", "rows", "turns", "to"), [("F", "L", 1, "R"), ("H", "L", 3, "L"), ("F", "R", 1, "L")]
)
def test_that_a_film_lying_on_its_side_is_stood_up_with_its_spacing(decoded, columns, rows, turns, to):
    found = decoded(film(wedge(48, 64), PatientOrientation=[columns, rows], ImagerPixelSpacing=["2", "1.5"]))
    np.testing.assert_array_equal(found.pixels, np.rot90(wedge(48, 64), -turns))
    assert (found.columns_run_to, found.pixel_spacing_mm) == (to, (1.5, 2.0))
    assert oriented_edges(columns, rows, turns, False) == (to, "F")
    assert "knee.dcm: lay on its side, turned" in found.warnings


# What the file proposes


def test_that_a_proposal_says_where_each_value_stands_in_the_file(decoded):
    p = proposal(decoded(lateral()))
    assert p.view == Decision("LATERAL", Source.FILE, "ViewPosition (0018,5101)")
    assert p.side == Decision("R", Source.FILE, "ImageLaterality R")
    assert p.spacing_mm == Decision([2.0, 1.5], Source.FILE, "ImagerPixelSpacing (0018,1164)")
    assert p.columns_run_to == Decision("A", Source.FILE, "PatientOrientation (0020,0020)")
    assert (p.sid_mm.source, p.sod_mm.source) == (Source.FILE, Source.FILE)


# Decisions applied


def test_that_decisions_that_repeat_the_file_change_nothing(decoded):
    before = decoded(film())
    after = apply_decisions(before, checked(before), Side.RIGHT)
    np.testing.assert_array_equal(after.pixels, before.pixels)
    assert after.provenance["view"] == before.provenance["view"]
    assert (after.view, after.side, after.pixel_spacing_mm) == (View.AP, Side.RIGHT, (2.0, 1.5))
    assert after.warnings == before.warnings


def test_that_every_decision_carries_who_made_it():
    decisions = checked(replace(plain(), provenance=provenance()), sid_mm=said(1800), sod_mm=said(1700, detail="tape"))
    film = apply_decisions(plain(), decisions, said("L", detail="chosen"))
    assert (film.sid_mm, film.sod_mm, film.side) == (1800, 1700, Side.LEFT)
    assert film.provenance["sod_mm"].detail == "tape"
    assert film.provenance["side"].detail == "chosen"
    assert film.provenance["view"].source is Source.FILE


def test_that_overruling_the_file_is_written_down():
    before = plain(side=Side.RIGHT)
    decisions = checked(replace(before, provenance=provenance()), view=said("LATERAL"), columns_run_to=said("A"))
    after = apply_decisions(before, decisions, Side.LEFT)
    assert "AP.dcm: view LATERAL by the user overrules AP of the file" in after.warnings
    assert "AP.dcm: side L by the user overrules R of the file" in after.warnings


def test_that_decisions_on_another_film_are_refused():
    film = replace(plain(), provenance=provenance())
    with pytest.raises(RefusedInput, match="not the film that was checked"):
        apply_decisions(film, replace(checked(film), blob="other"), Side.RIGHT)


def provenance() -> dict:
    names = ("view", "side", "pixel_spacing_mm", "sid_mm", "sod_mm", "columns_run_to")
    return {name: films.Provenance(Source.FILE, "test") for name in names}


# Nothing swaps sides silently


@given(
    row=st.floats(0.05, 1.0),
    column=st.floats(0.05, 1.0),
    turns=st.integers(-4, 7),
    mirrored=st.booleans(),
    where=st.tuples(st.integers(0, 38), st.integers(0, 58)),
)
def test_that_turning_and_mirroring_keep_directions_and_millimetres(row, column, turns, mirrored, where):
    """A point 1 row and 1 column further is as far, and in the same directions of the patient, however it is shown."""
    film = replace(plain((row, column)), provenance=provenance())
    marks = np.zeros(film.pixels.shape, int)
    marks[where], marks[where[0] + 1, where[1]], marks[where[0], where[1] + 1] = 1, 2, 3
    after = apply_decisions(film, checked(film, quarter_turns=turns, mirrored=mirrored), Side.RIGHT)
    shown = oriented(marks, turns, mirrored)
    at, down, right = (np.argwhere(shown == mark)[0] for mark in (1, 2, 3))
    edge_right, edge_bottom = oriented_edges("L", "F", turns, mirrored)
    for step, direction, size in ((down - at, "F", row), (right - at, "L", column)):
        assert np.linalg.norm(step * np.array(after.pixel_spacing_mm)) == pytest.approx(size)
        assert towards(step, edge_right, edge_bottom) == direction


def towards(step: np.ndarray, right: str, bottom: str) -> str:
    letter = right if step[1] else bottom
    return letter if step.sum() > 0 else films.opposite(letter)


@given(turns=st.integers(0, 3), mirrored=st.booleans())
def test_that_the_pixels_are_those_of_the_film_turned_then_mirrored(turns, mirrored):
    film = replace(plain(), provenance=provenance())
    after = apply_decisions(film, checked(film, quarter_turns=turns, mirrored=mirrored), Side.RIGHT)
    expected = np.rot90(film.pixels, -turns)
    np.testing.assert_array_equal(after.pixels, expected[:, ::-1] if mirrored else expected)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("view", View)
def test_that_a_film_hung_the_other_way_round_sees_the_same_point_of_the_same_knee(view, side):
    """The camera of the mirrored film projects a point of the patient onto the pixel that shows it."""
    columns = {View.AP: "L", View.LATERAL: "A"}[view]
    ap, lat = (replace(plain(view=v), provenance=provenance(), sha256=v.value) for v in View)
    usual = dict(zip(View, (ap, lat), strict=True))[view]
    values = {
        v: checked(f, columns_run_to=said({View.AP: "L", View.LATERAL: "A"}[v]))
        for v, f in zip(View, (ap, lat), strict=True)
    }
    straight = cameras(ap, lat, values, side)[view]
    values[view] = replace(values[view], mirrored=True, columns_run_to=said(films.opposite(columns)))
    hung = cameras(ap, lat, values, side)[view]
    point = [[17.0, -9.0, 5.0]]
    (row, column), (row2, column2) = straight.project(point)[0], hung.project(point)[0]
    assert (row2, column2) == pytest.approx((row, usual.pixels.shape[1] - 1 - column))


def cameras(ap, lat, values, side):
    pair = pair_of(apply_decisions(ap, values[View.AP], side), apply_decisions(lat, values[View.LATERAL], side))
    calibrated = calibrate(pair, LateralBeam.MEDIOLATERAL)
    return {View.AP: calibrated.ap_camera, View.LATERAL: calibrated.lateral_camera}


# Pairs


def settled(decoded, ap, lat):
    first, second = decoded(ap, "a.dcm"), decoded(lat, "b.dcm")
    return pair_of(
        apply_decisions(first, checked(first), Side.RIGHT), apply_decisions(second, checked(second), Side.RIGHT)
    )


@pytest.mark.parametrize(
    ("change", "word"), [({"PatientID": "P2"}, "two patients"), ({"PatientBirthDate": "19700101"}, "different days")]
)
def test_that_films_of_two_patients_are_refused(decoded, change, word):
    with pytest.raises(RefusedInput, match=word):
        settled(
            decoded,
            film(PatientBirthDate="19600101"),
            lateral(PatientBirthDate="19600101", **change) if "PatientID" in change else lateral(**change),
        )


def test_that_different_dates_are_a_warning_to_confirm(decoded):
    pair = settled(decoded, film(), lateral(StudyDate="20260102"))
    assert any("different dates" in warning for warning in pair.lateral.warnings)
