"""Headers of many files through a process of their own, which may die on any of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path

import app
from engine.domain import MachineFailure
from engine.io.refusals import refused

CHILD_MODULE = "app.desktop.importing.film_search.header_child"
_SECONDS, _SECONDS_A_FILE, _MOST_DEATHS = 20.0, 0.05, 25
_REMEDY = "export it again, uncompressed if that is possible"

Header = dict[str, str]


def read_headers(paths: Sequence[Path], stopped: Callable[[], bool] = lambda: False) -> list[Header]:
    """For each path a dictionary: "refused" with a sentence, or the format and what the header says.

    stopped: asked between processes; what was not read by then is missing at the end of the list.

    Raises MachineFailure when no process can be started.
    """
    found: list[Header] = []
    deaths = 0
    while len(found) < len(paths) and not stopped():
        answered = _ask(paths[len(found) :])
        found += answered
        if len(found) < len(paths):
            deaths += 1
            if deaths > _MOST_DEATHS:
                raise MachineFailure("Too many of these files are damaged; choose the two films themselves")
            found.append({"refused": str(refused(paths[len(found)].name, "is damaged: reading it failed", _REMEDY))})
    return found


def _ask(paths: Sequence[Path]) -> list[Header]:
    """The answers of one process, up to the file it died on."""
    seconds = _SECONDS + _SECONDS_A_FILE * len(paths)
    environment = os.environ | {"PYTHONPATH": _places(), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-s", "-m", CHILD_MODULE, str(ceil(seconds))]
    asked = b"\0".join(os.fsencode(path) for path in paths)
    try:
        done = subprocess.run(
            command, input=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=seconds
        )
    except subprocess.TimeoutExpired as expired:
        return _answers(expired.stdout or b"")
    except OSError as error:
        raise MachineFailure(f"The files cannot be read ({error.strerror}); close other programs") from error
    return _answers(done.stdout)


def _places() -> str:
    """Where the process finds Genu."""
    return str(Path(app.__file__).parents[1])


def _answers(output: bytes) -> list[Header]:
    whole = output[: output.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]
