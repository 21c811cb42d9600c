"""Phantom knees as an evaluation finds them, and a stand-in for the model that makes the phantom from any films."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np

from engine.domain import CalibratedPair, MachineFailure, Side
from engine.models.loaded import LoadedModel
from engine.models.schedule import Schedule
from engine.pipeline import Generated, GenerateOptions
from engine.progress import Event, Progress
from tests.generated_knee import phantom_meshes
from tests.phantoms import knee_ct, knee_field, knee_labels
from training.simulate.case import case_cameras

VOXELS = 32
MODEL = LoadedModel(None, Schedule(), (8, 16, VOXELS), "phantom", "1.0", "ab" * 32)  # type: ignore[arg-type]


def write_phantom_case(path: Path, seed: int = 0) -> None:
    """A right phantom knee as a prepared case, with the cameras that `seed` states."""
    shares, _ = knee_field(VOXELS, Side.RIGHT)
    integrals = np.zeros((2, 5, 192, 192), np.float16)
    integrals[:, 0, 20:170, 40:150] = 1.5
    integrals[:, 1, 30:160, 80:110] = 1.2
    nominal, _ = case_cameras(seed)
    np.savez(
        path,
        hu_128=knee_ct(VOXELS, Side.RIGHT).hu,
        occupancy_128=np.round(255 * shares[1:]).astype(np.uint8),
        integrals=integrals,
        camera_from_lps=np.stack([camera.camera_from_lps for camera in nominal]).astype(np.float32),
        sod_mm=np.array([camera.sod_mm for camera in nominal], np.float32),
    )


class PhantomMaker:
    """Makes the phantom knee; counts its calls. fails_at: the call at which it draws no bone."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.calls = 0
        self._fails_at = fails_at

    def __call__(
        self, calibrated: CalibratedPair, model: LoadedModel, options: GenerateOptions, /
    ) -> Generator[Event, None, Generated]:
        self.calls += 1
        yield Progress("sampling", 0, 1)
        if self.calls == self._fails_at:
            raise MachineFailure("surfaces: the network drew no bone at all; use a trained model")
        side = calibrated.side
        return Generated(knee_ct(VOXELS, side), knee_labels(VOXELS, side), phantom_meshes(side), ())
