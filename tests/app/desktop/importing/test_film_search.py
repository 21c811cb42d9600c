"""Finding knee films among mixed files: what is proposed, what is refused and why, and what is never done."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest

from app.assets import asset
from app.desktop.importing.film_search import folder, headers, search
from app.desktop.importing.film_search.folder import Listed, list_files
from app.desktop.importing.film_search.found import Found, FoundFilm, thumbnail
from app.desktop.importing.film_search.headers import read_headers
from app.desktop.importing.film_search.pairing import Doubt, ap_first, chosen_at_first, doubts, person_name
from app.desktop.importing.film_search.search import search_films
from engine.domain import Identity, Side, View

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a sample film with other tags; `write("ap", "a/IM1", PatientID="7")`."""

    def written(view: str, name: str, **tags: object) -> Path:
        dataset = pydicom.dcmread(asset(f"sample-case/{view}.dcm"))
        for keyword, value in tags.items():
            setattr(dataset, keyword, value)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(path)
        return path

    return written


def found_in(*dropped: Path) -> tuple[dict[str, Found], Listed]:
    """Everything the search tells, by name."""
    job, found = search_films(dropped), {}
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return found, end.value
        if isinstance(event, Found):
            found[event.name] = event


def test_that_a_folder_of_mixed_contents_gives_the_knee_films_and_a_reason_for_each_other_file(
    write: Write, tmp_path: Path
) -> None:
    write("ap", "study/1/IM0001")
    write("lateral", "study/2/IM0001")
    write("ap", "study/3/chest", BodyPartExamined="CHEST")
    write("ap", "study/ct", SOPClassUID="1.2.840.10008.5.1.4.1.1.2", Modality="CT")
    (tmp_path / "study/notes.txt").write_text("x" * 300)
    (tmp_path / "study/empty").write_bytes(b"")
    (tmp_path / "study/.hidden").write_bytes(b"x")
    found, listed = found_in(tmp_path / "study")
    films = {name: entry.film for name, entry in found.items() if entry.film is not None}
    assert {name: (film.view, film.side) for name, film in films.items()} == {
        "1/IM0001": (View.AP, Side.RIGHT),
        "2/IM0001": (View.LATERAL, Side.RIGHT),
    }
    reasons = {name: (entry.reason, entry.remedy) for name, entry in found.items() if entry.refused}
    assert reasons.keys() == {"3/chest", "ct", "notes.txt", "empty"}
    assert reasons["3/chest"][0] == "is a film of chest"
    assert reasons["empty"] == ("is empty", "copy or export it again")
    assert "CT Image Storage" in reasons["ct"][0]
    assert all(remedy for _reason, remedy in reasons.values())
    assert not listed.left_out


def test_that_a_film_the_planner_names_is_looked_at_whatever_its_body_part(write: Write) -> None:
    found, _listed = found_in(write("ap", "chest", BodyPartExamined="CHEST"))
    film = found["chest"].film
    assert film is not None
    assert film.body_part == "CHEST"
    assert any("knee" in warning for warning in film.warnings)


def test_that_a_side_is_never_guessed(write: Write) -> None:
    tags = {"ImageLaterality": "", "Laterality": ""}
    found, _listed = found_in(write("ap", "ap", **tags), write("lateral", "left lateral", **tags))
    assert [entry.film.side for entry in found.values() if entry.film] == [None, None]


def test_that_a_film_without_scale_is_a_film(write: Write, tmp_path: Path) -> None:
    path = write("ap", "ap")
    dataset = pydicom.dcmread(path)
    del dataset.ImagerPixelSpacing
    if "PixelSpacing" in dataset:
        del dataset.PixelSpacing
    dataset.save_as(path)
    film = found_in(path)[0]["ap"].film
    assert film is not None
    assert not film.has_scale


def test_that_links_are_not_followed(write: Write, tmp_path: Path) -> None:
    write("ap", "elsewhere/ap")
    (tmp_path / "study").mkdir()
    (tmp_path / "study/out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "study/film").symlink_to(tmp_path / "elsewhere/ap")
    (tmp_path / "study/round").symlink_to(tmp_path / "study")
    listed = list_files([tmp_path / "study"])
    assert listed.paths == ()
    assert listed.links == 3


def test_that_no_more_than_a_limit_of_files_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_FILES", 5)
    for number in range(7):
        (tmp_path / f"{number}.txt").write_text("x")
    listed = list_files([tmp_path])
    assert len(listed.paths) == 5
    assert listed.left_out


def test_that_nearer_files_come_first_and_twice_dropped_ones_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/deep", "near"):
        (tmp_path / name).write_text("x")
    listed = list_files([tmp_path, tmp_path / "near"])
    assert listed.names == ("near", str(Path("a/deep")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_that_a_folder_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o000)
    assert list_files([tmp_path]).unread == ("locked",)


def test_that_a_file_that_kills_its_reader_is_refused_and_the_others_are_read(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dying.py").write_text(
        "import os, sys\n"
        "from app.desktop.importing.film_search import header_child\n"
        "read = header_child.read_header\n"
        "header_child.read_header = lambda path: os.abort() if 'bomb' in path else read(path)\n"
        "header_child.main()\n"
    )
    monkeypatch.setattr(headers, "CHILD_MODULE", "dying")
    monkeypatch.setattr(headers, "_places", lambda: f"{tmp_path}{os.pathsep}{Path(headers.app.__file__).parents[1]}")
    paths = [write("ap", "a"), write("ap", "bomb"), write("lateral", "b")]
    read = read_headers(paths)
    assert ["refused" in header for header in read] == [False, True, False]
    assert "bomb is damaged" in read[1]["refused"]


@pytest.mark.parametrize("size", [132, 200, 1000, 20_000])
def test_that_a_film_that_is_cut_off_is_refused_by_name(size: int, write: Write) -> None:
    path = write("ap", "cut.dcm")
    path.write_bytes(path.read_bytes()[:size])
    found, _listed = found_in(path)
    assert found["cut.dcm"].film is None
    assert found["cut.dcm"].refused.startswith("cut.dcm ")


def test_that_only_so_many_films_are_decoded_and_the_others_say_so(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_DECODED", 1)
    write("ap", "study/other", BodyPartExamined="")
    write("ap", "study/knee", BodyPartExamined="KNEE")
    found, _listed = found_in(tmp_path / "study")
    assert found["knee"].film is not None  # the one that says knee comes first
    assert "was not looked at" in found["other"].refused


def test_that_a_search_ends_early(write: Write, tmp_path: Path) -> None:
    write("ap", "study/ap")
    assert [event for event in search_films([tmp_path / "study"], lambda: True) if isinstance(event, Found)] == []


def test_that_a_name_that_is_not_ascii_or_very_long_is_read(write: Write) -> None:
    name = "膝 " * 20 + "é.dcm"
    assert found_in(write("ap", name))[0][name].film is not None


# Pairs ----------------------------------------------------------------------------------------------------------------


def film(view: View | None = View.AP, side: Side | None = Side.RIGHT, sha256: str = "1", **said: str) -> FoundFilm:
    """A film whose file says what is given, and otherwise names one patient."""
    same = {"patient_name": "Doe^Jane", "patient_id": "A", "birth_date": "19570312", "study_date": "20240312"}
    small = np.zeros((4, 4), np.uint8)
    return FoundFilm(sha256, view, side, (4, 4), True, Identity(**(same | said)), "KNEE", "DICOM", (), small)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (film(View.LATERAL, sha256="2"), ()),
        (film(None, None, sha256="2"), ()),
        (film(View.LATERAL, sha256="2", patient_id="B"), (Doubt.TWO_PATIENTS,)),
        (film(View.LATERAL, sha256="2", patient_id="", patient_name="Roe^Jane"), (Doubt.TWO_PATIENTS,)),
        (film(View.LATERAL, sha256="2", patient_name="DOE^J"), (Doubt.TWO_NAMES,)),
        (film(View.LATERAL, sha256="2", birth_date="19570313"), (Doubt.TWO_BIRTHDAYS,)),
        (film(View.LATERAL, Side.LEFT, sha256="2"), (Doubt.TWO_SIDES,)),
        (film(View.AP, sha256="2"), (Doubt.SAME_VIEW,)),
        (film(View.LATERAL, sha256="2", study_date="20240313"), (Doubt.TWO_DATES,)),
        (film(View.LATERAL, sha256="1", patient_id="B"), (Doubt.SAME_FILE,)),
    ],
)
def test_that_what_stands_against_a_pair_is_said(other: FoundFilm, expected: tuple[Doubt, ...]) -> None:
    assert doubts(film(), other) == expected
    assert doubts(other, film()) == expected


def test_that_two_patients_are_never_one_knee_and_two_dates_may_be() -> None:
    assert {doubt for doubt in Doubt if doubt.forbids} == {Doubt.SAME_FILE, Doubt.TWO_PATIENTS, Doubt.TWO_BIRTHDAYS}


def test_that_two_films_are_chosen_and_of_three_none() -> None:
    lateral, ap = (Found(Path(v.value), v.value, film(v, sha256=v.value)) for v in (View.LATERAL, View.AP))
    refused = Found(Path("x"), "x", refused="x is empty; copy it again")
    two = chosen_at_first([lateral, refused, ap])
    assert [entry.name for entry in ap_first(*two)] == ["AP", "LATERAL"]
    assert chosen_at_first([lateral, ap, Found(Path("c"), "c", film(None, sha256="3"))]) == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Doe^Jane", "Doe, Jane"),
        ("Doe^Jane^M^^", "Doe, Jane"),
        ("Doe", "Doe"),
        ("", ""),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "山田 太郎 (Yamada, Tarou)"),
        ("=山田^太郎", "山田 太郎"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ],
)
def test_that_a_name_is_shown_as_it_is_written(written: str, shown: str) -> None:
    assert person_name(written) == shown


def test_that_a_small_picture_keeps_left_and_right() -> None:
    pixels = np.zeros((400, 600), np.float32)
    pixels[:, :300] = 1000
    small = thumbnail(pixels)
    assert max(small.shape) <= 192
    assert small[:, 0].min() == 255
    assert small[:, -1].max() == 0
