"""Garbage: all that no undo and no redo can reach, and nothing else."""

from contextlib import closing
from dataclasses import replace

import pytest

from app.cases.document import FilmEntry, new_case
from tests.app.cases.test_damage import _content


def _step(case, title):
    film = FilmEntry(case.put(title.encode() * 1000), "film.dcm")
    case.save(replace(case.document, title=title, films=(film,)), title)


@pytest.fixture
def case_id(store):
    """start, one, then (two, three undone) four, five undone."""
    with closing(store.create(new_case("start"))) as case:
        for title in ("one", "two", "three"):
            _step(case, title)
        case.undo()
        case.undo()
        _step(case, "four")
        _step(case, "five")
        case.undo()
        return case.document.id


@pytest.fixture
def folder(store, case_id):
    return store.folder / "cases" / case_id


def test_that_all_that_undo_and_redo_reach_stays_and_the_rest_goes(store, case_id, folder):
    before = _content(folder)
    used = store.summaries()[0].bytes_used
    freed = store.collect_garbage()
    after = _content(folder)
    gone = {path: content for path, content in before.items() if path not in after}
    assert sorted(path.name for path in gone if path.parent.name == "versions") == ["000003.json", "000004.json"]
    assert {content for path, content in gone.items() if path.parent.name == "blobs"} == {
        b"two" * 1000,
        b"three" * 1000,
    }
    assert freed == sum(map(len, gone.values())) == used - store.summaries()[0].bytes_used
    assert {path: before[path] for path in after} == after
    with closing(store.open(case_id)) as case:
        case.redo()
        for title in ("five", "four", "one"):
            assert case.blob(case.document.films[0].blob) == title.encode() * 1000
            case.undo()
        assert case.document.title == "start"
    assert store.collect_garbage() == 0


def test_that_a_change_after_undo_deletes_nothing_by_itself(store, case_id, folder):
    names = {path.read_bytes()[:3] for path in (folder / "blobs").iterdir()}
    assert names == {b"one", b"two", b"thr", b"fou", b"fiv"}


def test_that_a_case_open_anywhere_keeps_everything(store, case_id, folder):
    before = _content(folder)
    with closing(store.open(case_id)) as case:
        late = case.put(b"not yet saved")
        assert store.collect_garbage() == 0
        assert case.blob(late) == b"not yet saved"
    assert before.items() <= _content(folder).items()
    assert store.collect_garbage() > 0


@pytest.mark.parametrize("where", ["case.json", "versions/000001.json", "versions/000006.json"])
def test_that_a_damaged_case_keeps_everything(store, case_id, folder, where):
    (folder / where).write_bytes(b"{")
    before = _content(folder)
    assert store.collect_garbage() == 0
    assert _content(folder) == before


def test_that_leavings_of_killed_programs_go_and_the_files_of_others_stay(store, case_id, folder):
    store.collect_garbage()
    before = _content(store.folder / "cases")
    for inner in (folder, folder / "versions", folder / "blobs"):
        (inner / ".genu-0123456789abcdef.partial").write_bytes(b"12345")
    for name in (".new-0123456789ab", ".deleted-0123456789ab"):
        (store.folder / "cases" / name).mkdir()
        (store.folder / "cases" / name / "case.json").write_bytes(b"1234567")
    (folder / "notes.txt").write_bytes(b"mine")
    (folder / "blobs" / "mine.txt").write_bytes(b"mine")
    assert store.collect_garbage() == 3 * 5 + 2 * 7
    after = _content(store.folder / "cases")
    assert {path.name for path in after.keys() - before.keys()} == {"notes.txt", "mine.txt"}
    assert not list((store.folder / "cases").glob(".*"))
    assert not (store.folder / "locks" / "0123456789ab.open").exists()


def test_that_a_step_that_never_stood_is_garbage_and_its_number_no_trap(store, case_id, folder):
    """A program killed between a version and its case.json leaves one."""
    store.collect_garbage()
    kept = (folder / "case.json").read_bytes()
    with closing(store.open(case_id)) as case:
        _step(case, "killed")
    (folder / "case.json").write_bytes(kept)
    with closing(store.open(case_id)) as case:
        assert (case.document.title, case.redo_label) == ("four", "five")
        _step(case, "six")
    with closing(store.open(case_id)) as case:
        assert (case.document.title, case.damage) == ("six", "")
    assert store.collect_garbage() > 0
    assert sorted(path.name for path in (folder / "versions").iterdir()) == [
        "000001.json",
        "000002.json",
        "000005.json",
        "000008.json",
    ]
