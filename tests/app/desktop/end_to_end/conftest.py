"""The whole desktop, as `genu` opens it, with an engine process of its own and folders of the test's own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.places import Places
from app.desktop.program import Desktop
from app.desktop.theme.current import ThemeChoice
from tests.app.desktop.end_to_end.planner import Planner

SIZE = 1366, 768


@pytest.fixture(autouse=True)
def only_the_program_is_collected() -> Iterator[None]:
    """What two thousand other tests left in memory is not searched while the GUI thread is watched: 0.2 s a time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder whose path is as long everywhere, since it is shown."""
    with TemporaryDirectory(prefix="genu-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def desktop(place: Path, qapp: QApplication, dressed_as_before: None) -> Iterator[Desktop]:
    """Open, in English and dark."""
    quits, flashing = qapp.quitOnLastWindowClosed(), qapp.cursorFlashTime()
    qapp.setQuitOnLastWindowClosed(False)
    qapp.setCursorFlashTime(0)
    desktop = Desktop(qapp, Places(place / "genu.ini", place / "cases", place / "state"))
    desktop.preferences.change(theme=ThemeChoice.DARK, language="en")
    desktop.open()
    yield desktop
    if desktop.window is not None:
        desktop.window.close()
    desktop.close()
    qapp.setQuitOnLastWindowClosed(quits)
    qapp.setCursorFlashTime(flashing)


@pytest.fixture
def planner(desktop: Desktop, qtbot: QtBot) -> Planner:
    """At the window, which has the keyboard."""
    planner = Planner(desktop, qtbot)
    planner.window.resize(*SIZE)
    planner.window.activateWindow()
    planner.wait(planner.window.isActiveWindow, "the window has the keyboard")
    return planner
