"""Read the LLP26 atlas out of the installed package `musculoskeletal-models` without running any of its code.

The package (Auckland Bioengineering Institute, MPL-2.0) holds JSON, and one pickle of numpy arrays, read here by an
unpickler that knows numpy arrays and nothing else. Its own frame is LPS millimetres, left leg, every bone in the
mean pose of the atlas.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain import RefusedInput
from training.cohort.elements import ELEMENTS, Patch

PACKAGE = "musculoskeletal-models"
_FOLDER = "musculoskeletal/models"
_MODES_FILE = "shape_models/LLP26_rigid.pc"
_NODE_FILES = {  # in the order in which the shape model stacks the bones
    "pelvis": ("pelvis_combined_cubic_flat.mesh", "pelvis_combined_cubic_mean_rigid_LLP26.geof"),
    "femur": ("femur_left_quartic_flat.mesh", "femur_left_mean_rigid_LLP26.geof"),
    "patella": ("patella_11_left.mesh", "patella_left_mean_rigid_LLP26.geof"),
    "tibiafibula": ("tibia_fibula_left_cubic_flat.mesh", "tibia_fibula_cubic_left_mean_rigid_LLP26.geof"),
}
_NUMPY_ONLY = {
    ("numpy.core.multiarray", "_reconstruct"): np.zeros(0).__reduce__()[0],  # the same function under its present name
    ("numpy._core.multiarray", "_reconstruct"): np.zeros(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


@dataclass(frozen=True, slots=True, eq=False)
class AtlasBone:
    """One surface of the atlas: patches, mean nodes (n, 3) mm, and node displacement (modes, n, 3) mm per SD."""

    patches: tuple[Patch, ...]
    mean: NDArray[np.float64]
    modes: NDArray[np.float64]


def package_folder() -> Path:
    """Where the installed package keeps its models. Raises RefusedInput where it is not installed."""
    try:
        return Path(str(distribution(PACKAGE).locate_file(_FOLDER)))
    except PackageNotFoundError as missing:
        raise RefusedInput(
            f"the package {PACKAGE} is not installed; install Genu with its train extra (pip install 'genu[train]')"
            " or give the shape model as a file"
        ) from missing


def read_atlas(folder: Path) -> Mapping[str, AtlasBone]:
    """The four surfaces of the left leg: pelvis, femur, patella, tibiafibula.

    Raises RefusedInput where a file is missing or does not hold what this version of the package holds.
    """
    try:
        arrays = read_arrays(folder / _MODES_FILE)
        deviation = np.sqrt(arrays["weights"])
        modes = (arrays["modes"] * deviation).T.reshape(len(deviation), 3, -1).swapaxes(1, 2)
        bones, start = {}, 0
        for name, (mesh, nodes) in _NODE_FILES.items():
            mean = _nodes(folder / "atlas_meshes" / nodes)
            stop = start + len(mean)
            bones[name] = AtlasBone(_patches(folder / "atlas_meshes" / mesh), mean, modes[:, start:stop])
            start = stop
        stacked = np.concatenate([bone.mean for bone in bones.values()])
        if not np.allclose(stacked.T.ravel(), arrays["mean"], atol=1e-6):
            raise ValueError("the mean shape and the meshes differ")
    except (OSError, ValueError, KeyError, pickle.UnpicklingError) as wrong:
        raise RefusedInput(
            f"{folder} is not the LLP26 atlas of {PACKAGE} 0.2.4 ({wrong}); install that version"
        ) from wrong
    return MappingProxyType(bones)


def read_arrays(path: Path) -> dict[str, NDArray[np.float64]]:
    """The arrays of a pickled dictionary. Raises pickle.UnpicklingError for anything but numpy arrays."""
    with path.open("rb") as stream:
        content = _NumpyUnpickler(stream).load()
    if not isinstance(content, dict):
        raise pickle.UnpicklingError(f"{path.name} does not hold a dictionary")
    return {key: value for key, value in content.items() if isinstance(value, np.ndarray)}


class _NumpyUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _NUMPY_ONLY[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which is not a numpy array") from None


def _nodes(path: Path) -> NDArray[np.float64]:
    fields = json.loads(path.read_text())["field_parameters"]
    return np.array([[float(fields[key][f"dim {axis}"]) for axis in range(3)] for key in sorted(fields)])


def _patches(path: Path) -> tuple[Patch, ...]:
    """Elements in file order. A node gets the next number where none of the element points tied to it has one."""
    mesh = json.loads(path.read_text())
    number: dict[str, int] = {}
    fresh = count()
    patches = []
    for index in range(mesh["element_counter"]):
        element = ELEMENTS[mesh["elements"][str(index)].split()[-1]]
        names = [f"{index}_{point}" for point in range(len(element.lattice(element.order_u, element.order_v)))]
        for name in names:
            tied = [number[other] for other in mesh["connectivity"][name].split() if other in number]
            number[name] = tied[0] if tied else next(fresh)
        patches.append(Patch(element, np.array([number[name] for name in names])))
    if next(fresh) != mesh["number_of_points"]:
        raise ValueError(f"{path.name} ties its elements to other nodes than it counts")
    return tuple(patches)
