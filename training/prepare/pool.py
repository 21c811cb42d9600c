"""Work shared among processes: results as they come, and nothing begun any more once nobody waits for it.

`multiprocessing.Pool` is no choice: it waits for ever where the system ends a worker (bpo-22393).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

import torch

from engine.domain import MachineFailure

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def processes(count: int, begin: Callable[..., None] | None = None, *told: Any) -> Iterator[Executor]:
    """Processes for a `with` block, each with one thread. begin: called with `told` in each before its first work.

    Signals to this process's group (Ctrl-C, a scheduler's end) do not reach them; they end with this one, however it
    does. To be entered on the main thread: they end with the thread that started them.

    Raises MachineFailure where the system ended one of them.
    """
    with ProcessPoolExecutor(count, get_context("spawn"), initializer=_begin, initargs=(begin, told)) as pool:
        try:
            wait([pool.submit(_ready) for _ in range(count)])
            yield pool
        except BrokenProcessPool as broken:
            message = "a worker was ended by the system, most likely for its memory; run again with fewer --workers"
            raise MachineFailure(message) from broken


def _begin(begin: Callable[..., None] | None, told: tuple[Any, ...]) -> None:
    torch.set_num_threads(1)
    if sys.platform != "win32":
        os.setpgrp()  # also: a decoder that Ctrl-C ends would make a good series look damaged
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if begin is not None:
        begin(*told)


def _ready() -> None:
    """Work that makes a process start."""


def worked_off(
    work: Callable[[Item], Result], items: Iterable[Item], pool: Executor | None
) -> Generator[Result, None, None]:
    """What `work` returns for every item, in the order in which it is done; to be closed where it is not used up.

    work: pickled on its way to another process. pool: None to work in this one, item by item.
    Raises what `work` raises, and BrokenProcessPool where a worker was ended. Items not begun by then, or when this is
    closed, are cancelled.
    """
    if pool is None:
        yield from map(work, items)
        return
    waiting: set[Future[Result]] = {pool.submit(work, item) for item in items}
    try:
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
    finally:
        for future in waiting:
            future.cancel()
