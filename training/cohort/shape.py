"""The statistical shape of a left leg around the knee: LLP26, from a file or rebuilt from its public package.

`drawn = draw(shape_model(cache), coefficients)` gives the four bones of one person, assembled in a neutral pose.
Frame: LPS millimetres, left leg (mirror x for a right one). Which package, licence and pose, and how well the two
ways agree: docs/adr/0003-anatomy-source.md.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.domain import Bone, MachineFailure, RefusedInput
from engine.domain.arrays import frozen_array
from training.cohort.assembly import assembler
from training.cohort.elements import triangulated
from training.cohort.package import package_folder, read_atlas

MODES = 26
CACHE_NAME = "llp26-0.2.4.npz"
_CUTS = {"femur": 7, "tibiafibula": 7, "patella": 9}
"""Every patch of a surface is cut this many times along each side: triangles of about 2 mm (patella) to 5 mm."""


@dataclass(frozen=True, slots=True, eq=False)
class BoneShape:
    """One surface of the model, or a bone of it.

    mean: (n, 3) float32, LPS mm. faces: (m, 3) int32, closed, counter-clockwise seen from outside.
    modes: (26, n, 3) float32, displacement in mm for +1 standard deviation of each mode.

    Raises ValueError for other shapes, values that are not finite, or faces that name no vertex.
    """

    mean: NDArray[np.float32]
    faces: NDArray[np.int32]
    modes: NDArray[np.float32]

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", frozen_array(self.mean, np.float32, "mean", (None, 3)))
        object.__setattr__(self, "faces", frozen_array(self.faces, np.int32, "faces", (None, 3)))
        object.__setattr__(self, "modes", frozen_array(self.modes, np.float32, "modes", (MODES, len(self.mean), 3)))
        if not len(self.faces) or self.faces.min() < 0 or self.faces.max() >= len(self.mean):
            raise ValueError("faces are missing or name vertices that do not exist")

    def part(self, rows: NDArray[np.intp]) -> BoneShape:
        """The connected pieces that consist of the vertices `rows` (k,), in increasing order."""
        number = np.full(len(self.mean), -1)
        number[rows] = np.arange(len(rows))
        faces = number[self.faces]
        return BoneShape(self.mean[rows], faces[(faces >= 0).all(axis=1)], self.modes[:, rows])


@dataclass(frozen=True, slots=True, eq=False)
class ShapeModel:
    """The three surfaces of LLP26 below the hip, moved by the same 26 modes.

    bones: the same as four bones; tibia and fibula are the larger and the smaller piece of `tibiafibula`.

    Raises ValueError where `tibiafibula` is not of two pieces.
    """

    femur: BoneShape
    tibiafibula: BoneShape
    patella: BoneShape
    bones: Mapping[Bone, BoneShape] = field(init=False)

    def __post_init__(self) -> None:
        tibia, fibula = _two_pieces(self.tibiafibula)
        bones = {Bone.FEMUR: self.femur, Bone.TIBIA: tibia, Bone.PATELLA: self.patella, Bone.FIBULA: fibula}
        object.__setattr__(self, "bones", MappingProxyType(bones))

    @property
    def surfaces(self) -> Mapping[str, BoneShape]:
        """The three surfaces by the name they have in a file."""
        return {"femur": self.femur, "tibiafibula": self.tibiafibula, "patella": self.patella}


def draw(model: ShapeModel, coefficients: ArrayLike) -> dict[Bone, NDArray[np.float64]]:
    """Vertices (n, 3) in LPS mm of the four bones for coefficients (26,) in standard deviations; linear in them.

    Raises ValueError where the coefficients are not 26 finite numbers.
    """
    weights = frozen_array(coefficients, np.float64, "coefficients", (MODES,))
    return {
        bone: shape.mean.astype(np.float64) + np.einsum("k,knc->nc", weights, shape.modes)
        for bone, shape in model.bones.items()
    }


def shape_model(cache_folder: Path) -> ShapeModel:
    """The model from the folder's cache; where there is none or it is damaged, rebuilt (seconds) and cached.

    Raises RefusedInput without the package, MachineFailure where the folder cannot be written.
    """
    path = cache_folder / CACHE_NAME
    try:
        return load_shape_model(path)
    except RefusedInput:
        model = rebuild_shape_model()
        _save(model, path)
        return model


def load_shape_model(npz_path: Path) -> ShapeModel:
    """A model from a file with `<surface>_mean`, `<surface>_faces` and `<surface>_modes` of the three surfaces.

    Raises RefusedInput where the file is missing, damaged or holds something else.
    """
    try:
        with np.load(npz_path, allow_pickle=False) as file:
            return ShapeModel(
                **{
                    name: BoneShape(file[f"{name}_mean"], file[f"{name}_faces"], file[f"{name}_modes"])
                    for name in _CUTS
                }
            )
    except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, BadZipFile) as wrong:
        raise RefusedInput(
            f"{npz_path} is not a shape model ({wrong}); leave it out to rebuild the model from its package"
        ) from wrong


def rebuild_shape_model(folder: Path | None = None) -> ShapeModel:
    """The model from the package musculoskeletal-models, assembled and cut into triangles; takes seconds.

    Modes are half the difference of the legs assembled at +1 and -1 standard deviation, so they carry the joints
    along: a larger femur takes the tibia with it.

    folder: of the package's models, where it is not the installed one. Raises RefusedInput without the package.
    """
    atlas = read_atlas(folder or package_folder())
    assemble = assembler(atlas)
    mean, *ends = [
        assemble({name: bone.mean + sign * bone.modes[mode] for name, bone in atlas.items()})
        for mode, sign in [(0, 0), *((mode, sign) for mode in range(MODES) for sign in (1, -1))]
    ]
    surfaces = {}
    for name, cuts in _CUTS.items():
        weights, faces = triangulated(atlas[name].patches, len(atlas[name].mean), cuts)
        modes = np.array([up[name] - down[name] for up, down in zip(ends[::2], ends[1::2], strict=True)]) / 2
        surfaces[name] = BoneShape(
            (weights @ mean[name]).astype(np.float32), faces, (weights @ modes).astype(np.float32)
        )
    return ShapeModel(**surfaces)


def _two_pieces(shape: BoneShape) -> list[BoneShape]:
    """The two connected pieces of a surface, the one of larger volume first."""
    a, b, c = shape.faces.T
    ones = np.ones(2 * len(a), dtype=np.int8)
    links = coo_array((ones, (np.r_[a, b], np.r_[b, c])), shape=(len(shape.mean),) * 2)
    count, piece = connected_components(links, directed=False)
    if count != 2:
        raise ValueError(f"tibiafibula is of {count} pieces, expected a tibia and a fibula")
    return sorted((shape.part(np.flatnonzero(piece == k)) for k in range(2)), key=_volume_mm3, reverse=True)


def _volume_mm3(shape: BoneShape) -> float:
    a, b, c = shape.mean.astype(np.float64)[shape.faces].swapaxes(0, 1)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


def _save(model: ShapeModel, path: Path) -> None:
    arrays = {
        f"{name}_{part}": getattr(shape, part)
        for name, shape in model.surfaces.items()
        for part in ("mean", "faces", "modes")
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            np.savez(Path(folder) / path.name, **arrays)
            os.replace(Path(folder) / path.name, path)
    except OSError as full:
        raise MachineFailure(f"{path} cannot be written ({full.strerror}); choose another folder") from full
