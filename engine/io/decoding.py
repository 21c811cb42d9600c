"""Decoding untrusted files in child processes: a crash, a hang or a flood of memory ends a child, not Genu.

See docs/adr/0002-pixel-decoding.md.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

import engine
from engine.domain import MachineFailure, RefusedInput
from engine.io.decoded import Decoded, ModalityLut
from engine.io.limits import (
    CHILD_ADDRESS_SPACE,
    CHILD_SECONDS,
    CHILD_SECONDS_PER_SLICE,
    CHILD_STARTING_SECONDS,
    MAGIC,
)
from engine.io.refusals import refused

CHILD_MODULE = "engine.io.decode_child"


def decode_films(paths: Sequence[Path]) -> list[Decoded]:
    """One child for each film, all at once; in the order of `paths`.

    Raises RefusedInput naming the first film that cannot be read, MachineFailure when no child can be started.
    """
    children: list[subprocess.Popen[bytes]] = []
    try:
        children.extend(_start("film", CHILD_SECONDS) for _ in paths)
        _await_ready(children)
        for child, path in zip(children, paths, strict=True):
            _ask(child, [path])
        deadline = time.monotonic() + CHILD_SECONDS
        return [_answers(child, [path], deadline)[0] for child, path in zip(children, paths, strict=True)]
    finally:
        _end(children)


def decode_slices(paths: Sequence[Path]) -> list[Decoded]:
    """One child for all slices of a CT series; in the order of `paths`. Errors as of `decode_films`."""
    seconds = CHILD_SECONDS + CHILD_SECONDS_PER_SLICE * len(paths)
    child = _start("slice", seconds)
    try:
        _await_ready([child])
        _ask(child, paths)
        return _answers(child, paths, time.monotonic() + seconds)
    finally:
        _end([child])


def _start(kind: str, seconds: float) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "PYTHONPATH": str(Path(engine.__file__).parents[1]),
        "OPENBLAS_NUM_THREADS": "1",  # its thread pool would eat the address space
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-s", "-m", CHILD_MODULE, kind, str(CHILD_ADDRESS_SPACE), str(ceil(seconds))]
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
    except OSError as error:
        raise MachineFailure(f"the decoder could not be started ({error.strerror}); close other programs") from error


def _await_ready(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until each has said MAGIC: a busy machine takes seconds to start a child, which no film is to blame for.

    Raises MachineFailure for one that has not said it in time.
    """
    too_late = threading.Timer(CHILD_STARTING_SECONDS, _kill, [children])
    too_late.start()
    try:
        if any(_first_words(child) != MAGIC for child in children):
            raise MachineFailure("the decoder could not be started; run `genu doctor`, or free some memory")
    finally:
        too_late.cancel()
        too_late.join()


def _first_words(child: subprocess.Popen[bytes]) -> bytes:
    """As many bytes as MAGIC has; fewer from a child that has ended."""
    assert child.stdout is not None
    said = b""
    while len(said) < len(MAGIC):
        piece = os.read(child.stdout.fileno(), len(MAGIC) - len(said))  # unbuffered, as `communicate` reads
        if not piece:
            break
        said += piece
    return said


def _ask(child: subprocess.Popen[bytes], paths: Sequence[Path]) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(b"\0".join(os.fsencode(path.absolute()) for path in paths))
        child.stdin.close()
    except BrokenPipeError:
        pass  # the child is gone; the missing answer says so
    child.stdin = None


def _answers(child: subprocess.Popen[bytes], paths: Sequence[Path], deadline: float) -> list[Decoded]:
    """Everything a ready child says until it ends or the time is up; the film it did not answer for is refused."""
    try:
        output, _ = child.communicate(timeout=max(deadline - time.monotonic(), 0.1))
        reason = f"is damaged: the decoder stopped on it ({_ending(child.returncode)})"
    except subprocess.TimeoutExpired as expired:
        output, reason = expired.stdout or b"", "takes too long to decode"
    done = _records(output, paths)
    if len(done) < len(paths):
        raise refused(paths[len(done)].name, reason, "export it again, uncompressed if that is possible")
    return done


def _ending(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


def _records(output: bytes, paths: Sequence[Path]) -> list[Decoded]:
    """The complete records in what a child wrote after MAGIC; raises RefusedInput for the first refusal among them."""
    at, done = 0, []
    while len(done) < len(paths) and at + 8 <= len(output):
        start = at + 8
        at = start + int.from_bytes(output[at:start], "little")
        if at > len(output):
            break
        record = json.loads(output[start:at])
        if "refused" in record:
            raise RefusedInput(record["refused"])
        dtype = np.dtype(record["dtype"])
        size = dtype.itemsize * int(np.prod(record["shape"]))
        if at + size > len(output):
            break
        done.append(_decoded(record, np.frombuffer(output, dtype, size // dtype.itemsize, at), paths[len(done)].name))
        at += size
    return done


def _decoded(record: dict[str, Any], samples: np.ndarray, name: str) -> Decoded:
    lut = record["modality_lut"]
    return Decoded(
        name=name,
        sha256=record["sha256"],
        format=record["format"],
        pixels=samples.reshape(record["shape"]),
        facts=record["facts"],
        modality_lut=ModalityLut(lut["first"], lut["bits"], tuple(lut["entries"])) if lut else None,
    )


def _kill(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.kill()


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    _kill(children)
    for child in children:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.wait()
