"""A knee to be scored: its films, its truth, and what is known of how the films were taken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, CalibratedPair, RefusedInput, Volume
from engine.geometry.model_frame import model_from_ijk

OSTEOPENIA_BELOW = 0.7
TAKEN, SIMULATED = "taken", "simulated"


@dataclass(frozen=True, slots=True)
class Properties:
    """What may make a knee harder; None where nobody stated it, and then it is never guessed.

    side: "right" or "left". lateral_error_deg: angle between the lateral as stated and as it stood. flexion_deg: of the
    knee in the lateral film. bend_deg: how much further it was bent there than in the AP film. osteopenia, implant:
    whether the bones were thin of mineral, and metal in view. condylar_width_mm: of the true femur. real_films: views
    whose film is a patient's, "AP", "LATERAL", both with a comma, '' for none.
    """

    side: str | None = None
    lateral_error_deg: float | None = None
    flexion_deg: float | None = None
    bend_deg: float | None = None
    osteopenia: bool | None = None
    implant: bool | None = None
    condylar_width_mm: float | None = None
    real_films: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Properties:
        """From JSON values; names that are no property are left out."""
        return cls(**{f.name: values[f.name] for f in fields(cls) if f.name in values})


@dataclass(frozen=True, slots=True, eq=False)
class Knee:
    """A knee as it was read. truth: label map in LPS, isocentre at the origin. ct: the true CT, if there is one."""

    calibrated: CalibratedPair
    truth: Volume
    ct: Volume | None
    properties: Properties


@dataclass(frozen=True, slots=True, eq=False)
class FoundKnee:
    """A case of a folder before it is read. name: of its file or folder, or its key in a shard.

    films: TAKEN, or SIMULATED where either is. digests: SHA-256 by name of everything that its score depends on. read:
    by the seed of the films' exposure. Both raise RefusedInput for what cannot be read.
    """

    name: str
    films: str
    digests: Callable[[], dict[str, str]]
    read: Callable[[int], Knee]


def file_digests(*paths: Path) -> Callable[[], dict[str, str]]:
    """SHA-256 of files by name, once they are asked for."""
    return lambda: {path.name: file_digest(path) for path in paths}


def file_digest(path: Path) -> str:
    """SHA-256 of a file. Raises RefusedInput where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise RefusedInput(f"{path}: cannot be read ({error.strerror}); check the file and its permissions") from error


def grid_shares(labels: Volume, voxels: int) -> NDArray[np.float32]:
    """(4, n, n, n): share of each voxel of the model's grid that each bone of a label map fills, in LPS.

    Each voxel is asked at points as dense as the labels; what lies outside the label map holds no bone.
    """
    affine = model_from_ijk(voxels)
    dense = max(1, int(np.ceil(affine[0, 0] / min(labels.spacing_mm) - 1e-6)))
    labels_from_grid = np.linalg.inv(labels.lps_from_ijk) @ affine
    steps = (np.arange(voxels * dense) + 0.5) / dense - 0.5
    shares = np.zeros((len(Bone), voxels, voxels, voxels), np.float32)
    for slab in range(voxels):
        found = _slab_values(labels.hu, labels_from_grid, steps[slab * dense : (slab + 1) * dense], steps)
        if not found.any():
            continue
        blocks = found.reshape(dense, voxels, dense, voxels, dense)
        for bone in Bone:
            shares[bone - 1, slab] = (blocks == bone).mean(axis=(0, 2, 4))
    return shares


def _slab_values(
    values: NDArray[np.int16], to_index: NDArray[np.float64], i: NDArray[np.float64], others: NDArray[np.float64]
) -> NDArray[np.int16]:
    """(I, N, N) nearest values at i × others × others of a grid; axis by axis where the two grids' axes agree."""
    turn, shift = to_index[:3, :3], to_index[:3, 3]
    if not np.allclose(turn, np.diag(np.diag(turn)), atol=1e-9):
        points = np.stack(np.meshgrid(i, others, others, indexing="ij"), -1).reshape(-1, 3)
        return nearest_values(values, points @ turn.T + shift).reshape(len(i), len(others), len(others))
    whole = [np.floor(turn[a, a] * at + shift[a] + 0.5).astype(int) for a, at in enumerate((i, others, others))]
    inside = [(index >= 0) & (index < side) for index, side in zip(whole, values.shape, strict=True)]
    found = np.zeros((len(i), len(others), len(others)), values.dtype)
    found[np.ix_(*inside)] = values[np.ix_(*(index[ok] for index, ok in zip(whole, inside, strict=True)))]
    return found


def nearest_values(values: NDArray[np.int16], index: NDArray[np.float64]) -> NDArray[np.int16]:
    """(N,) the value of the voxel that holds each index (N, 3), 0 outside the grid."""
    whole = np.floor(index + 0.5).astype(int)
    inside = ((whole >= 0) & (whole < values.shape)).all(axis=1)
    found = np.zeros(len(whole), values.dtype)
    found[inside] = values[tuple(whole[inside].T)]
    return found
