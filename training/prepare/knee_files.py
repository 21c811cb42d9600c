"""A knee of a source as files: CT and label map in NIfTI, for `genu drr` and the sample case.

`python -m training.prepare.knee_files OUT_DIR SEED [--ct FOLDER]`: the cohort's knee of a seed, or a labelled one of a
folder. The isocentre is at 0, 0, 0 and the knee is a right one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from engine.domain import Volume
from engine.io.durable import write_file_atomically
from engine.io.nifti import label_nifti_bytes, nifti_bytes
from training.cohort.tissue import SPACING_MM, VOXELS, SimulatedKnee
from training.prepare.make import knee_source


def knee_volumes(knee: SimulatedKnee) -> tuple[Volume, Volume]:
    """HU and bones, (160, 160, 160) each, in LPS with the isocentre at the origin."""
    affine = np.diag([SPACING_MM] * 3 + [1.0])
    affine[:3, 3] = -(VOXELS - 1) / 2 * SPACING_MM
    labels = np.where(knee.occupancy.sum(0) >= 0.5, knee.occupancy.argmax(0) + 1, 0)
    return Volume(np.round(knee.hu).astype(np.int16), affine), Volume(labels.astype(np.int16), affine)


def main() -> None:
    """Write ct.nii.gz and labels.nii.gz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("--ct", type=Path)
    parser.add_argument("--atlas", type=Path)
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    knee, _ = knee_source(words.ct, words.atlas, words.out / "atlas").knees(words.seed)
    ct, labels = knee_volumes(knee)
    write_file_atomically(nifti_bytes(ct), words.out / "ct.nii.gz")
    write_file_atomically(label_nifti_bytes(labels), words.out / "labels.nii.gz")


if __name__ == "__main__":
    main()
