"""`genu` without a command: the desktop, or a plain sentence where it cannot be."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from app.cli import desktop, main
from app.cli.desktop import check_display
from engine.domain import MachineFailure


class Program:
    """Stands in for app.desktop.program."""

    def __init__(self) -> None:
        self.opened: list[Sequence[str]] = []

    def run_desktop(self, places: Sequence[str] = ()) -> int:
        """Only remember."""
        self.opened.append(tuple(places))
        return 0


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What the desktop was opened with, without opening it."""
    program = Program()
    monkeypatch.setattr(desktop, "check_display", lambda environment: None)
    monkeypatch.setattr(desktop, "import_module", lambda name: program)
    return program.opened


def test_that_no_command_opens_the_desktop(opened: list[Sequence[str]]) -> None:
    assert main([]) == 0
    assert opened == [()]


def test_that_the_desktop_is_opened_on_what_is_named(opened: list[Sequence[str]]) -> None:
    assert main(["desktop", "ap.dcm", "lateral.dcm"]) == 0
    assert opened == [("ap.dcm", "lateral.dcm")]


@pytest.mark.parametrize("missing", ["PySide6", "shiboken6"])
def test_that_without_qt_a_sentence_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(name: str) -> object:
        raise ModuleNotFoundError(f"No module named '{missing}'", name=missing)

    monkeypatch.setattr(desktop, "check_display", lambda environment: None)
    monkeypatch.setattr(desktop, "import_module", gone)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "pip install 'genu[desktop]'" in said
    assert said.count("\n") == 1


def test_that_a_bug_in_the_desktop_is_not_taken_for_a_missing_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> object:
        raise ModuleNotFoundError("No module named 'app.desktop.nowhere'", name="app.desktop.nowhere")

    monkeypatch.setattr(desktop, "check_display", lambda environment: None)
    monkeypatch.setattr(desktop, "import_module", broken)
    with pytest.raises(ModuleNotFoundError):
        main([])


def test_that_a_missing_system_library_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unlinked(name: str) -> object:
        raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(desktop, "check_display", lambda environment: None)
    monkeypatch.setattr(desktop, "import_module", unlinked)
    assert main([]) == 1
    assert "libEGL.so.1" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland are Linux's")
def test_that_without_a_screen_a_sentence_comes_instead_of_an_abort() -> None:
    with pytest.raises(MachineFailure, match="no screen here"):
        check_display({})
    with pytest.raises(MachineFailure, match="no screen here"):
        check_display({"QT_QPA_PLATFORM": "xcb"})


def test_that_a_screen_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop, "_answers", lambda: False)
    monkeypatch.setattr(desktop, "_check_libraries", lambda: None)
    with pytest.raises(MachineFailure, match="does not answer"):
        check_display({"DISPLAY": ":77"})


@pytest.mark.parametrize(
    "environment",
    [{"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0"}, {"QT_QPA_PLATFORM": "vnc:size=800x600"}],
)
def test_that_other_screens_are_qts_business(environment: dict[str, str]) -> None:
    check_display(environment)


def test_that_a_missing_x11_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(name: str) -> object:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(desktop.ctypes, "CDLL", lacking)
    with pytest.raises(MachineFailure, match="apt install libxcb1"):
        desktop._check_libraries()
