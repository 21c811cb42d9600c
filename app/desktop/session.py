"""What the window's parts share: the open case, its history, background work, and what is said to the planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.cases.document import CaseDocument, Step
from app.cases.store import CaseStore, OpenCase
from app.desktop.background import Background
from app.desktop.next_step import next_step
from app.desktop.parts.spoken import spoken
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


def at_once(leave: Callable[[], object]) -> None:
    """Leave the open case without a question."""
    leave()


class Session(QObject):
    """The open case and everything that goes with it. All calls in the GUI thread.

    changed: another document stands (opened, edited, undone, redone, closed).   said: a Message for the list.
    wanted: a Step that a page asks the window to show.

    guard: is given what closes the open case, and calls it unless the planner would rather not lose what runs.
    """

    changed = Signal()
    said = Signal(object)
    wanted = Signal(object)

    def __init__(self, store: CaseStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.background = Background(self)
        self.guard: Callable[[Callable[[], object]], object] = at_once
        self._open: OpenCase | None = None
        self._opening, self._wish = Background(self, threads=1), 0  # its answers are of no case that is open yet
        self._arrived: set[OpenCase] = set()

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

    def open_case(self, case_id: str, then: Callable[[OpenCase], object] | None = None) -> None:
        """Open a case in a thread and show it; a later wish overrules this one.

        then: called with the case once it is shown; without it, the step where the case stands is shown.
        """
        self.guard(lambda: self._begin_to_open(case_id, then or self._go_on))

    def _begin_to_open(self, case_id: str, then: Callable[[OpenCase], object]) -> None:
        self._wish += 1
        wish = self._wish
        show = partial(self._show_fetched, wish, then)
        self._opening.run(lambda: self._fetched(case_id), show, self.fail)

    def _fetched(self, case_id: str) -> tuple[OpenCase, str]:
        """Called in a thread: the case, and what is wrong with it."""
        case = self.store.open(case_id)
        self._arrived.add(case)
        return case, case.damage

    def _show_fetched(self, wish: int, then: Callable[[OpenCase], object], found: tuple[OpenCase, str]) -> None:
        case, damage = found
        self._arrived.discard(case)
        if wish != self._wish:
            case.close()
            return
        self.show_case(case)
        if damage:
            self.say(Severity.WARNING, damage)
        then(case)

    def _go_on(self, case: OpenCase) -> None:
        self.want(next_step(case.document))

    def show_case(self, case: OpenCase | None) -> None:
        """Make `case` the open one; the one before is closed."""
        self._wish += 1
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
        """Put a line into the message list; what the engine says in English, in the planner's language."""
        self.said.emit(Message(severity, spoken(sentence), details))

    def fail(self, sentence: str) -> None:
        """Put an error into the message list."""
        self.say(Severity.ERROR, sentence)

    def want(self, step: Step) -> None:
        """Ask the window to show a step."""
        self.wanted.emit(step)

    def close(self) -> None:
        """Close the case and wait for the threads."""
        self.background.close()
        self._opening.close()
        while self._arrived:
            self._arrived.pop().close()
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
