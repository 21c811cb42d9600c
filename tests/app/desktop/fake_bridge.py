"""An engine that does nothing by itself: tests say what it tells."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.jobs.machine import Machine


class FakeBridge(QObject):
    """Stands in for EngineBridge."""

    ready = Signal(object)
    progress = Signal(object)
    preview = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.running, self.closed, self.cancels = False, False, 0
        self.pid: int | None = None
        self.machine: Machine | None = Machine(threads=2)

    def prepare(self) -> None:
        """Nothing to warm up."""

    def start(self, *_arguments: object) -> None:
        """Only remember."""
        self.running = True

    def cancel(self) -> None:
        """Answer at once."""
        self.cancels += 1
        self.running = False
        self.cancelled.emit()

    def close(self) -> None:
        """Only remember."""
        self.closed = True
