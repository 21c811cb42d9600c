"""The index can be lost, cut, garbled or out of date: the list says the same; one of a newer Genu is refused."""

import os
import random
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from app.cases import index, store
from app.cases.document import FilmEntry, new_case
from app.cases.sealed import sealed
from app.cases.store import CaseStore
from engine.domain import RefusedInput


@pytest.fixture
def folder(tmp_path):
    """A store of three cases, closed."""
    with closing(CaseStore(tmp_path)) as made:
        for number in range(3):
            with closing(made.create(new_case(f"Doe {number} \ud800 山"))) as case:
                film = FilmEntry(case.put(b"film" * 1000), "film.dcm")
                case.save(replace(case.document, films=(film,)), "film")
    return tmp_path


def _list(folder):
    with closing(CaseStore(folder)) as opened:
        return opened.summaries()


def test_that_a_lost_index_is_told_again_from_the_cases(folder):
    before = _list(folder)
    assert len(before) == 3
    for path in folder.glob("index.sqlite*"):
        path.unlink()
    assert _list(folder) == before
    assert (folder / "index.sqlite").exists()


def test_that_an_index_cut_anywhere_is_told_again(folder):
    before, whole = _list(folder), (folder / "index.sqlite").read_bytes()
    for length in (*range(0, 200, 20), *range(200, len(whole), 1777), len(whole) - 1):
        (folder / "index.sqlite").write_bytes(whole[:length])
        assert _list(folder) == before


def test_that_a_garbled_index_is_told_again(folder, caplog):
    before, whole = _list(folder), (folder / "index.sqlite").read_bytes()
    draw = random.Random(0)
    for _ in range(40):
        garbled = bytearray(whole)
        for _ in range(20):
            garbled[draw.randrange(100, len(whole))] = draw.randrange(256)
        (folder / "index.sqlite").write_bytes(garbled)
        assert _list(folder) == before
    assert caplog.text
    assert "Doe" not in caplog.text
    (folder / "index.sqlite").write_bytes(b"a patient's letter" * 500)
    assert _list(folder) == before


def test_that_rows_that_say_nothing_are_read_from_the_cases(folder):
    before = _list(folder)
    empty = sealed("genu_case_row", {}).decode()
    another = sealed("genu_case_row", {"id": "another", "states": {}, "needs": {}}).decode()
    newer = empty.replace("1", "2", 1)
    for text in ("", "[]", "{}", "null", empty, another, newer, b"\xff", 5):
        with closing(sqlite3.connect(folder / "index.sqlite")) as other, other:
            other.execute("UPDATE cases SET row = ?", (text,))
        assert _list(folder) == before


def test_that_an_index_restored_from_an_older_copy_does_not_hide_what_came_after(folder):
    old = (folder / "index.sqlite").read_bytes()
    with closing(CaseStore(folder)) as opened:
        gone, changed, _ = opened.summaries()
        opened.delete(gone.id)
        with closing(opened.open(changed.id)) as case:
            case.save(replace(case.document, title="later"), "title")
        opened.create(new_case("newest")).close()
        now = opened.summaries()
    (folder / "index.sqlite").write_bytes(old)
    assert _list(folder) == now
    assert {summary.title for summary in now} >= {"later", "newest"}


def test_that_an_index_of_a_newer_genu_is_refused_and_left_alone(folder):
    with closing(sqlite3.connect(folder / "index.sqlite")) as newer:
        newer.execute("PRAGMA user_version = 9")
    before = (folder / "index.sqlite").read_bytes()
    for _ in range(2):
        with pytest.raises(RefusedInput, match=r"^The case folder was written by a newer Genu \(format 9\); use that"):
            CaseStore(folder)
    assert (folder / "index.sqlite").read_bytes() == before


def test_that_an_index_damaged_while_another_window_uses_it_is_left_to_that_window(folder):
    with closing(CaseStore(folder)) as first:
        before = first.summaries()
        path = folder / "index.sqlite"
        number = path.stat().st_ino
        path.write_bytes(b"not a database" * 1000)
        with closing(CaseStore(folder)) as second:
            assert second.summaries() == before
            with closing(second.open(before[0].id)) as case:
                case.save(replace(case.document, title="later"), "title")
            assert second.summaries()[0].title == first.summaries()[0].title == "later"
        assert path.stat().st_ino == number
    assert _list(folder)[0].title == "later"


def test_that_the_index_is_a_write_ahead_log_synced_at_every_commit(folder):
    with closing(CaseStore(folder)) as opened:
        connection = opened._index._connection
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_that_a_list_from_the_index_reads_no_case(folder, monkeypatch):
    before = _list(folder)
    monkeypatch.setattr(store, "row_of", None)
    assert _list(folder) == before


def test_that_the_row_is_written_when_the_step_stands_and_not_before(folder, monkeypatch):
    """From the calls themselves: bytes, name, folder; version before case.json; then the index."""
    events = []

    def noted(name, tell):
        real = getattr(os, name)

        def call(*arguments):
            real(*arguments)
            events.append((name, tell(arguments)))

        monkeypatch.setattr(os, name, call)

    with closing(CaseStore(folder)) as opened, closing(opened.create(new_case())) as case:
        home = folder / "cases" / case.document.id
        noted("fsync", lambda arguments: os.readlink(f"/proc/self/fd/{arguments[0]}").replace(str(home), ""))
        noted("replace", lambda arguments: str(arguments[1]).replace(str(home), ""))
        put = index.Index.put
        monkeypatch.setattr(index.Index, "put", lambda self, row: (events.append(("index", "")), put(self, row)))
        blob = case.put(b"film")
        case.save(replace(case.document, films=(FilmEntry(blob, "film"),)), "film")
    plain = [(name, "partial" if "partial" in path else path) for name, path in events]
    named = [f"/blobs/{blob}", "/versions/000002.json", "/case.json"]
    folders = ["/blobs", "/versions", ""]
    for file, inner in zip(named, folders, strict=True):
        assert plain[:3] == [("fsync", "partial"), ("replace", file), ("fsync", inner)]
        plain = plain[3:]
    assert plain == [("index", "")]


def test_that_a_store_is_listed_from_any_thread(folder):
    with closing(CaseStore(folder)) as opened:
        lists = []
        threads = [threading.Thread(target=lambda: lists.append(opened.summaries())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert lists == [opened.summaries()] * 4


def test_that_a_closed_store_can_be_closed_again_and_keeps_open_cases_going(folder):
    opened = CaseStore(folder)
    case = opened.open(opened.summaries()[0].id)
    opened.close()
    opened.close()
    case.save(replace(case.document, title="after"), "title")
    case.close()
    assert _list(folder)[0].title == "after"
