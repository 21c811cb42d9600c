"""The one thread in which VTK lives. Its renders let other threads run, so the window never waits for a picture."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable

_log = logging.getLogger(__name__)


class RenderThread:
    """Does calls one after another. Of calls with the same key only the latest that has not begun is done."""

    def __init__(self) -> None:
        self._calls: dict[Hashable, Callable[[], object]] = {}
        self._wake = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="genu-render", daemon=True)
        self._thread.start()

    def submit(self, key: Hashable, call: Callable[[], object]) -> None:
        """Do `call` in the thread, after what was submitted before."""
        with self._wake:
            self._calls.pop(key, None)
            self._calls[key] = call
            self._wake.notify()

    def pending(self, key: Hashable) -> bool:
        """Whether a call with that key waits: what is being done for it is out of date."""
        return key in self._calls

    def drop(self, key: Hashable) -> None:
        """Forget a call that has not begun."""
        with self._wake:
            self._calls.pop(key, None)

    def close(self) -> None:
        """Do what was submitted, then end."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._calls or self._ending)
                if not self._calls:
                    return
                call = self._calls.pop(next(iter(self._calls)))
            try:
                call()
            except Exception:  # noqa: BLE001  one picture is lost, not all that follow
                _log.exception("a call of the render thread failed")


_shared: RenderThread | None = None
_holders = 0


def hold_thread() -> RenderThread:
    """The shared thread, started by its first holder. In the GUI thread only; answer each by `release_thread`."""
    global _shared, _holders
    if _shared is None:
        _shared = RenderThread()
    _holders += 1
    return _shared


def release_thread() -> None:
    """The thread ends with its last holder."""
    global _shared, _holders
    _holders -= 1
    if _holders == 0 and _shared is not None:
        _shared.close()
        _shared = None
