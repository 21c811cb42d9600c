"""Cases kept, opened, undone, deleted, listed."""

import os
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from app.cases.document import FilmEntry, Step, StepState, new_case
from app.cases.store import CaseStore
from engine.domain import MachineFailure, RefusedInput
from tests.app.cases.documents import FILES, FILMS, STEPS, complete, sha256, with_films


@pytest.fixture
def case(store):
    with closing(store.create(new_case("Doe, Jane"))) as case:
        yield case


def _titled(case, title):
    case.save(replace(case.document, title=title), f"to {title}")


def test_that_a_case_stands_as_saved_after_another_opening(store, case):
    for content in (*FILMS, *FILES.values()):
        case.put(content)
    for step in STEPS:
        case.save(step(case.document), step.__name__)
    case.close()
    with closing(CaseStore(store.folder)) as other, closing(other.open(case.document.id)) as again:
        assert again.document == case.document == complete(replace(case.document, exports=()))
        assert again.undo_label == "with_export"
        assert again.blob(sha256(FILMS[0])) == FILMS[0]
        assert again.blob_path(sha256(FILES["ct.nii.gz"])).read_bytes() == FILES["ct.nii.gz"]
        assert (again.read_only, again.damage) == (False, "")


def test_that_undo_and_redo_last_over_openings(store, case):
    for title in ("one", "two", "three"):
        _titled(case, title)
    case.undo()
    case.undo()
    case.close()
    with closing(store.open(case.document.id)) as again:
        assert (again.document.title, again.undo_label, again.redo_label) == ("one", "to one", "to two")
        again.redo()
        again.redo()
        again.redo()  # nothing more: nothing happens
        assert (again.document.title, again.undo_label, again.redo_label) == ("three", "to three", None)


def test_that_the_new_case_itself_is_not_undone(case):
    case.undo()
    assert (case.document.title, case.undo_label, case.redo_label) == ("Doe, Jane", None, None)


def test_that_a_change_after_undo_takes_the_place_of_what_could_be_redone(case):
    _titled(case, "one")
    case.undo()
    _titled(case, "other")
    assert (case.undo_label, case.redo_label) == ("to other", None)
    case.redo()
    assert case.document.title == "other"


def test_that_a_document_that_changes_nothing_is_no_step(case):
    case.save(replace(case.document), "nothing")
    assert case.undo_label is None


def test_that_a_document_whose_files_were_not_put_is_refused_and_nothing_changes(case):
    before = case.document
    with pytest.raises(MachineFailure, match=r"^2 files of this step were not kept; repeat the step$"):
        case.save(with_films(before), "films")
    assert (case.document, case.undo_label) == (before, None)


def test_that_a_document_of_another_case_is_refused(case):
    with pytest.raises(RefusedInput, match="belongs to another case"):
        case.save(new_case(), "other")


def test_that_a_second_opening_is_read_only_until_the_first_closes(store, case):
    _titled(case, "one")
    with closing(store.open(case.document.id)) as second:
        assert (second.read_only, second.document.title) == (True, "one")
        assert (second.undo_label, second.redo_label) == (None, None)
        for change in (lambda: _titled(second, "two"), second.undo, second.redo, lambda: second.put(b"film")):
            with pytest.raises(RefusedInput, match="open in another window and is read-only here"):
                change()
        _titled(case, "three")
        assert second.document.title == "one"
    case.close()
    with closing(store.open(case.document.id)) as third:
        assert (third.read_only, third.document.title) == (False, "three")


def test_that_a_closed_case_takes_no_change_but_still_shows(case):
    blob = case.put(b"film")
    case.close()
    case.close()
    for change in (lambda: _titled(case, "late"), case.undo, lambda: case.put(b"late")):
        with pytest.raises(RefusedInput, match="closed meanwhile"):
            change()
    assert case.blob(blob) == b"film"


def test_that_a_put_that_outlives_the_window_keeps_the_lock(store, case, monkeypatch):
    from app.cases import blobs

    inside, go_on = threading.Event(), threading.Event()

    def slow(content, path):
        inside.set()
        assert go_on.wait(30)

    monkeypatch.setattr(blobs, "place_file", slow)
    thread = threading.Thread(target=case.put, args=(b"a large film",))
    thread.start()
    assert inside.wait(30)
    case.close()
    with closing(store.open(case.document.id)) as second:
        assert second.read_only
    go_on.set()
    thread.join()
    with closing(store.open(case.document.id)) as third:
        assert not third.read_only


def test_that_the_list_has_the_newest_change_first_and_each_step(store, case):
    with closing(store.create(new_case("Roe"))) as other:
        assert [summary.title for summary in store.summaries()] == ["Roe", "Doe, Jane"]
        for film in FILMS:
            case.put(film)
        case.save(with_films(case.document), "films")
        # Times are whole seconds; within one, the later file system stamp decides.
        assert [summary.title for summary in store.summaries()] == ["Doe, Jane", "Roe"]
        (first, second) = store.summaries()
    assert first.states == {step: StepState.DONE if step is Step.IMPORT else StepState.TODO for step in Step}
    assert second.states == dict.fromkeys(Step, StepState.TODO)
    assert (first.id, first.created, first.damage) == (case.document.id, case.document.created, "")
    assert first.bytes_used > sum(map(len, FILMS)) > 0
    assert store.bytes_used() > first.bytes_used + second.bytes_used
    assert other.document.id == second.id


def test_that_the_list_is_the_same_for_another_program(store, case):
    _titled(case, "<img src=x onerror=alert(1)>")
    with closing(CaseStore(store.folder)) as other:
        assert other.summaries() == store.summaries()
        _titled(case, "山田太郎")
        assert other.summaries() == store.summaries()
        assert other.summaries()[0].title == "山田太郎"


def test_that_a_deleted_case_is_gone_from_disk_and_list(store, case):
    case.put(b"film")
    with pytest.raises(RefusedInput, match="open in a window; close it there"):
        store.delete(case.document.id)
    with closing(store.open(case.document.id)):
        case.close()
        with pytest.raises(RefusedInput, match="open in a window"):  # one who only looks counts too
            store.delete(case.document.id)
    store.delete(case.document.id)
    assert store.summaries() == []
    assert os.listdir(store.folder / "cases") == []
    assert os.listdir(store.folder / "locks") == ["index"]
    for ask in (store.open, store.delete):
        with pytest.raises(RefusedInput, match="not there any more; choose another"):
            ask(case.document.id)


@pytest.mark.parametrize("name", ["..", ".", "", "../cases", "a/b", "x" * 65, ".new-1", "ä", "a\0b"])
def test_that_no_identifier_leads_out_of_the_store(store, name):
    for ask in (store.open, store.delete):
        with pytest.raises(RefusedInput, match="not there any more"):
            ask(name)
    with pytest.raises(RefusedInput, match="only letters, digits"):
        store.create(replace(new_case(), id=name))


def test_that_a_case_is_not_created_over_another_or_with_films_of_nowhere(store, case):
    with pytest.raises(RefusedInput, match="already; open it instead"):
        store.create(case.document)
    case.close()
    with pytest.raises(RefusedInput, match="already; open it instead"):
        store.create(case.document)
    with pytest.raises(RefusedInput, match="starts without films"):
        store.create(with_films(new_case()))
    assert [summary.title for summary in store.summaries()] == ["Doe, Jane"]


def test_that_no_file_name_holds_anything_of_the_patient(store, case):
    entry = FilmEntry(case.put(b"film"), "Doe_Jane_1970.dcm")
    case.save(replace(case.document, films=(entry,)), "Doe, Jane imported")
    names = [path.name for path in store.folder.rglob("*")]
    assert names
    assert not [name for name in names if "doe" in name.lower() or "jane" in name.lower() or "1970" in name]


def test_that_the_folders_are_the_owners_alone(store, case):
    folders = [path for path in (store.folder, *store.folder.rglob("*")) if path.is_dir()]
    assert {path.stat().st_mode & 0o077 for path in folders} == {0}


def test_that_threads_may_put_save_and_list_at_once(store, case):
    def work(number):
        for turn in range(5):
            blob = case.put(f"{number} {turn}".encode())
            case.save(replace(case.document, films=(FilmEntry(blob, "f"),)), f"{number}")
            store.summaries()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    steps = 0
    while case.undo_label:
        steps += 1
        case.undo()
    assert steps == 20
