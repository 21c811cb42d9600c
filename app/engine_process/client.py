"""The program's side of the engine process: start a job, hear of it, cancel it, and never wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from app.engine_process.messages import Answer, Cancel, Cancelled, Failed, Ready, Run, Told
from app.engine_process.process import EngineProcess

MACHINE = "app.jobs.machine:look"

# A cancelled job has this long to close itself, so that with the end of its process two seconds are kept.
GRACE_S = 1.5
_JOIN_S = 10.0


class EngineClient:
    """Runs one job at a time in a process that stays warm, and in a new one after it ended. No call here waits.

    tell: called with every answer, in order and one at a time, in threads of the client's own; it must not wait
        either. A run ends with exactly one of Done, Failed and Cancelled, after which nothing more is told of it.
    warm_up: "module:function", called in every new process; Ready tells what it returned.
    grace_s: how long a cancelled job has to close itself before its process is ended.
    """

    def __init__(self, tell: Callable[[Answer], object], warm_up: str = MACHINE, grace_s: float = GRACE_S) -> None:
        self._tell, self._warm_up, self._grace_s = tell, warm_up, grace_s
        self._lock = threading.RLock()
        self._process: EngineProcess | None = None
        self._ending: list[EngineProcess] = []
        self._runs, self._running = 0, 0
        self._insisting: threading.Timer | None = None

    @property
    def running(self) -> bool:
        """Whether a job was started and has not ended."""
        return self._running > 0

    @property
    def pid(self) -> int | None:
        """Of the engine process, where there is one."""
        process = self._process
        return None if process is None else process.pid

    def prepare(self) -> None:
        """See to it that a process is there or on its way; its warm-up is told as Ready."""
        with self._lock:
            self._warm_process()

    def start(self, job: str, *arguments: Any) -> int:
        """Run `job` ("module:function" of a generator function) and return the number of the run.

        Raises RuntimeError while another one runs.
        """
        with self._lock:
            if self._running:
                raise RuntimeError("the engine already runs a job")
            self._runs += 1
            self._running = self._runs
            self._warm_process().order(Run(self._running, job, arguments))
            return self._running

    def cancel(self) -> None:
        """Close the job that runs; Cancelled is told within two seconds, even if it ended otherwise meanwhile."""
        with self._lock:
            if not self._running or self._process is None or self._insisting is not None:
                return
            self._process.order(Cancel(self._running))
            self._insisting = threading.Timer(self._grace_s, self._insist, [self._running])
            self._insisting.daemon = True
            self._insisting.start()

    def close(self) -> None:
        """End the process and wait until it and every thread are gone; nothing more is told."""
        with self._lock:
            self._running = 0
            timer = self._no_longer_insisting()
            if self._process is not None:
                self._end_process()
            ending, self._ending = self._ending, []
        if timer is not None and timer is not threading.current_thread():
            timer.join(_JOIN_S)
        for process in ending:
            process.join(_JOIN_S)

    def _warm_process(self) -> EngineProcess:
        if self._process is None:
            self._ending = [process for process in self._ending if process.alive]
            self._process = EngineProcess(self._warm_up, self._answered, self._ended)
        return self._process

    def _answered(self, process: EngineProcess, answer: Answer) -> None:
        with self._lock:
            if process is not self._process or not (isinstance(answer, Ready) or answer.number == self._running):
                return  # of a process or a run that was given up
            if not isinstance(answer, Ready | Told):
                answer = Cancelled(self._running) if self._insisting is not None else answer
                self._running = 0
                self._no_longer_insisting()
            self._tell(answer)

    def _ended(self, process: EngineProcess, sentence: str) -> None:
        with self._lock:
            if process is not self._process:
                return
            number, cancelling = self._running, self._insisting is not None
            self._process, self._running = None, 0
            self._ending.append(process)
            self._no_longer_insisting()
            self._tell(Cancelled(number) if cancelling else Failed(number, sentence))

    def _insist(self, number: int) -> None:
        """The job did not close itself: end its process."""
        with self._lock:
            if number == self._running and self._process is not None:
                self._end_process()
                self._running, self._insisting = 0, None
                self._tell(Cancelled(number))

    def _end_process(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._ending.append(self._process)
        self._process = None

    def _no_longer_insisting(self) -> threading.Timer | None:
        timer, self._insisting = self._insisting, None
        if timer is not None:
            timer.cancel()
        return timer
