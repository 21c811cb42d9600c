"""Jobs that need no network, run by a real engine process: module-level, since the process imports them by name."""

import os
import signal
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np

from engine.domain import CalibratedPair, MachineFailure, RefusedInput
from engine.progress import Event, Preview, Progress

HERE = "tests.app.engine_process.fake_jobs"


def warm_up() -> str:
    return "warm"


def slow_warm_up() -> str:
    time.sleep(600)
    return "warm"


def dying_warm_up() -> str:
    os.abort()


def counting(total: int, pause_s: float = 0.0) -> Generator[Event, None, int]:
    """Tells of every step, and its own process as the result."""
    yield Progress("sampling", 0, total)
    for step in range(1, total + 1):
        time.sleep(pause_s)
        yield Progress("sampling", step, total)
        yield Preview("sampling", np.full((4, 4, 4), step, np.int16))
    return os.getpid()


def endless(closed: str = "") -> Generator[Event, None, None]:
    """Never ends by itself; writes the file `closed` when it is closed."""
    step = 0
    try:
        while True:
            yield Progress("sampling", step, 1_000_000)
            step += 1
            time.sleep(0.01)
    finally:
        if closed:
            Path(closed).write_text("closed")


def deaf(now: str) -> Generator[Event, None, None]:
    """Tells of its start, and then of nothing for ten minutes; writes the file `now` when it no longer hears."""
    yield Progress("sampling", 0, 1)
    Path(now).write_text("deaf")
    time.sleep(600)


def deaf_native(now: str) -> Generator[Event, None, None]:
    """Deaf, with the interpreter locked as by native code, so that no other thread of its process runs either."""
    yield Progress("sampling", 0, 1)
    import ctypes

    Path(now).write_text("deaf")
    ctypes.PyDLL(None).sleep(600)


def large(size: int) -> Generator[Event, None, dict[str, bytes]]:
    """Files of `size` bytes in all."""
    yield Progress("files", 0, 1)
    return {"ct.nii.gz": bytes(size // 2), "meshes/femur.stl": b"\1" * (size - size // 2)}


def refusing() -> Generator[Event, None, None]:
    yield Progress("model", 0, 1)
    raise RefusedInput("film.dcm is empty; export it again")


def failing() -> Generator[Event, None, None]:
    yield Progress("model", 0, 1)
    raise MachineFailure("sampling: the cpu is out of memory; close other programs")


def broken(secret: str) -> Generator[Event, None, None]:
    yield Progress("model", 0, 1)
    raise KeyError(secret)


def without_disk() -> Generator[Event, None, None]:
    yield Progress("model", 0, 1)
    raise OSError(28, "No space left on device")


def aborting() -> Generator[Event, None, None]:
    yield Progress("sampling", 0, 1)
    os.abort()


def killed() -> Generator[Event, None, None]:
    yield Progress("sampling", 0, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def printing() -> Generator[Event, None, str]:
    """Prints as libraries do, by Python and behind its back."""
    print("noise", flush=True)
    os.write(1, b"noise")
    os.write(2, b"noise")
    yield Progress("model", 1, 1)
    return "heard"


def described(pair: CalibratedPair) -> Generator[Event, None, tuple[float, bool, str, str]]:
    """What arrived of a pair: the sum of a film, whether it is read-only, a provenance, and the side."""
    yield Progress("films", 1, 1)
    film = pair.pair.ap
    provenance = film.provenance["view"].detail
    return float(film.pixels.sum()), not film.pixels.flags.writeable, provenance, pair.side.value
