"""Events of a long job. A job is `Generator[Progress | Preview, None, Result]`; closing it cancels it."""

from __future__ import annotations

from collections.abc import Generator
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
    """The knee as far as it is known. hu: (I, J, K) int16 of the level the stage works at, right-knee model frame."""

    stage: str
    hu: NDArray[np.int16]


Event = Progress | Preview
Result = TypeVar("Result")


def drain(job: Generator[Event, None, Result]) -> Result:
    """Run a job to its end and return its result."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value
