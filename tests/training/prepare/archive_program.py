"""Prepares an archive with films that cost nothing, and kills itself where it is told to.

`python -m tests.training.prepare.archive_program ARCHIVE OUT STAGE DONE`.
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np

from engine.progress import Progress
from training.prepare import series_job
from training.prepare.archive import ArchiveRequest, prepare_archive
from training.simulate.case import SimulatedCase


def cheap_case(knee, seed: int) -> SimulatedCase:
    """A small stand-in that depends on the knee and the seed."""
    hu = np.ascontiguousarray(knee.ct.hu[30:38, 30:38, 30:38]) + np.int16(seed % 97)
    cameras = np.stack([np.eye(4, dtype=np.float32)] * 2)
    occupancy = np.stack([hu > 300] * 4).astype(np.uint8)
    return SimulatedCase(hu, occupancy, np.zeros((2, 5, 4, 4), np.float16), cameras, np.ones(2, np.float32))


def request_of(archive: Path, out: Path, **changes) -> ArchiveRequest:
    """Small shards, all of them for training, hashes by a known secret beside the archive."""
    values = {"shares": (1.0, 0.0, 0.0), "salt": archive.parent / "salt", "per_knee": 2, "shard_mb": 0.015}
    return ArchiveRequest((archive,), out, **{**values, **changes})


if __name__ == "__main__":
    series_job.simulate_case = cheap_case
    place, result, stage, done = sys.argv[1:]
    for event in prepare_archive(request_of(Path(place), Path(result))):
        if isinstance(event, Progress) and event.stage == stage and event.done >= int(done):
            os.kill(os.getpid(), signal.SIGKILL)
