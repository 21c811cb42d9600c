"""What the window's parts share: the open case, its history, background work, and what is said to the planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.cases.document import CaseDocument, Step
from app.cases.store import CaseStore, OpenCase
from app.desktop.background import Background
from engine.domain import MachineFailure, RefusedInput


class Severity(Enum):
    """How loud a message is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the message list: what happened, why, what to do. Plain text, never rich text."""

    severity: Severity
    sentence: str
    details: str = ""


class Session(QObject):
    """The open case and everything that goes with it. All calls in the GUI thread.

    changed: another document stands (opened, edited, undone, redone, closed).   said: a Message for the list.
    wanted: a Step that a page asks the window to show.
    """

    changed = Signal()
    said = Signal(object)
    wanted = Signal(object)

    def __init__(self, store: CaseStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.background = Background(self)
        self._open: OpenCase | None = None

    @property
    def case(self) -> OpenCase | None:
        """The open case."""
        return self._open

    @property
    def document(self) -> CaseDocument | None:
        """The open case as it is now."""
        return None if self._open is None else self._open.document

    @property
    def read_only(self) -> bool:
        """Whether the case is open elsewhere, so that nothing can be changed here."""
        return self._open is not None and self._open.read_only

    def show_case(self, case: OpenCase | None) -> None:
        """Make `case` the open one; the one before is closed."""
        before, self._open = self._open, case
        if before is not None:
            before.close()
        self.background.forget()
        self.changed.emit()

    def accept(self, document: CaseDocument, label: str) -> bool:
        """Save an accepted change durably, then show it; False, with a message, where it could not be saved."""
        return self._durably(lambda case: case.save(document, label))

    def undo(self) -> bool:
        """Back by one accepted change."""
        return self._durably(lambda case: case.undo())

    def redo(self) -> bool:
        """Forward again."""
        return self._durably(lambda case: case.redo())

    def say(self, severity: Severity, sentence: str, details: str = "") -> None:
        """Put a line into the message list."""
        self.said.emit(Message(severity, sentence, details))

    def fail(self, sentence: str) -> None:
        """Put an error into the message list."""
        self.say(Severity.ERROR, sentence)

    def want(self, step: Step) -> None:
        """Ask the window to show a step."""
        self.wanted.emit(step)

    def close(self) -> None:
        """Close the case and wait for the threads."""
        self.background.close()
        if self._open is not None:
            self._open.close()
            self._open = None

    def _durably(self, change: Callable[[OpenCase], object]) -> bool:
        if self._open is None:
            return False
        try:
            change(self._open)
        except (RefusedInput, MachineFailure) as told:
            self.fail(str(told))
            return False
        self.changed.emit()
        return True
