"""The findings of `genu doctor`, from a process of its own: it asks drivers and PyTorch, which hold up a window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


def doctor_rows() -> list[Row]:
    """Run it. Takes seconds; never in the GUI thread.

    Raises MachineFailure when it cannot be run or does not answer.
    """
    environment = os.environ | {"PYTHONPATH": str(Path(app.__file__).parents[1])}
    try:
        done = subprocess.run(
            doctor_command(), capture_output=True, text=True, timeout=_SECONDS, env=environment, check=False
        )
        findings = json.loads(done.stdout)["findings"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError) as error:
        raise MachineFailure("The diagnostics could not be run; run `genu doctor` in a terminal instead") from error
    return [Row(row["name"], row["value"], row["state"], row["advice"]) for row in findings]
