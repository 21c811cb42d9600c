"""From bone surfaces to a CT: cortex, trabeculae, marrow, muscle, fat and skin in HU.

HU of tissues follow the Visible Human Female (fat -98, muscle +50, tibial interior median 143 with 5th-95th
percentile -6 to 335, cortex median 1500), drawn widely around.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter
from torch.nn.functional import conv3d, interpolate

from engine.domain import Bone
from training.cohort.knee import Surface
from training.cohort.voxelise import partial_volume

SPACING_MM = 1.25
VOXELS = 160
_COARSE = 40


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedKnee:
    """A simulated CT wider than the model's field of view, so that films show the shafts go on.

    hu: (160, 160, 160) float32 at 1.25 mm, right-knee model frame. occupancy: (4, 160, 160, 160) float32 in [0, 1],
    femur, tibia, patella, fibula. density: of the bones as drawn, 1 for healthy ones, None where a CT was taken as it
    is. flexion_deg: as drawn, None where nobody drew it.
    """

    hu: NDArray[np.float32]
    occupancy: NDArray[np.float32]
    density: float | None = None
    flexion_deg: float | None = None

    @property
    def nearest_bone(self) -> NDArray[np.uint8]:
        """Label map (160, 160, 160): the bone that holds any part of a voxel, 0 where none does."""
        return np.where(self.occupancy.max(axis=0) > 0.02, self.occupancy.argmax(axis=0) + 1, 0).astype(np.uint8)


def simulate_tissue(bones: Mapping[Bone, Surface], rng: np.random.Generator) -> SimulatedKnee:
    """Fill the bones and wrap them in a leg."""
    occupancy = _disjoint({b: partial_volume(s.vertices_mm, s.faces, VOXELS, SPACING_MM) for b, s in bones.items()})
    return tissue_around(occupancy, _joint_height(bones), rng)


def tissue_around(occupancy: NDArray[np.float32], joint_height_mm: float, rng: np.random.Generator) -> SimulatedKnee:
    """A knee of bones that are known by their occupancy (4, 160, 160, 160), the joint line at a height in the frame."""
    texture = Texture(rng)
    hu = texture.soft_tissue(occupancy.sum(0), rng)
    density = rng.uniform(0.35, 0.65) if rng.random() < 0.15 else rng.uniform(0.75, 1.15)
    for bone in Bone:
        box = _box(occupancy[bone - 1])
        if box is not None:
            inside = occupancy[bone - 1][box]
            filled = texture.bone(bone, inside, box, joint_height_mm, density, rng)
            hu[box] += inside * (filled - hu[box])
    return SimulatedKnee(hu, occupancy, density)


def _disjoint(occupancy: Mapping[Bone, NDArray[np.float32]]) -> NDArray[np.float32]:
    """Bones stacked; where drawn bones overlap the earlier keeps the place."""
    free = np.ones((VOXELS,) * 3, np.float32)
    stacked = np.zeros((4, VOXELS, VOXELS, VOXELS), np.float32)
    for bone in Bone:
        np.minimum(occupancy[bone], free, out=stacked[bone - 1])
        free -= stacked[bone - 1]
    return stacked


def _joint_height(bones: Mapping[Bone, Surface]) -> float:
    low, high = bones[Bone.FEMUR].vertices_mm[:, 2].min(), bones[Bone.TIBIA].vertices_mm[:, 2].max()
    return float(low + high) / 2


def _box(occupancy: NDArray[np.float32], margin: int = 0) -> tuple[slice, slice, slice] | None:
    spans = []
    for axis in range(3):
        hit = np.flatnonzero(occupancy.any(axis=tuple(a for a in range(3) if a != axis)))
        if not len(hit):
            return None
        spans.append(slice(max(int(hit[0]) - margin, 0), int(hit[-1]) + 1 + margin))
    return spans[0], spans[1], spans[2]


def _smoothed(volume: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Gaussian filter with zero-gradient borders, along the three axes in turn."""
    radius = int(np.ceil(3 * sigma))
    taps = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    taps /= taps.sum()
    field = torch.from_numpy(np.ascontiguousarray(volume))[None, None]
    for axis in range(3):
        shape = [1, 1, 1, 1, 1]
        shape[axis + 2] = len(taps)
        pad = [0] * 6
        pad[2 * (2 - axis)] = pad[2 * (2 - axis) + 1] = radius
        field = conv3d(torch.nn.functional.pad(field, pad, mode="replicate"), taps.reshape(shape))
    return field[0, 0].numpy()


def depth_mm(occupancy: NDArray[np.float32], sigma_mm: float = 2.0) -> NDArray[np.float32]:
    """Depth under a surface from its blurred partial volume: exact for a plane, good to about 2.5 sigma.

    A step blurred by a Gaussian is its cumulative distribution, so the inverse of that gives the distance.
    """
    blurred = _smoothed(occupancy, sigma_mm / SPACING_MM).clip(1e-3, 1 - 1e-3)
    return (sigma_mm * torch.special.ndtri(torch.from_numpy(blurred))).numpy()


@cache
def _fine_noise() -> NDArray[np.float32]:
    """Unit noise with the grain of trabeculae; knees see it turned and rolled."""
    noise = np.random.default_rng(0).standard_normal((VOXELS,) * 3, dtype=np.float32)
    return _smoothed(noise, 0.8) * 4.1


class Texture:
    """Random fields of one knee: made once, read in every tissue."""

    def __init__(self, rng: np.random.Generator) -> None:
        shift = tuple(rng.integers(0, VOXELS, 3).tolist())
        self.fine = np.roll(np.transpose(_fine_noise(), rng.permutation(3)), shift, (0, 1, 2))
        self.coarse = _upsampled(gaussian_filter(rng.standard_normal((_COARSE,) * 3), 1.5) * 9.5)

    def bone(
        self, bone: Bone, inside: NDArray, box: tuple, joint: float, density: float, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """HU inside one bone's box: a cortex that thickens along the shaft, subchondral plate, trabeculae, marrow."""
        blur = rng.uniform(1.4, 2.2)
        depth = depth_mm(inside, blur)
        z = (np.arange(VOXELS, dtype=np.float32)[box[2]] - (VOXELS - 1) / 2) * SPACING_MM
        shaft = _shaftness(bone, np.abs(z - joint))
        thin = {Bone.PATELLA: (0.3, 1.8), Bone.FIBULA: (0.4, 1.4)}.get(bone, (0.2, 1.6))
        thick = {Bone.PATELLA: (1.0, 1.8), Bone.FIBULA: (1.4, 3.0)}.get(bone, (2.2, 5.0))
        thickness = rng.uniform(*thin) + (rng.uniform(*thick) - rng.uniform(*thin)) * shaft
        # Deeper than depth_mm can tell, a shaft would be cortex to its core.
        thickness = np.minimum(thickness * (1 + 0.15 * self.coarse[box]), 2.4 * blur)
        cortex = _step((thickness - depth) / 0.5)
        dense = rng.uniform(500, 1250) + shaft * rng.uniform(200, 750)
        marrow = rng.uniform(-80, 40)
        spongy = rng.uniform(80, 380) * (1 + rng.uniform(0, 0.8) * _step((6 - np.abs(depth)) / 2))
        rim = _rim(inside, rng)
        dense = dense * (1 - (1 - rim) * (1 - shaft))
        inner = marrow + (spongy * rim - marrow) * (1 - 0.9 * shaft)
        inner = (
            inner + self.fine[box] * rng.uniform(20, 80) * (1 - 0.7 * shaft) + self.coarse[box] * rng.uniform(10, 60)
        )
        return (density * (inner + (dense - inner) * cortex)).astype(np.float32)

    def soft_tissue(self, bone: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
        """HU of everything but bone, air included."""
        skin_depth = _leg(bone, rng) + 2.5 * self.coarse
        fat, muscle = rng.uniform(-125, -75), rng.uniform(10, 75)
        muscle_start = rng.uniform(2, 16) + rng.uniform(0, 3) * self.coarse
        lean = _step((skin_depth - muscle_start) / 1.5) * _step((rng.uniform(0.2, 1.6) - self.coarse) / 0.25)
        hu = fat + (muscle - fat) * lean + self.fine * 6 + self.coarse * 8
        skin = _step((2.2 - skin_depth) / 0.6) * rng.uniform(0.2, 1.0)
        hu += skin * (rng.uniform(0, 60) - hu)
        return (-1000 + (hu + 1000) * _step(skin_depth / 0.7)).astype(np.float32)


def _rim(inside: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32] | float:
    """Share of its density that an epiphysis keeps near the surface, 1 deep inside.

    In half of all bones the rims are faint: corners of a real plateau can be invisible in a film, and a network that
    never met that draws them where the brightness ends.
    """
    faint, reach_mm = rng.uniform(0, 0.85), rng.uniform(3, 10)
    if rng.random() < 0.5:
        return 1.0
    return 1 - faint * (1 - np.clip(depth_mm(inside, 4.0) / reach_mm, 0, 1))


def _shaftness(bone: Bone, distance: NDArray[np.float32]) -> NDArray[np.float32]:
    """0 at the joint, 1 in the shaft, by distance (K,) from the joint line."""
    if bone is Bone.PATELLA:
        return np.zeros_like(distance)
    start, end = (25, 70) if bone is Bone.FIBULA else (38, 88)
    t = ((distance - start) / (end - start)).clip(0, 1)
    return t * t * (3 - 2 * t)


def _step(x: NDArray | float) -> NDArray[np.float32]:
    """A smooth step from 0 to 1, one unit wide on each side (float32)."""
    return torch.sigmoid(2 * torch.from_numpy(np.asarray(x, dtype=np.float32))).numpy()


def _upsampled(coarse: NDArray) -> NDArray[np.float32]:
    field = torch.from_numpy(coarse.astype(np.float32))[None, None]
    return interpolate(field, size=(VOXELS,) * 3, mode="trilinear", align_corners=False)[0, 0].numpy()


def _leg(bone: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Depth under the skin in mm (160, 160, 160), negative in air: an elliptic limb, a coat around the bones, a blend.

    Drawn on a grid of 5 mm, where a distance transform costs nothing.
    """
    step = SPACING_MM * VOXELS / _COARSE
    small = bone.reshape(_COARSE, 4, _COARSE, 4, _COARSE, 4).mean((1, 3, 5))
    distance = np.asarray(distance_transform_edt(small < 0.25)) * step
    coat = rng.uniform(14, 42) - distance
    ramp = gaussian_filter(rng.standard_normal((_COARSE,) * 3), 5) * rng.uniform(20, 160)
    coat = gaussian_filter(coat, rng.uniform(0.1, 2.5)) + ramp
    limb = _ellipse(step, rng)
    blend = rng.choice([0.0, 1.0, rng.uniform(0, 1)], p=[0.3, 0.35, 0.35])
    depth = blend * coat + (1 - blend) * np.minimum(limb, coat + 60)
    return _upsampled(np.maximum(depth, 3 - distance))


def _ellipse(step: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Depth in a limb around the isocentre, of elliptic section that bends and swells along z."""
    axis = (np.arange(_COARSE) - (_COARSE - 1) / 2) * step
    x, y = axis[:, None, None], axis[None, :, None]
    t = axis / 100
    bend = rng.normal(0, 5, (2, 3))
    centre_x = bend[0, 0] + bend[0, 1] * t + bend[0, 2] * t**2
    centre_y = 6 + bend[1, 0] + bend[1, 1] * t + bend[1, 2] * t**2
    size = rng.uniform(44, 78)
    radius_x = size + rng.normal(0, 8) * t + rng.uniform(-4, 14) * t**2
    radius_y = size * rng.uniform(0.95, 1.3) + rng.normal(0, 8) * t + rng.uniform(-4, 14) * t**2
    radial = np.sqrt(((x - centre_x) / radius_x) ** 2 + ((y - centre_y) / radius_y) ** 2)
    return (1 - radial) * np.minimum(radius_x, radius_y)
