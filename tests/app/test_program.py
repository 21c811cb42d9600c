"""The program as a whole: its help, its table of commands, and how a run may end."""

import argparse
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from app.cli import main, program
from engine.domain import DamagedModel, MachineFailure, RefusedInput

PROGRAM = "import sys; from app.cli import main; sys.exit(main())"


def ends_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Exit status of a command that raises `error`."""

    def run(arguments: argparse.Namespace) -> int:
        raise error

    def add(commands: argparse._SubParsersAction) -> None:
        commands.add_parser("doctor").set_defaults(run=run)

    monkeypatch.setattr(program, "COMMANDS", {"doctor": add})
    return main(["doctor"])


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RefusedInput("film.dcm is empty; export it again"), 2),
        (DamagedModel("weights.safetensors: wrong hash; copy it again"), 2),
        (MachineFailure("out: the disk is full; free some space"), 1),
        (MemoryError(), 1),
        (OSError(28, "No space left on device", "out/ct.nii.gz"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_that_every_expected_end_is_one_sentence_and_its_status(
    error: BaseException, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends_with(monkeypatch, error) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("genu: ")
    assert said.err.count("\n") == 1


def test_that_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        ends_with(monkeypatch, ZeroDivisionError())


def test_that_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert all(command in said for command in ("generate", "evaluate", "drr", "doctor", "desktop", "train"))
    assert "research only" in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["operate"], "invalid choice: 'operate'"),
        (["generate", "--steps", "many"], "--steps"),
        (["generate", "--device", "abacus"], "--device"),
        (["evaluate"], "required"),
    ],
)
def test_that_a_wrong_word_is_answered_in_one_line_with_status_two(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.count("\n") == 1


def greet(commands: argparse._SubParsersAction) -> None:
    """The `genu.commands` function of an installed package."""
    commands.add_parser("greet").set_defaults(run=lambda arguments: 7)


def test_that_a_package_brings_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    class Greeting(EntryPoint):
        def load(self) -> Callable:
            return greet

    found = EntryPoints([Greeting("greet", "greeting:add", "genu.commands")])
    monkeypatch.setattr(program, "entry_points", lambda group: found)
    assert main(["greet"]) == 7


def test_that_a_built_in_command_looks_for_no_plug_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def surprise(group: str) -> EntryPoints:
        raise AssertionError("looked for plug-ins")

    monkeypatch.setattr(program, "entry_points", surprise)
    monkeypatch.setattr(program, "COMMANDS", {"greet": greet})
    assert main(["greet"]) == 7


def test_that_help_comes_at_once_and_loads_nothing_heavy(repository: Path) -> None:
    code = f"import sys; sys.argv = ['genu', '--help']; {PROGRAM.replace('sys.exit(main())', '')}\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += "heavy = ('torch', 'scipy', 'vtkmodules', 'nanodrr', 'timm', 'pydicom', 'PySide6')\n"
    code += "print([m for m in heavy if m in sys.modules])"

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert child.stdout.splitlines()[-1] == "[]"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0  # 0.3 s on an idle machine


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_that_a_signal_unwinds_the_command(number: signal.Signals, status: int, repository: Path) -> None:
    code = """
import argparse, signal, sys, time
from app.cli import main, program
def run(arguments):
    try:
        print("running", flush=True); time.sleep(30)
    finally:
        print("unwound", flush=True)
signal.signal(signal.SIGINT, signal.default_int_handler)
program.COMMANDS["doctor"] = lambda commands: commands.add_parser("doctor").set_defaults(run=run)
sys.exit(main(["doctor"]))
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=repository, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "running\n"
        os.kill(child.pid, number)
        assert child.stdout.readline() == "unwound\n"
        assert child.wait(10) == status
