"""Folders of results: all or nothing, and a sentence for every way in which a disk can say no."""

import errno
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from engine.domain import MachineFailure, RefusedInput
from engine.io import durable
from engine.io.durable import check_folder, new_folder, write_file_atomically, write_folder_atomically

FIRST = {"report.json": b'{"genu": "0.1"}', "ct.nii.gz": b"first", "meshes/femur.stl": b"bone"}
SECOND = FIRST | {"ct.nii.gz": b"second"}


def written_in_new_folder(files, folder):
    with new_folder(folder) as partial:
        for name, content in files.items():
            (partial / name).parent.mkdir(exist_ok=True)
            write_file_atomically(content, partial / name)


def _content(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_that_a_new_folder_holds_exactly_the_files(tmp_path):
    write_folder_atomically(FIRST, tmp_path / "a" / "b" / "out")
    assert _content(tmp_path / "a/b/out") == FIRST
    assert os.listdir(tmp_path / "a/b") == ["out"]


def test_that_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    write_folder_atomically(FIRST, tmp_path / "out")
    assert _content(tmp_path / "out") == FIRST


@pytest.mark.parametrize("exchange", [True, False])
def test_that_an_earlier_result_is_replaced_whole(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(durable, "_swap", lambda one, other: False)
    write_folder_atomically(FIRST | {"labels.nii.gz": b"old"}, tmp_path / "out")
    write_folder_atomically(SECOND, tmp_path / "out")
    assert _content(tmp_path / "out") == SECOND
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize(
    "foreign",
    [
        {"notes.txt": b"mine"},
        {"ap.dcm": b"a patient's film"},
        {"report.json": b'{"other": 1}'},
        {"report.json": b"not json"},
        {"report.json": b"[]"},
        FIRST | {"notes.txt": b"mine"},
    ],
)
def test_that_a_folder_with_other_files_is_refused_and_left_alone(tmp_path, foreign):
    for name, content in foreign.items():
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(content)
    for act in (check_folder, lambda folder: write_folder_atomically(SECOND, folder)):
        with pytest.raises(RefusedInput, match=r"^out holds files that are not a result of Genu; choose"):
            act(tmp_path / "out")
    assert _content(tmp_path / "out") == foreign
    assert os.listdir(tmp_path) == ["out"]


def test_that_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_bytes(b"mine")
    for folder, word in ((tmp_path / "out", "is a file"), (tmp_path / "out" / "in", "a part of its path is a file")):
        for act in (check_folder, lambda folder: write_folder_atomically(SECOND, folder)):
            with pytest.raises(RefusedInput, match=word):
                act(folder)
    assert (tmp_path / "out").read_bytes() == b"mine"


def test_that_a_name_too_long_is_refused(tmp_path):
    for act in (check_folder, lambda folder: write_folder_atomically(SECOND, folder)):
        with pytest.raises(RefusedInput, match="name is too long"):
            act(tmp_path / ("x" * 300))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["out put", "Ergebnis – ö 🦵", "x" * 255])
def test_that_unusual_names_are_written(tmp_path, name):
    write_folder_atomically(FIRST, tmp_path / name)
    assert _content(tmp_path / name) == FIRST


FAULTS = {
    errno.ENOSPC: (MachineFailure, "the disk is full"),
    errno.EDQUOT: (MachineFailure, "the disk quota is used up"),
    errno.EIO: (MachineFailure, "the disk reports an error"),
    errno.EFBIG: (MachineFailure, "the size limit"),
    errno.EROFS: (RefusedInput, "read-only"),
    errno.EACCES: (RefusedInput, "permission is denied"),
    errno.EBUSY: (RefusedInput, "busy"),
}


# One rename is all there is, and the third folder asked for exists.
HARMLESS = {("rename", 2), ("rename", 3), ("mkdir", 3)}


@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
@pytest.mark.parametrize("call", ["fsync", "mkdir", "rename"])
@pytest.mark.parametrize("when", [1, 2, 3])
def test_that_no_fault_at_any_step_leaves_anything_behind(tmp_path, monkeypatch, number, call, when):
    real, count = getattr(os, call), [0]

    def failing(*arguments, **options):
        count[0] += 1
        if count[0] == when:
            raise OSError(number, os.strerror(number))
        return real(*arguments, **options)

    monkeypatch.setattr(os, call, failing)
    kind, word = FAULTS[number]
    if (call, when) in HARMLESS:
        write_folder_atomically(FIRST, tmp_path / "new" / "out")
        assert _content(tmp_path / "new/out") == FIRST
        return
    with pytest.raises(kind, match=f"^out .*{word}"):
        write_folder_atomically(FIRST, tmp_path / "new" / "out")
    assert os.listdir(tmp_path) == []


def test_that_a_fault_leaves_the_earlier_result(tmp_path, monkeypatch):
    write_folder_atomically(FIRST, tmp_path / "out")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(MachineFailure, match="the disk is full; make room"):
        write_folder_atomically(SECOND, tmp_path / "out")
    assert _content(tmp_path / "out") == FIRST
    assert os.listdir(tmp_path) == ["out"]


def test_that_a_real_size_limit_is_told_and_leaves_nothing(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(MachineFailure, match="size limit"):
            write_folder_atomically({"big": bytes(5000)}, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_that_a_read_only_parent_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    try:
        for act in (check_folder, lambda folder: write_folder_atomically(SECOND, folder)):
            with pytest.raises(RefusedInput, match="permission is denied"):
                act(tmp_path / "out")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not os.path.exists("/proc/sys"), reason="needs /proc")
def test_that_a_place_where_nothing_can_be_made_is_refused():
    with pytest.raises(RefusedInput, match=r"^out cannot be written: .*; choose another place"):
        write_folder_atomically(FIRST, "/proc/sys/out")


def test_that_a_kill_at_any_step_leaves_the_old_or_the_new_result_whole(tmp_path):
    write_folder_atomically(FIRST, tmp_path / "out")
    seen = set()
    for when in range(1, 9):
        script = textwrap.dedent(f"""
            import os, signal, sys
            from engine.io import durable
            from pathlib import Path
            steps = 0
            def fatal(call):
                def run(*a, **k):
                    global steps
                    steps += 1
                    if steps == {when}:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return call(*a, **k)
                return run
            durable.shutil.rmtree = fatal(durable.shutil.rmtree)
            os.fsync, durable._swap = fatal(os.fsync), fatal(durable._swap)
            durable.write_folder_atomically({SECOND!r}, Path({str(tmp_path / "out")!r}))
        """)
        subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
        content = _content(tmp_path / "out")
        assert content in (FIRST, SECOND)
        seen.add(content == SECOND)
    assert seen == {True, False}


@pytest.mark.parametrize("write", [write_folder_atomically, written_in_new_folder])
def test_that_what_a_kill_left_is_removed_by_the_next_result_a_day_later(tmp_path, write):
    for name, age_h in (("old.partial", 25), ("young.partial", 23), ("old.earlier", 25)):
        left = tmp_path / f".genu-{name}"
        (left / "meshes").mkdir(parents=True)
        os.utime(left, (time.time() - 3600 * age_h,) * 2)
    write(FIRST, tmp_path / "out")
    assert sorted(os.listdir(tmp_path)) == [".genu-old.earlier", ".genu-young.partial", "out"]


def test_that_writing_syncs_before_it_renames_and_the_folder_after(tmp_path, monkeypatch):
    steps = []
    for call in ("fsync", "rename"):
        real = getattr(os, call)
        monkeypatch.setattr(os, call, lambda *a, real=real, call=call: (steps.append(call), real(*a))[1])
    write_folder_atomically({"one": b"1"}, tmp_path / "out")
    assert steps == ["fsync", "fsync", "rename", "fsync"]


def test_that_a_single_file_is_replaced_or_kept(tmp_path, monkeypatch):
    write_file_atomically(b"one", tmp_path / "film.dcm")
    write_file_atomically(b"two", tmp_path / "film.dcm")
    assert _content(tmp_path) == {"film.dcm": b"two"}
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(MachineFailure, match=r"^film\.dcm could not be written"):
        write_file_atomically(b"three", tmp_path / "film.dcm")
    assert _content(tmp_path) == {"film.dcm": b"two"}
