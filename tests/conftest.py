"""For every test: the data folder where there is one, no thread or process left behind, long files first."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("GENU_DATA", REPOSITORY.parent / "shared" / "data"))

# Servants of multiprocessing that live as long as the interpreter.
_LASTING = ("resource_tracker", "forkserver")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Training's files first: few tests, minutes each. Begun last, one process would wait for the other."""
    items.sort(key=lambda item: REPOSITORY / "tests" / "training" not in item.path.parents)


@pytest.fixture(scope="session")
def data_file() -> Callable[[str], Path]:
    """`data_file("real-knees/D1/ap.dcm")` is that file of the data folder; the test is skipped where it is absent."""

    def find(relative: str) -> Path:
        path = DATA / relative
        if not path.exists():
            pytest.skip(f"needs {relative} of the data folder; set GENU_DATA to it")
        return path

    return find


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the source tree."""
    return REPOSITORY


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A test that leaves a thread or a child process fails."""
    threads, children = set(threading.enumerate()), _children()
    yield
    deadline = time.monotonic() + 2.0
    while time.monotonic() < deadline and (_new_threads(threads) or _children() - children):
        time.sleep(0.01)
    assert not _new_threads(threads), f"threads left behind: {_new_threads(threads)}"
    left = _children() - children
    assert not left, f"processes left behind: {[_command(pid) for pid in left]}"


def _new_threads(before: set[threading.Thread]) -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread not in before and thread.is_alive()}


def _children() -> set[int]:
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        return set()
    pids = {int(pid) for task in tasks.iterdir() for pid in _words(task / "children")}
    return {pid for pid in pids if not any(word in _command(pid) for word in _LASTING)}


def _command(pid: int) -> str:
    return " ".join(_words(Path(f"/proc/{pid}/cmdline"), "\0"))


def _words(path: Path, separator: str | None = None) -> list[str]:
    try:
        return path.read_text().split(separator)
    except (FileNotFoundError, ProcessLookupError):
        return []
