"""A job that answers every pair with the phantom knee of its side, so that the command line needs no network."""

import time
from argparse import Namespace
from collections.abc import Generator
from pathlib import Path

from engine.domain import CalibratedPair
from engine.pipeline import Generated
from engine.progress import Event, Progress
from engine.surface import extract_bones
from engine.surface.label_map import label_map
from tests.phantoms import knee_ct, knee_field

VOXELS = 32


def phantom_job(calibrated: CalibratedPair, folder: Path, arguments: Namespace) -> Generator[Event, None, Generated]:
    yield Progress("sampling", 0, 1)
    field, lps_from_ijk = knee_field(VOXELS, calibrated.side)
    meshes = extract_bones(field, lps_from_ijk, calibrated.side, ("ab" * 32,))
    yield Progress("sampling", 1, 1)
    record = {
        "inputs": [{"file": film.source_name, "sha256": film.sha256} for film, _ in calibrated.views],
        "model": {"id": "phantom"},
        "sampler": {"seed": arguments.seed},
        "warnings": ["a phantom"],
        "timings": {"network_s": 0.0},
    }
    labels = label_map(field, lps_from_ijk)
    return Generated(knee_ct(VOXELS, calibrated.side), labels, meshes, ("a phantom",), record)


def endless_job(calibrated: CalibratedPair, folder: Path, arguments: Namespace) -> Generator[Event, None, Generated]:
    for step in range(600):
        yield Progress("sampling", step, 600)
        time.sleep(0.05)
    return (yield from phantom_job(calibrated, folder, arguments))
