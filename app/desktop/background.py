"""Work that must not hold up the window: run in a thread, answered in the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from engine.domain import DamagedModel, MachineFailure, RefusedInput

_log = logging.getLogger(__name__)


class _Answer(QObject):
    done = Signal(object)
    failed = Signal(str)


class _Work(QRunnable):
    def __init__(self, call: Callable[[], Any], answer: _Answer) -> None:
        super().__init__()
        self._call, self._answer = call, answer

    @Slot()
    def run(self) -> None:
        """Call, and tell how it ended; a fault that nobody foresaw is told too, or the window would wait for ever."""
        try:
            result = self._call()
        except (RefusedInput, MachineFailure, DamagedModel) as told:
            self._tell(self._answer.failed, str(told))
        except Exception as fault:  # noqa: BLE001
            _log.exception("background work failed")
            self._tell(self._answer.failed, f"An unforeseen error ({type(fault).__name__}); see Help, Diagnostics")
        else:
            self._tell(self._answer.done, result)

    @staticmethod
    def _tell(signal: Any, value: object) -> None:
        try:
            signal.emit(value)
        except RuntimeError:  # the window was closed meanwhile
            _log.info("an answer came after its window was closed")


class Background(QObject):
    """Runs calls in threads. An answer that comes after `forget` is dropped."""

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._waiting: set[_Answer] = set()

    def run(
        self,
        call: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[str], object],
    ) -> None:
        """`call` in a thread; then `done(result)` or `failed(sentence)` in the GUI thread."""
        answer = _Answer(self)
        self._waiting.add(answer)
        answer.done.connect(lambda result: self._answered(answer, done, result))
        answer.failed.connect(lambda sentence: self._answered(answer, failed, sentence))
        self._pool.start(_Work(call, answer))

    def _answered(self, answer: _Answer, to: Callable[[Any], object], value: object) -> None:
        if answer in self._waiting:
            self._waiting.discard(answer)
            answer.deleteLater()
            to(value)

    @property
    def busy(self) -> bool:
        """Whether an answer is still awaited."""
        return bool(self._waiting)

    def forget(self) -> None:
        """Drop every answer that is still to come."""
        self._waiting.clear()

    def close(self) -> None:
        """Drop the answers and wait for the threads to end."""
        self.forget()
        self._pool.clear()
        self._pool.waitForDone()
