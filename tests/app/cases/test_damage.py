"""Damaged cases and cases from the future: listed with a sentence, what is whole opens, nothing is lost."""

import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore
from engine.domain import MachineFailure, RefusedInput

STEP_DAMAGED = "The newest step of the case is damaged; the newest whole one before it is shown"
TITLES = ("one", "two", "three")


@pytest.fixture
def case_id(store):
    """A case of three steps, each with a film of its own, and a sound one beside it."""
    store.create(new_case("sound")).close()
    with closing(store.create(new_case("start"))) as case:
        for title in TITLES:
            film = FilmEntry(case.put(title.encode() * 100), "film.dcm")
            case.save(replace(case.document, title=title, films=(film,)), title)
        return case.document.id


@pytest.fixture
def folder(store, case_id):
    return store.folder / "cases" / case_id


def _content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _damage(store, case_id):
    """What the list says of the case; the other case is sound."""
    found = {summary.id: summary.damage for summary in store.summaries()}
    assert len(found) == 2
    damage = found.pop(case_id)
    assert list(found.values()) == [""]
    return damage


def _turn_a_bit(path, place=None):
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if place is None else place] ^= 4
    path.write_bytes(content)


def test_that_a_case_json_cut_anywhere_loses_no_step(store, case_id, folder):
    whole = (folder / "case.json").read_bytes()
    for length in range(0, len(whole), 7):
        (folder / "case.json").write_bytes(whole[:length])
        assert "the newest whole step is shown" in _damage(store, case_id)
        with closing(store.open(case_id)) as case:
            assert (case.document.title, case.undo_label, case.redo_label) == ("three", "three", None)
            assert "the newest whole step is shown" in case.damage
    with closing(store.open(case_id)) as case:
        for title in ("two", "one", "start"):
            case.undo()
            assert case.document.title == title
        assert case.damage == ""
    assert _damage(store, case_id) == ""


def test_that_a_missing_case_json_loses_no_step(store, case_id, folder):
    (folder / "case.json").unlink()
    assert "the newest whole step is shown" in _damage(store, case_id)
    with closing(store.open(case_id)) as case:
        case.save(replace(case.document, title="four"), "four")
    assert _damage(store, case_id) == ""
    with closing(store.open(case_id)) as case:
        case.undo()
        assert case.document.title == "three"


@pytest.mark.parametrize("how", ["cut", "emptied", "bit", "gone", "zeros"])
def test_that_a_damaged_newest_step_never_wins_over_a_whole_older_one(store, case_id, folder, how):
    newest = folder / "versions" / "000004.json"
    whole = newest.read_bytes()
    {
        "cut": lambda: newest.write_bytes(whole[:-20]),
        "emptied": lambda: newest.write_bytes(b""),
        "bit": lambda: _turn_a_bit(newest),
        "gone": newest.unlink,
        "zeros": lambda: newest.write_bytes(bytes(len(whole))),
    }[how]()
    with closing(store.open(case_id)) as case:
        assert case.damage == STEP_DAMAGED
        assert (case.document.title, case.undo_label) == ("two", "two")
        assert case.blob(case.document.films[0].blob) == b"two" * 100
        with pytest.raises(MachineFailure, match="damaged and cannot be shown again"):
            case.redo()
        assert case.document.title == "two"
    store._index.close()
    with closing(CaseStore(store.folder)) as other:
        assert other.collect_garbage() == 0
        (folder / "case.json").touch()
        assert _damage(other, case_id) == STEP_DAMAGED
        with closing(other.open(case_id)) as case:
            case.save(replace(case.document, title="four"), "four")
        assert _damage(other, case_id) == ""


def test_that_a_half_written_step_and_list_fall_back_to_the_older_whole_step(store, case_id, folder):
    for path in (folder / "versions" / "000004.json", folder / "case.json"):
        path.write_bytes(path.read_bytes()[:-30])
    with closing(store.open(case_id)) as case:
        assert (case.document.title, case.undo_label) == ("two", "two")


def test_that_a_damaged_step_in_the_middle_does_not_hide_the_newest(store, case_id, folder):
    _turn_a_bit(folder / "versions" / "000003.json")
    assert _damage(store, case_id) == ""
    with closing(store.open(case_id)) as case:
        assert case.document.title == "three"
        with pytest.raises(MachineFailure, match="damaged and cannot be shown again"):
            case.undo()
        assert case.document.title == "three"


def test_that_a_case_without_a_whole_step_is_listed_and_refused_and_can_be_deleted(store, case_id, folder):
    for path in (folder / "versions").iterdir():
        path.write_bytes(b"{")
    before = _content(folder)
    for _ in range(2):
        assert _damage(store, case_id) == f"No step of case {case_id} can be read; restore its folder from a copy"
        with pytest.raises(RefusedInput, match="can be read; restore its folder from a copy"):
            store.open(case_id)
        assert store.collect_garbage() == 0
    assert _content(folder) == before
    titles = {summary.title for summary in store.summaries()}
    assert titles == {"sound", "three"}  # the list still knows its name
    store.delete(case_id)
    assert [summary.title for summary in store.summaries()] == ["sound"]


def test_that_an_empty_folder_and_a_stray_file_do_not_hide_the_other_cases(store):
    store.create(new_case("sound")).close()
    (store.folder / "cases" / "empty").mkdir()
    (store.folder / "cases" / "stray").write_bytes(b"")
    assert "can be read" in _damage(store, "empty")


def test_that_a_copy_of_a_case_under_another_name_is_not_taken_for_the_case(store, case_id, folder):
    shutil.copytree(folder, folder.parent / "copied")
    with pytest.raises(RefusedInput, match="No step of case copied can be read"):
        store.open("copied")
    store.open(case_id).close()


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("case.json", '"genu_case_folder": '),
        ("versions/000004.json", '"genu_case_version": '),
        ("versions/000004.json", '"genu_case": '),
    ],
)
def test_that_a_case_from_the_future_is_refused_and_left_as_it_is(store, case_id, folder, where, kind):
    path = folder / where
    assert f"{kind}1" in path.read_text()
    path.write_text(_sealed_again(path.read_text().replace(f"{kind}1", f"{kind}7")))
    before = _content(folder)
    sentence = f"Case {case_id} was written by a newer Genu (format 7); open it with that version"
    with pytest.raises(RefusedInput) as told:
        store.open(case_id)
    assert str(told.value) == sentence
    assert store.collect_garbage() == 0
    assert _damage(store, case_id) == sentence
    assert _content(folder) == before


def _sealed_again(text):
    """A newer Genu seals what it writes."""
    found = json.loads(text)
    body = json.dumps(found["body"], sort_keys=True, separators=(",", ":"))
    return json.dumps({**found, "sha256": hashlib.sha256(body.encode()).hexdigest()}, sort_keys=True, indent=1)


def test_that_one_turned_bit_in_a_film_is_found_when_it_is_read(store, case_id, folder):
    with closing(store.open(case_id)) as case:
        blob = case.document.films[0].blob
        for place in (0, 150, 499):
            _turn_a_bit(folder / "blobs" / blob, place)
            for ask in (case.blob, case.blob_path):
                with pytest.raises(MachineFailure, match=rf"^A file of the case \({blob[:12]}\) is damaged; "):
                    ask(blob)
            _turn_a_bit(folder / "blobs" / blob, place)
        assert case.blob(blob) == b"three" * 100


@pytest.mark.parametrize("how", ["gone", "cut"])
def test_that_a_lost_film_is_listed_and_comes_back_when_imported_again(store, case_id, folder, how):
    assert _damage(store, case_id) == ""
    with closing(store.open(case_id)) as case:
        blob = case.document.films[0].blob
        path = folder / "blobs" / blob
        path.unlink() if how == "gone" else path.write_bytes(b"three")
        assert _damage(store, case_id).startswith("1 of the files of the case are missing or damaged; import")
        assert case.damage == _damage(store, case_id)
        with pytest.raises(MachineFailure, match="missing" if how == "gone" else "damaged"):
            case.blob(blob)
        case.save(replace(case.document, title="goes on"), "title")
        assert _damage(store, case_id).startswith("1 of the files")
        assert case.put(b"three" * 100) == blob
        assert _damage(store, case_id) == case.damage == ""


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "A" * 64, "0" * 63, "case.json"])
def test_that_a_blob_by_a_crafted_name_is_refused(store, case_id, name):
    with closing(store.open(case_id)) as case:
        for ask in (case.blob, case.blob_path):
            with pytest.raises(MachineFailure, match="names a file that is not one of its own"):
                ask(name)
