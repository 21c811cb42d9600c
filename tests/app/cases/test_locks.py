"""One writer a case, over processes, however they end."""

import os
import signal
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from app.cases import case_lock
from app.cases.document import new_case
from app.cases.store import CaseStore
from engine.domain import RefusedInput
from tests.app.cases.contenders import PROGRAMS, TURNS

HOLDER = """
import sys
from pathlib import Path
from app.cases.store import CaseStore
case = CaseStore(Path(sys.argv[1])).open(sys.argv[2])
print(case.read_only, flush=True)
sys.stdin.read()
"""


@contextmanager
def _held(repository, store, case_id):
    """Another program has the case open; it says whether only to read, and is killed in the end."""
    command = [sys.executable, "-c", HOLDER, store.folder, case_id]
    with subprocess.Popen(command, cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        try:
            yield holder.stdout.readline().strip() == "True"
        finally:
            holder.send_signal(signal.SIGKILL)


@pytest.fixture
def case_id(store):
    with closing(store.create(new_case("start"))) as case:
        return case.document.id


def test_that_a_second_program_reads_only_until_the_first_is_killed(store, case_id, repository):
    with _held(repository, store, case_id) as reads_only:
        assert not reads_only
        with closing(store.open(case_id)) as case:
            assert case.read_only
            with pytest.raises(RefusedInput, match="open in another window"):
                case.save(replace(case.document, title="mine"), "title")
        with pytest.raises(RefusedInput, match="open in a window; close it there before"):
            store.delete(case_id)
        assert store.collect_garbage() == 0
    with closing(store.open(case_id)) as case:
        assert not case.read_only


def test_that_another_program_that_only_reads_keeps_the_case_from_being_deleted(store, case_id, repository):
    with closing(store.open(case_id)) as case, _held(repository, store, case_id) as reads_only:
        assert reads_only
        case.save(replace(case.document, title="mine"), "title")
        case.close()
        with pytest.raises(RefusedInput, match="open in a window"):
            store.delete(case_id)
    store.delete(case_id)


def test_that_eight_programs_at_once_lose_no_step(tmp_path, repository):
    command = [sys.executable, "-m", "tests.app.cases.contenders", tmp_path / "store"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    number, _ = map(int, done.stdout.split())
    assert number == PROGRAMS * TURNS


def test_that_a_program_started_by_the_window_does_not_keep_its_lock(store, case_id):
    case = store.open(case_id)
    with subprocess.Popen(["sleep", "60"], close_fds=False) as engine:
        case.close()
        with closing(store.open(case_id)) as again:
            assert not again.read_only
        engine.kill()


def test_that_lock_files_of_the_dead_are_no_locks(store, case_id):
    for kind in ("open", "write"):
        (store.folder / "locks" / f"{case_id}.{kind}").write_text(str(os.getpid()))
    with closing(store.open(case_id)) as case:
        assert not case.read_only


def test_that_closing_one_window_of_a_program_keeps_the_lock_of_its_other(store, case_id):
    with closing(store.open(case_id)) as first:
        store.open(case_id).close()  # lockf(3) would drop the lock here
        with closing(CaseStore(store.folder)) as other, closing(other.open(case_id)) as second:
            assert second.read_only
        assert not first.read_only


def test_that_an_opener_waits_for_tidying_and_says_so_when_it_takes_too_long(store, case_id, monkeypatch):
    monkeypatch.setattr(case_lock, "_PATIENCE_S", 0.1)
    with case_lock.alone(store.folder / "locks", case_id) as is_alone:
        assert is_alone
        with pytest.raises(RefusedInput, match="being tidied by another window; try again in a moment"):
            store.open(case_id)
    store.open(case_id).close()


def test_that_a_lock_on_a_removed_file_does_not_count(store, case_id, monkeypatch):
    real, removed = case_lock.try_lock, []

    def removing(descriptor, *, shared):
        held = real(descriptor, shared=shared)
        if not removed:
            removed.append((store.folder / "locks" / f"{case_id}.open").unlink())
        return held

    store.open(case_id).close()
    monkeypatch.setattr(case_lock, "try_lock", removing)
    with closing(store.open(case_id)) as first, closing(store.open(case_id)) as second:
        assert (first.read_only, second.read_only) == (False, True)
        with case_lock.alone(store.folder / "locks", case_id) as is_alone:
            assert not is_alone
