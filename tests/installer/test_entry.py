"""The frozen program in the place of the interpreter that its children are started with."""

import io
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from app import cli
from app.cli import doctor
from app.desktop.importing.film_search import headers
from app.engine_process import process
from engine.io import decoding

CHILD_MODULES = (headers.CHILD_MODULE, process.CHILD_MODULE, decoding.CHILD_MODULE, doctor.DRAWING_MODULE)


class Started(Exception):
    """A process would have been started."""


@pytest.fixture
def commands(monkeypatch):
    """Command lines of the processes that would have been started."""
    seen = []

    class Recorder:
        def __class_getitem__(cls, _kind):
            return cls

        def __init__(self, command, **_options):
            seen.append(command)
            raise Started

    monkeypatch.setattr(subprocess, "Popen", Recorder)
    return seen


def test_that_every_child_of_the_program_is_answered_by_its_frozen_self(entry, commands, tmp_path):
    starts = (
        lambda: process._started("app.jobs.machine:look"),
        lambda: decoding.decode_films([tmp_path]),
        lambda: decoding.decode_slices([tmp_path]),
        lambda: headers.read_headers([tmp_path]),
        lambda: list(doctor._renderer()),
    )
    for start in starts:
        with pytest.raises(Started):
            start()
    modules = [entry.child_in(command[1:])[0] for command in commands]
    assert [command[0] for command in commands] == [sys.executable] * 5
    assert set(modules) == set(CHILD_MODULES) == set(entry.CHILDREN)


def test_that_every_child_has_a_main_to_call(entry):
    for module in entry.CHILDREN:
        spec = find_spec(module)
        assert spec is not None
        assert "\ndef main() -> None:" in Path(spec.origin).read_text()


def test_that_a_child_gets_the_words_meant_for_it(entry):
    words = ["-s", "-m", "engine.io.decode_child", "film", "1", "2"]
    assert entry.child_in(words) == ("engine.io.decode_child", ["film", "1", "2"])
    assert entry.child_in(words[1:]) == ("engine.io.decode_child", ["film", "1", "2"])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["generate", "-m", "x"],
        ["-m"],
        ["-s", "-m"],
        ["-m", "os"],
        ["-m", "timeit", "import os"],
        ["-c", "1"],
        ["-s"],
    ],
)
def test_that_whatever_else_is_said_is_said_to_the_program(entry, words):
    assert entry.child_in(words) == ("", words)


def test_that_the_frozen_program_is_the_command_line(entry, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["genu", "doctor"])
    monkeypatch.setattr(entry, "leave_the_environment_clean", lambda environment: None)
    monkeypatch.setattr(cli, "main", lambda: 7)
    assert entry.main() == 7


def test_that_a_child_answers_through_the_frozen_program(entry, folder, tmp_path):
    """What the boot loader runs, run by an interpreter."""
    missing = tmp_path / "missing.dcm"
    command = [sys.executable, str(folder / "entry.py"), "-s", "-m", headers.CHILD_MODULE, "20"]
    child = subprocess.run(
        command, input=bytes(missing), capture_output=True, check=True, env={"PYTHONPATH": headers._places()}
    )
    assert b"missing.dcm" in child.stdout
    assert io.BytesIO(child.stdout).readline().startswith(b'{"refused"')


@pytest.mark.parametrize(("before", "after"), [({}, {}), ({"LD_LIBRARY_PATH_ORIG": "/a"}, {"LD_LIBRARY_PATH": "/a"})])
def test_that_programs_started_by_genu_do_not_load_its_libraries(entry, before, after):
    set_by_pyinstaller = {"LD_LIBRARY_PATH": "/opt/genu/_internal", "QT_PLUGIN_PATH": "/x", "QML2_IMPORT_PATH": "/y"}
    environment = {"HOME": "/h", **set_by_pyinstaller, **before}
    entry.leave_the_environment_clean(environment)
    assert environment == {"HOME": "/h", "PYINSTALLER_RESET_ENVIRONMENT": "1", **after}
