"""The n-th call that touches the disk: made fatal, or made to fail."""

from __future__ import annotations

import builtins
import os
import signal
from collections.abc import Callable
from types import ModuleType
from typing import Any

CALLS = ("fsync", "replace", "rename", "mkdir", "unlink")


def at_each_call(act: Callable[[str], None], durable: ModuleType, patch: Callable[[Any, str, Any], None]) -> None:
    """Have `act(name)` called before every call of `os` that changes the disk, and amid every write of `durable`."""
    for name in CALLS:
        patch(os, name, _preceded(act, name, getattr(os, name)))

    def opened(path, mode="r", *rest):
        file = builtins.open(path, mode, *rest)  # noqa: SIM115
        if "r" not in mode:
            file = _Torn(file, act)
        return file

    patch(durable, "open", opened)


class _Torn:
    """A file whose write is in two halves, with something happening between them."""

    def __init__(self, file, act):
        self._file, self._act = file, act

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def write(self, content):
        half = len(content) // 2
        self._file.write(content[:half])
        self._file.flush()
        self._act("write")
        self._file.write(content[half:])

    def __getattr__(self, name):
        return getattr(self._file, name)


def _preceded(act, name, real):
    def call(*arguments, **options):
        act(name)
        return real(*arguments, **options)

    return call


def die_at_call(number: int, durable: ModuleType) -> None:
    """Have this process killed at its `number`-th call."""
    left = [number]

    def act(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    at_each_call(act, durable, setattr)
