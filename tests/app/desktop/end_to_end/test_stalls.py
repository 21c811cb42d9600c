"""The watch on the GUI thread: what holds up the window is seen, and under which phase."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.app.desktop.end_to_end.stalls import Stalls


def test_that_a_slot_that_sleeps_or_computes_is_seen_under_its_phase(qtbot: QtBot) -> None:
    stalls = Stalls()
    with stalls.during("quiet"):
        qtbot.wait(50)
        stalls.call("sleeping")
        QTimer.singleShot(0, lambda: time.sleep(0.15))
        qtbot.wait(50)
        stalls.call("computing")
        QTimer.singleShot(0, lambda: _compute(0.15))
        qtbot.wait(50)
    assert stalls.longest["quiet"].seconds < 0.1
    assert stalls.longest["sleeping"].seconds > 0.14
    assert stalls.longest["sleeping"].worked < 0.1
    assert stalls.longest["computing"].worked > 0.1
    assert {stall.phase for stall in stalls.all} == {"sleeping", "computing"}


def _compute(seconds: float) -> None:
    """So much of the processor's time."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass
