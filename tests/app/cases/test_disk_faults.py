"""A full disk, a failing disk, a read-only folder, a size limit: a sentence, and the last accepted step stands."""

import errno
import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore
from engine.domain import MachineFailure, RefusedInput
from engine.io import durable
from tests.app.cases.killing_calls import at_each_call

SENTENCES = {
    errno.ENOSPC: (MachineFailure, "the disk is full; make room"),
    errno.EIO: (MachineFailure, "the disk reports an error; make room"),
    errno.EDQUOT: (MachineFailure, "quota is used up; make room"),
    errno.EROFS: (RefusedInput, "read-only file system; choose"),
    errno.EACCES: (RefusedInput, "permission is denied; choose"),
}


class Faults:
    """Makes the n-th call that touches the disk fail, or that one and all after it."""

    def __init__(self, monkeypatch, number, lasting=False):
        self.number, self.lasting, self.left, self.struck = number, lasting, 0, False
        at_each_call(self._act, durable, lambda where, name, new: monkeypatch.setattr(where, name, new, raising=False))

    def _act(self, name):
        if name == "unlink":  # what is half-written can always be removed, even from a full disk
            return
        if self.left > 0:
            self.left -= 1
            if self.left == 0:
                self.struck = True
                self.left = 1 if self.lasting else 0
                raise OSError(self.number, os.strerror(self.number))

    @contextmanager
    def at(self, call):
        self.left, self.struck = call, False
        try:
            yield
        finally:
            self.left = 0


def _edits(case):
    """Five edits that put, save, undo and redo."""

    def save(title):
        film = FilmEntry(case.put(secrets.token_bytes(50)), "film.dcm")  # another one at each try
        case.save(replace(case.document, title=title, films=(film,)), title)

    return [lambda: save("one"), lambda: save("two"), case.undo, case.redo, lambda: save("three")]


@pytest.fixture
def case(store):
    with closing(store.create(new_case("start"))) as case:
        yield case


def _told(edit):
    try:
        edit()
    except (RefusedInput, MachineFailure) as told:
        return told
    return None


def _stands(store, case):
    """What another program finds."""
    case.close()
    with closing(CaseStore(store.folder)) as other, closing(other.open(case.document.id)) as found:
        assert found.damage == ""
        for film in found.document.films:
            found.blob(film.blob)
        (summary,) = other.summaries()
        assert (summary.damage, summary.title) == ("", found.document.title)
        return found.document, found.undo_label, found.redo_label


def _partial(folder):
    return [path for path in folder.rglob("*") if "partial" in path.name]


@pytest.mark.parametrize("number", SENTENCES, ids=errno.errorcode.get)
@pytest.mark.parametrize("edit", range(5))
def test_that_a_fault_at_any_call_of_an_edit_gives_a_sentence_and_changes_nothing(
    store, case, monkeypatch, number, edit
):
    kind, sentence = SENTENCES[number]
    faults = Faults(monkeypatch, number)
    for before in _edits(case)[:edit]:
        before()
    before = (case.document, case.undo_label, case.redo_label)
    for call in range(1, 40):
        with faults.at(call):
            told = _told(_edits(case)[edit])
        if not faults.struck:
            break
        assert isinstance(told, kind)
        assert sentence in str(told)
        assert (case.document, case.undo_label, case.redo_label) == before
        assert _stands(store, case) == before
        assert _partial(store.folder) == []
        case = store.open(case.document.id)
    assert told is None
    assert call == 5 if edit in (2, 3) else call == 13  # four calls a file: write, fsync, replace, fsync of the folder
    assert case.document != before[0]
    assert _stands(store, case)[0] == case.document


@pytest.mark.parametrize("edit", range(5))
def test_that_a_disk_that_fails_for_good_leaves_a_whole_case(store, case, monkeypatch, edit):
    faults = Faults(monkeypatch, errno.EIO, lasting=True)
    for before in _edits(case)[:edit]:
        before()
    for call in range(1, 40):
        before = case.document
        with faults.at(call):
            with suppress(MachineFailure):
                _edits(case)[edit]()
            if not faults.struck:
                break
            assert case.document == before
        found, *_ = _stands(store, case)
        # The name may have changed before the sync of the folder failed, and no way back: then the new one is whole.
        assert found.title in (before.title, ["one", "two", "one", "two", "three"][edit])
        case = store.open(case.document.id)
        if found != before:
            break
    case.close()


def test_that_a_fault_at_any_call_of_creating_keeps_nothing(store, monkeypatch):
    faults = Faults(monkeypatch, errno.ENOSPC)
    for call in range(1, 40):
        with faults.at(call):
            with suppress(MachineFailure):
                store.create(new_case()).close()
            if not faults.struck:
                break
        assert store.summaries() == []
        assert os.listdir(store.folder / "cases") == []
    assert call > 10
    assert len(store.summaries()) == 1


def test_that_a_fault_at_any_call_of_deleting_or_tidying_leaves_the_case_whole(store, case, monkeypatch):
    for edit in _edits(case):
        edit()
    case.undo()
    case.save(replace(case.document, title="other"), "other")
    before = (case.document, case.undo_label, case.redo_label)
    case.close()
    faults = Faults(monkeypatch, errno.EIO)
    for call in range(1, 20):
        for act in (store.collect_garbage, lambda: store.delete(case.document.id)):
            with faults.at(call), suppress(MachineFailure):
                act()
            if not store.summaries():
                break
            assert _stands(store, case) == before
    assert store.summaries() == []


def test_that_an_edit_stands_though_the_index_cannot_be_written(store, case):
    store._index._connection.execute("DROP TABLE cases")
    for edit in _edits(case):
        edit()
    assert [summary.title for summary in store.summaries()] == ["three"]
    assert _stands(store, case)[0].title == "three"


def test_that_a_size_limit_at_every_size_gives_a_sentence_and_loses_nothing(tmp_path, repository):
    """In a child, because the limit is of a process."""
    child = [sys.executable, "-m", "tests.app.cases.limited_editor", str(tmp_path / "store")]
    done = subprocess.run(child, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    refused, accepted = map(int, done.stdout.split())
    assert refused > 20
    assert accepted > 20


@contextmanager
def _without_rights(*folders):
    """The folders cannot be written; root becomes nobody, because nothing is read-only to root."""
    for folder in folders:
        folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for folder in folders:
            folder.chmod(0o755)


@pytest.fixture
def open_folder():
    """A folder that every user may enter, which pytest's are not."""
    with tempfile.TemporaryDirectory(prefix="genu-test-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("made_before", [True, False])
def test_that_a_folder_without_permission_is_refused_with_a_sentence(open_folder, made_before):
    if made_before:
        CaseStore(open_folder).close()
    with (
        _without_rights(open_folder, *open_folder.iterdir()),
        pytest.raises(RefusedInput, match=r"^The case folder /tmp/\S* cannot be written[:;] .*choose another"),
    ):
        CaseStore(open_folder)
    CaseStore(open_folder).close()


def test_that_a_case_whose_folder_becomes_read_only_is_shown_and_refuses_steps(open_folder):
    with closing(CaseStore(open_folder)) as store, closing(store.create(new_case("start"))) as case:
        _edits(case)[0]()
        for folder in (open_folder, *open_folder.rglob("*")):
            folder.chmod(0o755)
        blobs = case.blob_path(case.document.films[0].blob).parent
        folder = blobs.parent
        with _without_rights(folder, blobs, folder / "versions"):
            for edit in (_edits(case)[1], case.undo, lambda: case.put(b"film")):
                with pytest.raises(RefusedInput, match=r"cannot be written: permission is denied; choose"):
                    edit()
            assert case.document.title == "one"
            assert len(case.blob(case.document.films[0].blob)) == 50
        _edits(case)[1]()
        assert _stands(store, case)[0].title == "two"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
def test_that_a_store_on_a_read_only_file_system_is_refused_with_a_sentence(tmp_path, repository):
    """A name space of its own, where the folder is mounted read-only."""
    CaseStore(tmp_path).close()
    script = (
        f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path} && "
        f"{sys.executable} -c 'from pathlib import Path; from app.cases.store import CaseStore; "
        f'CaseStore(Path("{tmp_path}"))\''
    )
    unshared = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    with suppress(FileNotFoundError):
        if subprocess.run([*unshared, script.split(" && /")[0]], capture_output=True).returncode == 0:
            done = subprocess.run([*unshared, script], cwd=repository, capture_output=True, text=True)
            assert "RefusedInput: The case folder" in done.stderr
            assert "cannot be written; choose another in Preferences" in done.stderr
            return
    pytest.skip("no name space to mount in")


def test_that_a_folder_that_becomes_unwritable_refuses_the_step_and_shows_the_case(store, case, monkeypatch):
    _edits(case)[0]()
    faults = Faults(monkeypatch, errno.EROFS, lasting=True)
    with faults.at(1):
        with pytest.raises(RefusedInput, match=r"^A file of the case cannot be written: it is on a read-only file"):
            case.put(b"film")
        with pytest.raises(RefusedInput, match=r"^The case cannot be written: it is on a read-only file system"):
            case.save(replace(case.document, title="two"), "two")
        assert case.document.title == "one"
