"""A folder of labelled knees in the cohort's place: `NAME_labels.nii.gz`, beside its CT `NAME.nii.gz` if there is one.

Labels without a CT are real bones in simulated tissue: they tell errors of anatomy apart from errors of the film.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation
from torch.nn.functional import grid_sample

from engine.domain import Bone, RefusedInput, Side, Volume
from engine.geometry.model_frame import model_from_lps
from engine.io.nifti import read_nifti
from training.cohort.tissue import SPACING_MM, VOXELS, SimulatedKnee, tissue_around

_LABELS = "_labels.nii.gz"


@dataclass(frozen=True, slots=True)
class CtFolder:
    """Real knees: every seed takes one CT, turned and shifted a little, in the right-knee model frame.

    names: file stems in order. Labels are 1 femur, 2 tibia, 3 patella, 4 fibula; one knee a CT; the side is told from
    the fibula, which lies lateral of the tibia.
    """

    folder: Path
    names: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path) -> CtFolder:
        """All labelled CTs of a folder. Raises RefusedInput where there is none."""
        names = sorted(p.name.removesuffix(_LABELS) for p in folder.glob(f"*{_LABELS}"))
        if not names:
            raise RefusedInput(f"{folder} holds no NAME{_LABELS} beside NAME.nii.gz; put labelled CTs there")
        return cls(folder, tuple(names))

    def knees(self, seed: int) -> tuple[SimulatedKnee, SimulatedKnee]:
        """The knee of a seed; real knees do not bend here, so both films see the same."""
        rng = np.random.default_rng([seed, 20261124])
        name = self.names[seed % len(self.names)]
        labels = read_nifti(self.folder / f"{name}{_LABELS}")
        centre, side = centre_and_side(labels, name)
        placed = drawn_placement(centre, side, rng)
        occupancy = np.stack([_resampled(labels.hu == bone, labels.lps_from_ijk, placed, "border") for bone in Bone])
        ct_path = self.folder / f"{name}.nii.gz"
        if ct_path.exists():
            ct = read_nifti(ct_path)
            hu = _resampled(ct.hu + 1000, ct.lps_from_ijk, placed, "zeros") - 1000
            knee = SimulatedKnee(hu, occupancy)
        else:
            knee = tissue_around(occupancy, 0.0, rng)
        return knee, knee


def centre_and_side(labels: Volume, name: str) -> tuple[NDArray[np.float64], Side]:
    """LPS of the joint's centre, 10 mm below the middle of the condyles, and the knee's side."""
    points = {b: labels.lps(np.argwhere(labels.hu == b)) for b in Bone}
    missing = [b.word for b in (Bone.FEMUR, Bone.TIBIA, Bone.FIBULA) if not len(points[b])]
    if missing:
        raise RefusedInput(f"{name}{_LABELS} has no {' and no '.join(missing)}; label all four bones or leave it out")
    femur = points[Bone.FEMUR]
    condyles = femur[femur[:, 2] < femur[:, 2].min() + 35]
    centre = (condyles.min(0) + condyles.max(0)) / 2 - [0, 0, 10]
    lateral = points[Bone.FIBULA][:, 0].mean() - points[Bone.TIBIA][:, 0].mean()
    return centre, Side.RIGHT if lateral < 0 else Side.LEFT


def drawn_placement(centre: NDArray, side: Side, rng: np.random.Generator) -> NDArray[np.float64]:
    """(4, 4) LPS from model millimetres of a knee; a small random turn and shift are drawn in the model frame."""
    drawn = np.eye(4)
    drawn[:3, :3] = Rotation.from_euler("xyz", rng.normal(0, (3.0, 4.0, 4.0)), degrees=True).as_matrix()
    drawn[:3, 3] = rng.normal(0, (4.5, 5.0, 6.0))
    return placement(centre, side) @ drawn


def placement(centre: NDArray, side: Side) -> NDArray[np.float64]:
    """(4, 4) LPS from model millimetres of a knee whose joint's centre, LPS (3,), is the model's origin."""
    to_centre = np.eye(4)
    to_centre[:3, 3] = centre
    return to_centre @ model_from_lps(side)


def _resampled(values: NDArray, lps_from_ijk: NDArray, lps_from_model: NDArray, beyond: str) -> NDArray[np.float32]:
    """(160, 160, 160) values on the simulation grid, trilinear.

    beyond: "border" lets shafts go on where a label map ends, "zeros" does not.
    """
    model = np.diag([SPACING_MM] * 3 + [1.0])
    model[:3, 3] = -(VOXELS - 1) / 2 * SPACING_MM
    ijk_from_grid = np.linalg.inv(lps_from_ijk) @ lps_from_model @ model
    size = torch.tensor(values.shape, dtype=torch.float32)
    axis = torch.arange(VOXELS, dtype=torch.float32)
    grid = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), -1)
    matrix = torch.from_numpy(ijk_from_grid).float()
    unit = (2 * (grid @ matrix[:3, :3].T + matrix[:3, 3]) + 1) / size - 1
    source = torch.from_numpy(values.astype(np.float32))[None, None]
    return grid_sample(source, unit.flip(-1)[None], padding_mode=beyond, align_corners=False)[0, 0].numpy()
