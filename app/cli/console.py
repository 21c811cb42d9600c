"""Draining a long job before a person: bars on a terminal, plain lines otherwise."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Protocol, TextIO

from engine.progress import Event, Progress, Result

_imported = time.monotonic()


class Display(Protocol):
    """Where progress is shown."""

    def show(self, progress: Progress) -> None:
        """Show how far a stage is."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class Bars:
    """One bar a stage, with elapsed and remaining time."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._tasks = {}
        self._bars = RichProgress(
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("elapsed"),
            TimeElapsedColumn(),
            TextColumn("remaining"),
            TimeRemainingColumn(),
            console=Console(file=stream),
        )
        self._bars.start()

    def show(self, progress: Progress) -> None:
        """Show how far a stage is."""
        if progress.stage not in self._tasks:
            self._tasks[progress.stage] = self._bars.add_task(progress.stage, total=progress.total)
        self._bars.update(self._tasks[progress.stage], completed=progress.done, total=progress.total)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._bars.stop()


class Lines:
    """One line a step, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started: dict[str, float] = {}

    def show(self, progress: Progress) -> None:
        """Show how far a stage is."""
        now = time.perf_counter()
        elapsed = now - self._started.setdefault(progress.stage, now)
        line = f"{progress.stage} {progress.done}/{progress.total}, {elapsed:.1f} s elapsed"
        if 0 < progress.done < progress.total:
            line += f", {elapsed / progress.done * (progress.total - progress.done):.1f} s remaining"
        print(line, file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing to restore."""


def drain_visibly(job: Generator[Event, None, Result], stream: TextIO | None = None) -> Result:
    """Run a job to its end, showing progress on `stream` (standard error).

    The job is closed however this ends, so that an interrupt leaves nothing running.
    """
    shown_on: TextIO = stream or sys.stderr
    display: Display = Bars(shown_on) if shown_on.isatty() else Lines(shown_on)
    try:
        while True:
            try:
                event = next(job)
            except StopIteration as end:
                return end.value
            if isinstance(event, Progress):
                display.show(event)
    finally:
        job.close()
        display.close()


def process_seconds() -> float:
    """Wall time since this process was started; since this module was imported where the kernel does not tell."""
    statistics = Path("/proc/self/stat")
    if not statistics.exists():
        return time.monotonic() - _imported
    # proc(5): field 22 is the start time in clock ticks since boot; the name before it may hold spaces.
    started = int(statistics.read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
