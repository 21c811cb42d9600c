"""What program and engine process say to each other: two closed unions, orders there and answers back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.progress import Event


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Run a job. number: of the run, 1 or more.   job: "module:function", the function makes the generator."""

    number: int
    job: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Close the job of that run."""

    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """The process is warm. found: what its warm-up returned."""

    found: Any


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An event of the job."""

    number: int
    event: Event


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """The job's result, whole."""

    number: int
    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The job ended without a result. sentence: for people.   details: where in the code, free of any value.

    number: 0 when the process ended while no job ran.
    """

    number: int
    sentence: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job was closed as asked, or its process ended."""

    number: int


Order = Run | Cancel
Answer = Ready | Told | Done | Failed | Cancelled
