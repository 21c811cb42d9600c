"""One engine process and the two threads that serve it: a keeper that starts it, orders and reaps, and a reader."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import app
from app.engine_process.messages import Answer, Order
from app.engine_process.wire import GONE, receive, send

CHILD_MODULE = "app.engine_process.child"


class EngineProcess:
    """Started when made. `answered` is called with every answer, and `ended` once with a sentence, each in a thread.

    The keeper lives as long as the process: on Linux the process ends with the very thread that started it.
    """

    def __init__(
        self,
        warm_up: str,
        answered: Callable[[EngineProcess, Answer], object],
        ended: Callable[[EngineProcess, str], object],
    ) -> None:
        self._answered, self._ended = answered, ended
        self._orders: SimpleQueue[Order | None] = SimpleQueue()
        self._child: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._lock = threading.Lock()
        self._keeper = threading.Thread(target=self._keep, args=(warm_up,), name="engine-keeper", daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int | None:
        """Of the process, once it has been started."""
        return None if self._child is None else self._child.pid

    @property
    def alive(self) -> bool:
        """Whether a thread of it still runs."""
        return self._keeper.is_alive()

    def order(self, order: Order) -> None:
        """Have an order sent; returns at once."""
        self._orders.put(order)

    def kill(self) -> None:
        """End the process, and whatever it has started, now; returns at once."""
        with self._lock:
            self._killed = True
            if self._child is not None and self._child.poll() is None:
                _kill_group(self._child)
        self._orders.put(None)

    def join(self, seconds: float) -> None:
        """Wait until the threads have ended, which follows the end of the process."""
        self._keeper.join(seconds)

    def _keep(self, warm_up: str) -> None:
        try:
            child = _started(warm_up)
        except OSError as error:
            self._ended(self, f"The engine could not be started ({error.strerror}); close other programs first.")
            return
        with self._lock:
            self._child = child
            if self._killed:
                _kill_group(child)
        assert child.stdin is not None
        assert child.stdout is not None
        reader = threading.Thread(target=self._read, args=(child.stdout,), name="engine-reader", daemon=True)
        reader.start()
        try:
            self._send_orders(child.stdin)
        finally:
            self.kill()
            reader.join()
            self._ended(self, _reaped(child))

    def _send_orders(self, stream: IO[bytes]) -> None:
        for order in iter(self._orders.get, None):
            try:
                send(stream, order)
            except OSError:  # it is gone; the reader knows
                return

    def _read(self, stream: IO[bytes]) -> None:
        try:
            while True:
                self._answered(self, receive(stream))
        except GONE:
            pass  # the keeper finds out why
        finally:
            self.kill()


def _started(warm_up: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", CHILD_MODULE, str(os.getpid()), warm_up]
    environment = os.environ | {"PYTHONPATH": str(Path(app.__file__).parents[1])}
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    apart: dict[str, Any] = {"start_new_session": True}  # an interrupt typed at a terminal goes to the program alone
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        apart = {"creationflags": flags | subprocess.CREATE_NO_WINDOW}
    return subprocess.Popen[bytes](command, stdin=pipe, stdout=pipe, stderr=nothing, env=environment, **apart)


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        child.kill()
        return
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        child.kill()  # reaped, or not yet the leader of its group


def _reaped(child: subprocess.Popen[bytes]) -> str:
    """Wait for the end of a process that has stopped answering; a sentence that says what ended it."""
    for stream in (child.stdin, child.stdout):
        try:
            if stream is not None:
                stream.close()
        except OSError:  # what was still to be sent finds no reader
            pass
    status = child.wait()
    if status == -signal.SIGKILL:
        return (
            "The system ended the engine (SIGKILL), most often because memory ran out;"
            " the case is whole: close other programs and generate again."
        )
    how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    return f"The engine ended unexpectedly ({how}); the case is whole: generate again, on the processor if it recurs."
