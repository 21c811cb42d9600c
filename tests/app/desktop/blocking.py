"""How long the GUI thread was away from its events, without the time that the system gave to other processes."""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path

from PySide6.QtCore import QTimer

_EVERY_MS = 5


class Watchdog:
    """longest_s: between two ticks of a timer in the GUI thread, less the wait for a processor (proc(5), schedstat).

    What other tests left in memory is not searched meanwhile; that takes 0.2 s a time and is not the program's.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._schedstat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._last = self._now()
        self._timer = QTimer()
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Watchdog:
        gc.collect()
        gc.freeze()
        self._last = self._now()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._tick()
        self._timer.stop()
        gc.unfreeze()

    def _tick(self) -> None:
        before, self._last = self._last, self._now()
        self.longest_s = max(self.longest_s, self._last - before)

    def _now(self) -> float:
        waited_ns = int(self._schedstat.read_text().split()[1]) if self._schedstat.exists() else 0
        return time.monotonic() - waited_ns / 1e9
