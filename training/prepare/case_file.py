"""Simulated cases on disk: one uncompressed .npz a case, so that a loader reads only the levels it needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.domain import View
from training.simulate.case import SimulatedCase

FILM_ARRAYS = {View.AP: "film_ap", View.LATERAL: "film_lateral"}


def pooled(volume: NDArray, factor: int) -> NDArray[np.float32]:
    """Mean of blocks of factor³ voxels over the last three axes."""
    *lead, i, j, k = volume.shape
    blocks = volume.reshape(*lead, i // factor, factor, j // factor, factor, k // factor, factor)
    return blocks.mean(axis=(-5, -3, -1), dtype=np.float32)


def case_arrays(
    case: SimulatedCase,
    micro_mm: tuple[float, float] | None = None,
    films: Mapping[View, NDArray] = MappingProxyType({}),
) -> dict[str, NDArray]:
    """A case by the names it is stored under.

    micro_mm: in-plane spacing and slice thickness of the CT it comes from; absent where no CT was scanned.
    films: real ones (256, 256), bone bright, in [0, 1]; a view without one is exposed anew each time it is shown.
    """
    arrays: dict[str, NDArray] = {
        "hu_128": case.hu,
        "occupancy_128": case.occupancy,
        "hu_64": np.round(pooled(case.hu, 2)).astype(np.int16),
        "occupancy_64": np.round(pooled(case.occupancy, 2)).astype(np.uint8),
        "integrals": case.integrals,
        "camera_from_lps": case.camera_from_lps,
        "sod_mm": case.sod_mm,
    }
    arrays |= {FILM_ARRAYS[view]: film.astype(np.float16) for view, film in films.items()}
    return arrays if micro_mm is None else arrays | {"micro_mm": np.array(micro_mm, np.float32)}


def write_case(path: Path, case: SimulatedCase) -> None:
    """Write a case under its final name only when it is whole."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **case_arrays(case))  # type: ignore[arg-type]
    os.replace(partial, path)


def case_path(folder: Path, seed: int) -> Path:
    """Where the case of a seed lies."""
    return folder / f"{seed:06d}.npz"
