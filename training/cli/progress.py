"""How a long job is told on a terminal or in a log."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TextIO

from engine.progress import Event, Progress, Result


def show(job: Generator[Event, None, Result], stream: TextIO | None = None) -> Result:
    """Plain lines of a job's progress with time elapsed and left; returns the job's result."""
    began, first = time.monotonic(), None
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return end.value
        if not isinstance(event, Progress):
            continue
        first = event.done if first is None else first
        elapsed = time.monotonic() - began
        new = event.done - first
        left = f", {elapsed / new * (event.total - event.done):.0f} s left" if new else ""
        print(f"{event.stage} {event.done}/{event.total}, {elapsed:.0f} s{left}", file=stream, flush=True)
