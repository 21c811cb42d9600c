"""A knee without a network, for the engine process of a test: same signature, events and files as the real job."""

import json
import os
import signal
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np

from app.cases.document import GenerateRequest
from app.jobs.machine import Machine
from engine.domain import CalibratedPair, LateralBeam
from engine.progress import Event, Preview, Progress

HERE = "tests.app.desktop.fake_knee"
LEVELS = (32, 64, 128)


def warm_up() -> Machine:
    return Machine(2)


def warm_machine() -> Machine:
    return Machine(2, "A card", 8 << 30, 7 << 30)


def knee_files(
    calibrated: CalibratedPair, folder: Path, request: GenerateRequest, beam: LateralBeam
) -> Generator[Event, None, dict[str, bytes]]:
    """Every stage, a phantom knee that rises out of noise at three levels, and files that name the request."""
    for stage in ("model", "films", "encoding"):
        yield from told(stage, 1)
    levels = [leg(voxels) for voxels in LEVELS]
    yield Progress("sampling", 0, request.steps)
    for step in range(1, request.steps + 1):
        yield Progress("sampling", step, request.steps)
        for hu in levels:
            noise = np.random.default_rng(step).normal(0, 900 / step, hu.shape)
            yield Preview("sampling", (hu + noise).clip(-1000, 2000).astype(np.int16))
    for stage in ("surfaces", "checks", "files"):
        yield from told(stage, 1)
    return result(request)


def leg(voxels: int) -> np.ndarray:
    """HU of a femur over a tibia in soft tissue, and a fibula at -x so that a mirrored one shows."""
    x, y, z = (np.indices((voxels,) * 3) + 0.5) / voxels - 0.5
    leg = np.hypot(x, y) < 0.42
    femur = (np.hypot(x, y) < 0.12 + 0.12 * np.exp(-((z - 0.06) ** 2) / 0.006)) & (z > 0.02)
    tibia = (np.hypot(x, y) < 0.11 + 0.13 * np.exp(-((z + 0.05) ** 2) / 0.006)) & (z < -0.02)
    fibula = (np.hypot(x + 0.26, y) < 0.04) & (z < -0.1)
    return np.where(femur | tibia | fibula, 900, np.where(leg, 40, -1000))


def result(request: GenerateRequest) -> dict[str, bytes]:
    report = {
        "genu": "test",
        "warnings": ["SID is a default"],
        "backend": {"device": "cpu"},
        "sampler": {"evaluations": request.steps},
        "timings": {"network_s": 2.0 * request.steps, "outside_network_s": 1.0},
    }
    return {"ct.nii.gz": b"ct", "meshes/femur.stl": b"femur", "report.json": json.dumps(report).encode()}


def large(*arguments: object) -> Generator[Event, None, dict[str, bytes]]:
    yield Progress("files", 0, 1)
    return {"ct.nii.gz": bytes(50_000_000), "report.json": b"{}"}


def deaf(*arguments: object) -> Generator[Event, None, dict[str, bytes]]:
    """Writes the file that GENU_TEST_DEAF names when it no longer hears."""
    yield Progress("sampling", 0, 8)
    Path(os.environ["GENU_TEST_DEAF"]).write_text("deaf")
    time.sleep(600)
    return {}


def slow(*arguments: object) -> Generator[Event, None, dict[str, bytes]]:
    """Long enough for a test to do something meanwhile."""
    for step in range(6000):
        yield Progress("sampling", step, 6000)
        time.sleep(0.01)
    return {}


def killed(*arguments: object) -> Generator[Event, None, dict[str, bytes]]:
    yield Progress("sampling", 0, 8)
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def told(stage: str, total: int) -> Generator[Event, None, None]:
    for done in range(total + 1):
        yield Progress(stage, done, total)
