"""The findings of `genu doctor`, from a process of its own: it asks drivers and PyTorch, which hold up a window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import app
from engine.domain import MachineFailure

_SECONDS = 300.0
_RUN = "import sys; from app.cli import main; sys.exit(main(['doctor', '--json']))"


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as `genu doctor --json` prints it. state: ok, warning or failure."""

    name: str
    value: str
    state: str
    advice: str


def doctor_command() -> list[str]:
    """What runs `genu doctor --json` with this very program; a frozen one has no interpreter beside it."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "doctor", "--json"]
    return [sys.executable, "-c", _RUN]


class Doctor:
    """One run of it, which can be ended from another thread."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._ended, self._lock = False, threading.Lock()

    def rows(self) -> list[Row]:
        """Run it. Takes seconds; never in the GUI thread.

        Raises MachineFailure when it cannot be run or does not answer.
        """
        try:
            findings = json.loads(self._answer())["findings"]
        except (OSError, subprocess.TimeoutExpired, ValueError, KeyError) as error:
            raise MachineFailure("The diagnostics could not be run; run `genu doctor` in a terminal instead") from error
        return [Row(row["name"], row["value"], row["state"], row["advice"]) for row in findings]

    def end(self) -> None:
        """Give it up: nobody waits for its answer any more."""
        with self._lock:
            self._ended = True
            if self._child is not None:
                self._child.kill()

    def _answer(self) -> str:
        environment = os.environ | {"PYTHONPATH": str(Path(app.__file__).parents[1])}
        with self._lock:
            if self._ended:
                return ""
            pipe = subprocess.PIPE
            self._child = subprocess.Popen(doctor_command(), stdout=pipe, stderr=pipe, text=True, env=environment)
        with self._child as child:
            try:
                return child.communicate(timeout=_SECONDS)[0]
            finally:
                child.kill()
