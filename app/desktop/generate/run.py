"""One generation from the checked films to the saved case; the page and the window only watch it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.cases.document import (
    CaseDocument,
    GeneratedEntry,
    GenerateRequest,
    Step,
    StepState,
    basis_of,
    step_state,
)
from app.desktop.engine_bridge import EngineBridge
from app.desktop.session import Session, Severity
from app.jobs.forecast import Pace, pace_of
from engine.domain import CalibratedPair, LateralBeam, Side
from engine.progress import Progress

if TYPE_CHECKING:
    from app.cases.store import OpenCase

REPORT = "report.json"
READING, SAVING = "reading", "saving"


class RunState(Enum):
    """Of the one run there may be."""

    IDLE = "idle"
    READING = "reading the films"
    RUNNING = "running in the engine"
    CANCELLING = "cancelling"
    SAVING = "saving the result"


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """case, document: as they were at the start; the result belongs to them, whatever changes meanwhile."""

    case: OpenCase
    document: CaseDocument
    request: GenerateRequest
    basis: str

    @property
    def beam(self) -> LateralBeam:
        assert self.document.checked is not None
        return LateralBeam(self.document.checked.beam.value)


@dataclass(frozen=True, slots=True)
class _Stored:
    """blobs: of the files by name.   warnings: of the report.   pace: of the run, by device."""

    blobs: dict[str, str]
    warnings: tuple[str, ...]
    pace: tuple[str, Pace] | None


class GenerateRun(QObject):
    """changed: another state.   told: Progress, of the engine's stages and of `reading` and `saving` around them.

    ended: a sentence that says how, empty for an accepted result.
    """

    changed = Signal()
    told = Signal(object)
    ended = Signal(str)

    def __init__(self, session: Session, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._bridge = session, bridge
        self._run: _Run | None = None
        self.state, self.began = RunState.IDLE, 0.0
        self.paces: dict[tuple[str, str], Pace] = {}
        bridge.progress.connect(self._engine_told)
        bridge.finished.connect(self._finished)
        bridge.failed.connect(self._failed_in_engine)
        bridge.cancelled.connect(self._cancelled)
        session.changed.connect(self._case_changed)

    @property
    def busy(self) -> bool:
        """Whether a run is on its way."""
        return self.state is not RunState.IDLE

    @property
    def side_of_case(self) -> Side:
        """Of the knee that a run would generate now; right where no case is checked."""
        document = self._session.document
        return Side.RIGHT if document is None or document.checked is None else Side(document.checked.side.value)

    def start(self, request: GenerateRequest) -> None:
        """Generate from the session's checked case. Does nothing while a run is on its way or no case is checked."""
        case, document = self._session.case, self._session.document
        if self.state is not RunState.IDLE or case is None or document is None or document.checked is None:
            return
        if self._bridge.running:  # for a page that went
            self._session.say(Severity.INFO, self.tr("The engine is still ending its last run; try again in a moment."))
            return
        run = self._run = _Run(case, document, request, basis_of(document, Step.GENERATE))
        self.began = time.monotonic()
        self._enter(RunState.READING)
        self.told.emit(Progress(READING, 0, 1))
        self._in_background(run, partial(_calibrated, case, document), self._calibrated)

    def cancel(self) -> None:
        """End the run; a result that is being saved stays."""
        if self.state is RunState.READING:
            self._end(self.tr("The generation was cancelled; nothing of it is kept."))
        elif self.state is RunState.RUNNING:
            self._enter(RunState.CANCELLING)
            self._bridge.cancel()

    def close(self) -> None:
        """Give the run up: nobody watches any more, and what is still answered is dropped."""
        if self.state in (RunState.RUNNING, RunState.CANCELLING):
            self._bridge.cancel()
        self._run, self.state = None, RunState.IDLE

    def _calibrated(self, run: _Run, pair: CalibratedPair) -> None:
        self._enter(RunState.RUNNING)
        self._bridge.start(pair, run.request, run.beam)

    @Slot(object)
    def _engine_told(self, progress: Progress) -> None:
        if self.state is RunState.RUNNING:
            self.told.emit(progress)

    @Slot(object)
    def _finished(self, files: dict[str, bytes]) -> None:
        run = self._run
        if run is None:
            return
        self._enter(RunState.SAVING)
        self.told.emit(Progress(SAVING, 0, 1))
        self._in_background(run, partial(_stored, run.case, files), self._accept)

    def _accept(self, run: _Run, stored: _Stored) -> None:
        """Let the result stand in the case, under the basis that it was made from."""
        document = self._session.document
        assert document is not None
        if stored.pace is not None:
            device, pace = stored.pace
            self.paces[run.request.model, device] = pace
        made = replace(document, generated=GeneratedEntry(run.basis, run.request, stored.blobs))
        if not self._session.accept(made, self.tr("Generate")):
            self._end(self.tr("The result could not be saved; the case is as it was before."), told=True)
            return
        for warning in stored.warnings:
            self._session.say(Severity.WARNING, warning)
        self._end("")
        if step_state(made, Step.GENERATE) is StepState.DONE:
            self._session.want(Step.REVIEW)
        else:
            stale = self.tr("The checked films changed while the knee was generated; it is kept and marked as stale.")
            self._session.say(Severity.WARNING, stale)

    @Slot(str)
    def _failed_in_engine(self, sentence: str) -> None:
        if self._run is not None:
            self._fail(self._run, sentence)

    def _fail(self, run: _Run, sentence: str) -> None:  # noqa: ARG002  called as other answers are
        self._session.fail(sentence)
        self._end(sentence, told=True)

    @Slot()
    def _cancelled(self) -> None:
        """By this page or by the job bar."""
        if self._run is not None:
            self._end(self.tr("The generation was cancelled; nothing of it is kept."))

    @Slot()
    def _case_changed(self) -> None:
        """Another case is open: a run for the one before has nowhere to go, nor have answers of its background work."""
        if self._run is None or self._session.case is self._run.case:
            return
        if self.state is RunState.RUNNING:
            self.cancel()
        elif self.state is not RunState.CANCELLING:
            self._end(self.tr("The case was closed before its knee was saved; generate it again."))

    def _in_background(self, run: _Run, call: Callable[[], object], done: Callable) -> None:
        """`call` in a thread; its answer is dropped where the run it belongs to has ended meanwhile."""

        def answer(to: Callable, value: object) -> None:
            if self._run is run:
                to(run, value)

        self._session.background.run(call, partial(answer, done), partial(answer, self._fail))

    def _enter(self, state: RunState) -> None:
        self.state = state
        self.changed.emit()

    def _end(self, sentence: str, told: bool = False) -> None:
        """told: whether the message list has the sentence already."""
        self._run = None
        self._enter(RunState.IDLE)
        if sentence and not told:
            self._session.say(Severity.INFO, sentence)
        self.ended.emit(sentence)


def _calibrated(case: OpenCase, document: CaseDocument) -> CalibratedPair:
    from app.cases.knee import calibrated

    return calibrated(case, document)


def _stored(case: OpenCase, files: dict[str, bytes]) -> _Stored:
    """Keep every file in the case. Errors as of `OpenCase.put`."""
    blobs = {name: case.put(content) for name, content in files.items()}
    report = files.get(REPORT, b"{}")
    warnings = tuple(str(warning) for warning in json.loads(report).get("warnings", ()))
    return _Stored(blobs, warnings, pace_of(report))
