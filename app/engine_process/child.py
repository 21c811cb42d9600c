"""The engine process: `python -m app.engine_process.child PARENT WARM_UP`.

PARENT is the process it must not outlive, WARM_UP ("module:function") what it calls first, to be warm and to tell
what it found. Standard input: orders. Standard output: answers; what libraries print goes nowhere, since it could name
a patient.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Generator
from importlib import import_module
from queue import SimpleQueue
from typing import IO, Any

from app.engine_process.messages import Answer, Cancel, Cancelled, Done, Failed, Ready, Run, Told
from app.engine_process.wire import receive, send
from engine.domain import MachineFailure, RefusedInput

_PR_SET_PDEATHSIG = 1  # prctl(2)
_BEHIND_THE_WINDOW = 5  # added to the nice value: the window is drawn first


def main() -> None:
    """Serve one run after the other until the program that started this process ends."""
    parent, warm_up = int(sys.argv[1]), sys.argv[2]
    orders, answers = _private_pipe()
    _end_with(parent)
    _be_modest()
    runs: SimpleQueue[Run] = SimpleQueue()
    cancelled: set[int] = set()
    threading.Thread(target=_listen, args=(orders, runs, cancelled), daemon=True).start()
    _answer(answers, Ready(_named(warm_up)()))
    while True:
        run = runs.get()
        _answer(answers, _served(run, cancelled, answers))
        del run
        _give_back_memory()


def _served(run: Run, cancelled: set[int], answers: IO[bytes]) -> Answer:
    """Run a job to its end; what goes wrong is told and not raised, so that the process stays."""
    try:
        job = _named(run.job)(*run.arguments)
        try:
            return _drained(job, run.number, cancelled, answers)
        finally:
            job.close()
    except (RefusedInput, MachineFailure) as told:
        return Failed(run.number, str(told))
    except MemoryError:
        return Failed(run.number, "This machine ran out of memory; close other programs and try again.")
    except Exception as fault:  # noqa: BLE001  the planner is told, and the next run may succeed
        kind, places = type(fault).__name__, "".join(traceback.format_tb(fault.__traceback__))
        sentence = f"An unforeseen error ({kind}) ended the work in the engine; see Help, Diagnostics."
        return Failed(run.number, sentence, f"{kind}\n{places}")


def _drained(job: Generator[Any, None, Any], number: int, cancelled: set[int], answers: IO[bytes]) -> Answer:
    while number not in cancelled:
        try:
            event = next(job)
        except StopIteration as end:
            return Done(number, end.value)
        _answer(answers, Told(number, event))
    return Cancelled(number)


def _answer(answers: IO[bytes], answer: Answer) -> None:
    try:
        send(answers, answer)
    except OSError:  # nobody listens; not to be taken for a failure of the job
        os._exit(1)


def _listen(orders: IO[bytes], runs: SimpleQueue[Run], cancelled: set[int]) -> None:
    """Take orders; the process ends at once when the program that gives them is gone."""
    try:
        while True:
            order = receive(orders)
            if isinstance(order, Cancel):
                cancelled.add(order.number)
            else:
                runs.put(order)
    finally:
        os._exit(1)


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def _private_pipe() -> tuple[IO[bytes], IO[bytes]]:
    """Both directions, out of the way of anything that reads or prints."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    return orders, answers


def _end_with(parent: int) -> None:
    """Let the kernel end this process with its parent, even while native code keeps every thread of Python waiting."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was faster
        os._exit(1)


def _be_modest() -> None:
    """Behind the window in priority; no core dumps, which would hold a patient's films."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(_BEHIND_THE_WINDOW)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _give_back_memory() -> None:
    """A warm process keeps its model and nothing else: 0.4 GB instead of 2.3 with the model `compact`."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


if __name__ == "__main__":
    main()
