"""Diagnostics: the window says what `genu doctor` says."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.desktop.frame import doctor_report
from app.desktop.frame.diagnostics import DiagnosticsDialog
from app.desktop.frame.doctor_report import Doctor, Row, doctor_command
from engine.domain import MachineFailure

PATIENCE_MS = 300_000
ROWS = [
    Row("genu", "1.0 on Python 3.13", "ok", ""),
    Row("memory", "1.0 GiB free", "warning", "Genu wants 4 GiB"),
    Row("model <b>", "weights.safetensors: wrong hash", "failure", "install Genu again"),
]


def test_that_the_findings_are_shown_and_copied(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Doctor, "rows", lambda _self: ROWS)
    dialog = DiagnosticsDialog(None)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 3)
    shown = [[dialog.table.item(row, column).text() for column in range(3)] for row in range(3)]
    assert shown == [
        ["genu", "Good", "1.0 on Python 3.13"],
        ["memory", "Warning", "1.0 GiB free; Genu wants 4 GiB"],
        ["model <b>", "Failure", "weights.safetensors: wrong hash; install Genu again"],
    ]
    assert dialog.status.text() == "Something keeps Genu from its job."
    assert not dialog.busy.isVisible()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[1] == "memory\twarning\t1.0 GiB free\tGenu wants 4 GiB"
    dialog.accept()


def test_that_a_doctor_that_cannot_run_is_said(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_report, "doctor_command", lambda: [sys.executable, "-c", "raise SystemExit(3)"])
    dialog = DiagnosticsDialog(None)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: "could not be run" in dialog.status.text(), timeout=PATIENCE_MS)
    dialog.accept()


def test_that_a_frozen_program_asks_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert doctor_command() == [sys.executable, "doctor", "--json"]
    monkeypatch.setattr(sys, "executable", "/bin/echo")
    with pytest.raises(MachineFailure, match="genu doctor"):
        Doctor().rows()


@pytest.mark.alone
def test_that_closing_does_not_wait_for_the_doctor(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = [sys.executable, "-c", "import time; time.sleep(120)"]
    monkeypatch.setattr(doctor_report, "doctor_command", lambda: asleep)
    dialog = DiagnosticsDialog(None)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog._doctor._child is not None, timeout=PATIENCE_MS)
    began = time.monotonic()
    dialog.accept()
    assert time.monotonic() - began < 10.0


@pytest.mark.slow
def test_that_the_window_and_the_command_line_find_the_same() -> None:
    told = subprocess.run(doctor_command(), capture_output=True, text=True, timeout=300, check=False).stdout
    names = [finding["name"] for finding in json.loads(told)["findings"]]
    assert [row.name for row in Doctor().rows()] == names
    assert "torch backend" in names
