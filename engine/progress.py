"""Events of a long job. A job is `Generator[Progress | Preview, None, Result]`; closing it cancels it."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a stage: `done` of `total` steps, told before the first (0) and after each one."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The knee as far as it is known. hu: (n, n, n) int16 of one level of the network, right-knee model frame."""

    stage: str
    hu: NDArray[np.int16]


Event = Progress | Preview
Result = TypeVar("Result")
_Event = TypeVar("_Event")


def drain(job: Generator[Event, None, Result]) -> Result:
    """Run a job to its end and return its result."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


class Stopwatch:
    """Seconds a stage, summed where a stage comes again; the time a job rests between two events counts nowhere.

    since: when all of it began, by time.monotonic(); now, where nothing is said.
    """

    def __init__(self, since: float | None = None) -> None:
        self._since = time.monotonic() if since is None else since
        self.seconds: dict[str, float] = {}

    @property
    def total(self) -> float:
        """Seconds since all of it began, rests included."""
        return time.monotonic() - self._since

    @contextmanager
    def stage(self, name: str) -> Generator[None]:
        """Count what runs inside."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.add(name, time.monotonic() - began)

    def add(self, name: str, seconds: float) -> None:
        """Count `seconds` towards stage `name`."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def timed(self, name: str, job: Generator[_Event, None, Result]) -> Generator[_Event, None, Result]:
        """The same job, with its own time counted: towards `name`, or the stage that its last Progress told."""
        try:
            while True:
                try:
                    with self.stage(name):
                        event = next(job)
                except StopIteration as end:
                    return end.value
                name = event.stage if isinstance(event, Progress) else name
                yield event
        finally:
            job.close()
