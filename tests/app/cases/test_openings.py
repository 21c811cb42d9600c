"""Two thousand openings and closings leave no descriptor and no memory behind."""

import gc
import os
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.cases import store as store_module
from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore
from engine.domain import RefusedInput
from tests.app.cases.documents import FILES, FILMS, complete

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts in /proc")


def _descriptors():
    return len(os.listdir("/proc/self/fd"))


def _resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Growth:
    """What a process holds more after many openings than after some."""

    descriptors: int
    blocks: int  # of Python's allocator
    resident: int  # bytes


def _growth(act, warm_up, times):
    for _ in range(warm_up):
        act()
    gc.collect()
    before = _descriptors(), sys.getallocatedblocks(), _resident_bytes()
    for _ in range(times):
        act()
    gc.collect()
    return Growth(_descriptors() - before[0], sys.getallocatedblocks() - before[1], _resident_bytes() - before[2])


def _nothing(growth):
    """One block lost at each opening would be a thousand; a few hundred come and go with caches."""
    return growth.descriptors == 0 and growth.blocks < 500 and growth.resident < 4_000_000


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """What is counted here has nothing to do with waiting for the disk."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def case_id(store):
    with closing(store.create(new_case("start"))) as case:
        for content in (*FILMS, *FILES.values()):
            case.put(content)
        case.save(complete(case.document), "all")
        return case.document.id


def test_that_two_thousand_openings_leave_nothing_behind(store, case_id):
    def act():
        with closing(store.open(case_id)) as case, closing(store.open(case_id)) as second:
            assert (case.read_only, second.read_only) == (False, True)

    assert _nothing(growth := _growth(act, 50, 1000)), growth  # two openings each


def test_that_two_hundred_stores_with_a_list_and_an_edit_leave_nothing_behind(tmp_path, case_id, store):
    def act():
        with closing(CaseStore(store.folder)) as other, closing(other.open(case_id)) as case:
            case.save(replace(case.document, title="a"), "a")
            case.undo()
            film = case.put(b"film")
            case.save(replace(case.document, films=(*case.document.films, FilmEntry(film, "f"))), "f")
            case.undo()
            other.summaries()
        store.collect_garbage()

    assert _nothing(growth := _growth(act, 20, 200)), growth


def test_that_refused_openings_leave_nothing_behind(store, case_id, monkeypatch):
    monkeypatch.setattr(store_module, "_DELETE_PATIENCE_S", 0.0)
    (store.folder / "cases" / "broken").mkdir()

    def act():
        for name in ("broken", "absent"):
            with pytest.raises(RefusedInput):
                store.open(name)
        with closing(store.open(case_id)) as case, pytest.raises(RefusedInput):
            store.delete(case.document.id)

    assert _nothing(growth := _growth(act, 50, 500)), growth
