"""The engine process as Qt sees it: its answers become signals in the GUI thread, and no call here waits."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.cases.document import GenerateRequest
from app.engine_process import Answer, Done, EngineClient, Failed, Ready, Told
from app.engine_process.client import MACHINE
from app.jobs.machine import Machine
from app.jobs.models import model_folder
from engine.domain import CalibratedPair, LateralBeam, RefusedInput
from engine.progress import Preview, Progress

_log = logging.getLogger(__name__)

KNEE = "app.jobs.knee_job:knee_files"


class JobBridge(QObject):
    """Runs one job at a time in an engine process that stays warm. A run ends in exactly one of the last three.

    ready: what the process found when it started, or None after it died while nothing ran.
    """

    ready = Signal(object)
    progress = Signal(object)
    preview = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None, warm_up: str = MACHINE) -> None:
        super().__init__(parent)
        self._client = EngineClient(self._hear, warm_up)
        self._running, self._cancelling, self._closed = False, False, False
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """Whether a job was started and its end has not been told."""
        return self._running

    @property
    def pid(self) -> int | None:
        """Of the engine process, where there is one."""
        return self._client.pid

    def prepare(self) -> None:
        """Start the process ahead of the first job; `ready` follows."""
        self._client.prepare()

    def run(self, job: str, *arguments: Any) -> None:
        """Start a job ("module:function"). Raises RuntimeError while another one runs."""
        if self._running:
            raise RuntimeError("the engine already runs a job")
        self._client.start(job, *arguments)
        self._running, self._cancelling = True, False

    def cancel(self) -> None:
        """End the job; `cancelled` follows within two seconds, by ending the process if need be."""
        self._cancelling = self._running
        self._client.cancel()

    def close(self) -> None:
        """End the process and its threads; no signal comes after."""
        self._closed = True
        self._client.close()

    def _hear(self, answer: Answer) -> None:
        """Called in threads of the client."""
        try:
            self._heard.emit(answer)
        except RuntimeError:  # the window was closed meanwhile
            _log.info("an answer of the engine came after its window was closed")

    @Slot(object)
    def _tell(self, answer: Answer) -> None:
        if self._closed:
            return
        match answer:
            case Told(event=Progress() as event):
                self.progress.emit(event)
            case Told(event=Preview() as event):
                self.preview.emit(event)
            case Ready(found=found):
                self._settle(found)
            case Failed(number=0, sentence=sentence):
                _log.error("the engine ended while idle: %s", sentence)
                self._settle(None)
            case _:
                self._running = False
                self._end(answer)

    def _end(self, answer: Answer) -> None:
        match answer:
            case _ if self._cancelling:  # it may have ended otherwise just before
                self.cancelled.emit()
            case Done(result=result):
                self.finished.emit(result)
            case Failed(sentence=sentence, details=details):
                if details:
                    _log.error("a job of the engine failed: %s", details)
                self.failed.emit(sentence)

    def _settle(self, found: object) -> None:
        self.ready.emit(found)


class EngineBridge(JobBridge):
    """Generates knees. progress: engine.progress.Progress.   preview: engine.progress.Preview, one a level and step.

    finished: dict[str, bytes], the files of the result.   failed: a sentence, also after the process died.
    """

    def __init__(self, parent: QObject | None = None, warm_up: str = MACHINE, job: str = KNEE) -> None:
        super().__init__(parent, warm_up)
        self._job = job
        self._machine: Machine | None = None
        self.cancelled.connect(self.prepare)  # warm again for the next run

    @property
    def machine(self) -> Machine | None:
        """What the engine found; None until it has told."""
        return self._machine

    def start(self, calibrated: CalibratedPair, request: GenerateRequest, beam: LateralBeam) -> None:
        """Generate. A model that is not at hand is told by `failed`. Raises RuntimeError while a job runs."""
        try:
            folder: Path = model_folder(request.model)
        except RefusedInput as refusal:
            self.failed.emit(str(refusal))
            return
        self.run(self._job, calibrated, folder, request, beam)

    def _settle(self, found: object) -> None:
        self._machine = found if isinstance(found, Machine) else None
        super()._settle(found)
