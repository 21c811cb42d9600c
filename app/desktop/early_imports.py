"""What later steps load, loaded while the first one is looked at.

Loading a library keeps the interpreter for up to a quarter of a second at a time, and the window waits for it: while
bones are exported that would be seen, while a planner reads the first page it is not.
"""

from __future__ import annotations

import logging
from importlib import import_module
from threading import Event, Thread

EARLY = (
    "app.desktop.review.page",
    "app.desktop.plan.page",
    "app.desktop.knee.renderer",
    "app.desktop.export.page",
    "app.desktop.report.content",
    "app.desktop.report.pdf",
)

_log = logging.getLogger(__name__)


class EarlyImports:
    """One thread that imports, and stops between two modules when told to; Python must not end within an import."""

    def __init__(self) -> None:
        self._stopped = Event()
        self._thread = Thread(target=self._load, name="early-imports")

    def start(self) -> None:
        """Begin, unless it was stopped before or has begun."""
        if not self._stopped.is_set() and self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Load nothing more, and wait for what is being loaded."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _load(self) -> None:
        for name in EARLY:
            if self._stopped.is_set():
                return
            try:
                import_module(name)
            except ImportError:  # the step that needs it will say so
                _log.exception("%s could not be loaded early", name)
