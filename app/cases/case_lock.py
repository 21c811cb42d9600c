"""Who has a case open: any number may look, one may write, and only who is alone may delete or tidy."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.cases.os_lock import try_lock
from engine.domain import RefusedInput
from engine.io.durable import told

_PATIENCE_S = 5.0  # tidying a case takes far less
_PAUSE_S = 0.02


class CaseLock:
    """Two lock files a case: `open`, shared by everybody who looks; `write`, held by the one who may write."""

    def __init__(self, folder: Path, case_id: str) -> None:
        """Wait for one who is alone with the case. Raises RefusedInput where that takes too long."""
        deadline = time.monotonic() + _PATIENCE_S
        while (presence := _locked(folder / f"{case_id}.open", shared=True)) is None:
            if time.monotonic() > deadline:
                raise RefusedInput("The case is being tidied by another window; try again in a moment")
            time.sleep(_PAUSE_S)
        self._descriptors = [presence]
        try:
            writing = _locked(folder / f"{case_id}.write", shared=False)
        except BaseException:
            self.release()
            raise
        self.writing = writing is not None
        if writing is not None:
            self._descriptors.append(writing)

    def release(self) -> None:
        """Let go; a second call does nothing."""
        while self._descriptors:
            os.close(self._descriptors.pop())


@contextmanager
def alone(folder: Path, case_id: str, patience_s: float = 0.0) -> Iterator[bool]:
    """Whether nobody has the case open, and nobody can open it within the `with` block."""
    path = folder / f"{case_id}.open"
    deadline = time.monotonic() + patience_s
    while (descriptor := _locked(path, shared=False)) is None and time.monotonic() < deadline:
        time.sleep(_PAUSE_S)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def forget_locks(folder: Path, case_id: str) -> None:
    """Remove the lock files of a case that is no more. Only for one who is alone with it."""
    for kind in ("write", "open"):
        with suppress(OSError):  # Windows keeps an open file; an empty one does no harm
            (folder / f"{case_id}.{kind}").unlink(missing_ok=True)


def _locked(path: Path, *, shared: bool) -> int | None:
    """A locked descriptor, or None where the lock is held elsewhere."""
    try:
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            held = False
            try:
                held = try_lock(descriptor, shared=shared)
                if not held:
                    return None
                if _still_there(descriptor, path):
                    return descriptor
                held = False  # the file was removed between open and lock, so nobody else would see this lock
            finally:
                if not held:
                    os.close(descriptor)
    except OSError as error:
        raise told("The lock of the case", error) from error


def _still_there(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
