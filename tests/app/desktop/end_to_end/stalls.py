"""How long the GUI thread was away from its events, by what the planner was waiting for meanwhile.

What counts is the time between two beats of a timer in the GUI thread, less two waits that are the machine's and not
the program's (run delay, proc(5) schedstat): that of the GUI thread for a processor, and, while it slept on a lock,
that of the one other thread of the program which was kept from a processor the longest, since it may have held the
lock. On an idle machine both are nothing, and everything counts: Python, Qt, the disk, and the interpreter's lock.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

_TASKS = Path("/proc/self/task")
_EVERY_MS = 10
_TOLD_FROM_S = 0.05
TRACED = bool(os.environ.get("GENU_TRACE_STALLS"))  # says where every thread was, for the price of one that looks


@dataclass(frozen=True, slots=True)
class Stall:
    """seconds: without an event, the waits for a processor taken off.   worked: of these, on the processor.

    waited: seconds for which this thread was kept from a processor, and while it slept another one.
    """

    phase: str
    seconds: float
    worked: float
    waited: float
    where: str = ""

    def __str__(self) -> str:
        told = f"{self.phase}: {1e3 * self.seconds:.0f} ms, {1e3 * self.worked:.0f} of them at work"
        return f"{told} (and {1e3 * self.waited:.0f} ms without a processor){self.where}"


class RunDelays:
    """For how long the threads of this process could have run and were not let, in seconds; 0 where none tells."""

    def __init__(self, thread: int) -> None:
        self._own, self._last = thread, {thread: 0.0}

    def since_last(self) -> tuple[float, float]:
        """Of the thread, and of the other one that was kept waiting the longest, since this was asked before."""
        now = {int(task.name): _run_delay(task) for task in _TASKS.iterdir()} if _TASKS.exists() else {}
        delays = {task: delay - self._last.get(task, delay) for task, delay in now.items()}
        self._last = now
        return delays.pop(self._own, 0.0), max(delays.values(), default=0.0)


def _run_delay(task: Path) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended
        return int((task / "schedstat").read_text().split()[1]) / 1e9
    return 0.0


class Stalls:
    """Of the thread that makes it, which has to have an event loop."""

    def __init__(self) -> None:
        self.all: list[Stall] = []
        self.longest: dict[str, Stall] = {}
        self._phase = ""
        self._delays = RunDelays(threading.get_native_id())
        self._where = ""
        self._at = self._now()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._beat)

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Watch, under a name."""
        self._phase, self._at = phase, self._now()
        self._delays.since_last()
        self._timer.start()
        try:
            with self._tracing():
                yield
                self._beat()
        finally:
            self._timer.stop()

    def call(self, phase: str) -> None:
        """From now on it is another phase."""
        self._beat()
        self._phase = phase

    def _beat(self) -> None:
        before, self._at = self._at, self._now()
        wall, worked = self._at[0] - before[0], self._at[1] - before[1]
        own, others = self._delays.since_last()
        slept = max(wall - worked - own, 0.0)
        waited = own + min(others, slept)
        stall = Stall(self._phase, wall - waited, worked, waited, self._where)
        self._where = ""
        if stall.seconds > _TOLD_FROM_S:
            self.all.append(stall)
        if self._phase not in self.longest or stall.seconds > self.longest[self._phase].seconds:
            self.longest[self._phase] = stall

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.monotonic(), time.thread_time()

    @contextmanager
    def _tracing(self) -> Iterator[None]:
        ended = threading.Event()
        looking = threading.Thread(target=self._look, args=(ended,), daemon=True)
        if TRACED:
            looking.start()
        try:
            yield
        finally:
            ended.set()
            if TRACED:
                looking.join()

    def _look(self, ended: threading.Event) -> None:
        while not ended.wait(0.03):
            if time.monotonic() - self._at[0] > _TOLD_FROM_S:
                stacks = [traceback.format_stack(frame)[-4:] for frame in sys._current_frames().values()]
                self._where = "\n" + "\n".join("".join(stack) for stack in stacks)
