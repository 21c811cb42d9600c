"""How well real films are registered: `python -m tests.benchmarks.register_films KNEES [--repeats N] [--seed N]`.

KNEES holds folders with ap.dcm, lat.dcm and labels.nii.gz in the frame of the films, such as D1-D3 of the development
knees. Each knee is moved at random (10 mm and 6°, 4°, 9° about x, y, z, standard deviations) and registered to each of
its films. The error is the mean distance, in the film and at the isocentre's scale, of 27 points within 40 mm of the
joint from where they should be; a lateral film that stands off its stated place has that in its error.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.domain import View
from engine.geometry.calibrate import calibrate
from engine.geometry.model_frame import model_from_lps
from engine.io.nifti import read_nifti
from engine.io.radiograph_file import pair_radiographs
from engine.models.film_norm import arranged_film
from training.cohort.tissue import SPACING_MM, VOXELS
from training.prepare.registration import register
from training.prepare.source_ct import grid_affine, sampled

_POINTS = np.stack([*np.meshgrid(*[(-40.0, 0.0, 40.0)] * 3), np.ones((3, 3, 3))]).reshape(4, -1)


def main() -> None:
    """Print a line for each film and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("knees", type=Path)
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(arguments.seed)
    errors, fits = [], []
    for _ in range(arguments.repeats):
        for folder in sorted(path.parent for path in arguments.knees.glob("*/labels.nii.gz")):
            for name, fit, before, error, seconds in measured(folder, drawn(rng)):
                print(
                    f"{folder.name} {name}: fit {fit:.2f}, {before:.1f} → {error:.1f} mm, {seconds:.0f} s", flush=True
                )
                errors.append(error)
                fits.append(fit)
    print(f"{len(errors)} films: median {np.median(errors):.1f}, worst {max(errors):.1f} mm; fit from {min(fits):.2f}")


def drawn(rng: np.random.Generator) -> NDArray[np.float64]:
    """(4, 4) how a knee was moved."""
    moved = np.eye(4)
    moved[:3, :3] = Rotation.from_euler("xyz", rng.normal(0, (6, 4, 9)), degrees=True).as_matrix()
    moved[:3, 3] = rng.normal(0, 10, 3)
    return moved


def measured(folder: Path, moved: NDArray[np.float64]) -> list[tuple[str, float, float, float, float]]:
    """Of each film: view, fit, error unregistered and registered (mm), seconds of a core."""
    calibrated, labels = (
        calibrate(pair_radiographs(folder / "ap.dcm", folder / "lat.dcm")),
        read_nifti(folder / "labels.nii.gz"),
    )
    grid = model_from_lps(calibrated.side) @ moved @ grid_affine(np.full(3, -(VOXELS - 1) / 2 * SPACING_MM), SPACING_MM)
    bone = sampled((labels.hu > 0).astype(np.uint8), labels.lps_from_ijk, grid, (VOXELS,) * 3, None)
    rows = []
    for radiograph, camera in calibrated.views:
        film, matrix = arranged_film(radiograph, camera, calibrated.side)

        def seen(pose: NDArray, matrix: NDArray = matrix, sod_mm: float = camera.sod_mm) -> NDArray:
            x, y, z, _ = matrix @ pose @ _POINTS
            return sod_mm * np.stack([x, y]) / z

        start = time.process_time()
        found = register(film, bone, matrix, camera.sod_mm)
        seconds = time.process_time() - start
        before, error = (
            float(np.linalg.norm(seen(pose) - seen(moved), axis=0).mean())
            for pose in (np.eye(4), found.model_from_knee)
        )
        rows.append((View(radiograph.view).value, found.fit, before, error, seconds))
    return rows


if __name__ == "__main__":
    main()
