"""Work shared among processes: results as they come, and nothing begun any more once nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


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
