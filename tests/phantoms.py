"""Phantoms with answers in closed form, and one that no mirror image can pass for.

The knee phantom is written once, in the right-knee model frame (x medial, y posterior, z up, millimetres, origin at
the isocentre), as signed distances. A left knee is its mirror image. `chirality` reads the side back from meshes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, BoneMesh, Side, Volume
from engine.geometry.model_frame import lps_grid, model_from_ijk

Distance = Callable[[NDArray[np.float64]], NDArray[np.float64]]

HU_OF_BONE, HU_OF_TISSUE, HU_OF_AIR = 700, 40, -1000
TISSUE_RADIUS_MM = 65.0

# Powers of 1/g, g the root of g^4 = g + 1: the additive recurrence R_3 of Roberts (2018).
_PLASTIC = 1.2207440846057596 ** -np.arange(1.0, 4.0)


def ball(centre_mm: tuple[float, float, float], radius_mm: float) -> Distance:
    """Signed distance (..., ) in mm of points (..., 3): negative inside the ball."""
    return lambda p: np.linalg.norm(p - np.array(centre_mm), axis=-1) - radius_mm


def ellipsoid(centre_mm: tuple[float, float, float], radii_mm: tuple[float, float, float]) -> Distance:
    """First-order distance to an ellipsoid; its zero level is exact."""
    radii = np.array(radii_mm)

    def distance(p: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = (p - np.array(centre_mm)) / radii
        size = np.linalg.norm(scaled, axis=-1)
        slope = np.linalg.norm(scaled / radii, axis=-1)
        return (size - 1) * size / np.maximum(slope, 1e-9)

    return distance


def box(low_mm: tuple[float, float, float], high_mm: tuple[float, float, float]) -> Distance:
    """Signed distance to an axis-aligned box."""
    centre, half = (np.array(high_mm) + low_mm) / 2, (np.array(high_mm) - low_mm) / 2

    def distance(p: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.abs(p - centre) - half
        return np.linalg.norm(np.maximum(out, 0), axis=-1) + np.minimum(out.max(axis=-1), 0)

    return distance


def shaft(x_mm: float, y_mm: float, radius_mm: float, low_mm: float, high_mm: float) -> Distance:
    """A cylinder along z; one that ends beyond ±80 mm runs out of the field of view."""

    def distance(p: NDArray[np.float64]) -> NDArray[np.float64]:
        side = np.hypot(p[..., 0] - x_mm, p[..., 1] - y_mm) - radius_mm
        return np.maximum(side, np.abs(p[..., 2] - (low_mm + high_mm) / 2) - (high_mm - low_mm) / 2)

    return distance


def union(*parts: Distance) -> Distance:
    """Signed distance outside; its zero level is exact."""
    return lambda p: np.minimum.reduce([part(p) for part in parts])


# Right-knee model frame: +x medial, +y posterior, +z up. The medial condyle is the larger, the fibula lies lateral
# and posterior, the patella anterior and a little lateral; femur and tibia face each other across 3 mm.
KNEE: dict[Bone, Distance] = {
    Bone.FEMUR: union(
        ellipsoid((19, 2, 16), (16, 27, 16)), ellipsoid((-19, 4, 14), (14, 24, 14)), shaft(0, -4, 14, 14, 120)
    ),
    Bone.TIBIA: union(box((-34, -20, -16), (34, 22, -3)), shaft(2, -4, 13, -120, -10)),
    Bone.PATELLA: ellipsoid((-5, -44, 18), (20, 9, 19)),
    Bone.FIBULA: union(ball((-31, 20, -29), 9), shaft(-32, 20, 6, -120, -29)),
}


def partial_volume(
    distance: Distance, affine: NDArray[np.float64], shape: tuple[int, int, int], samples: int = 64
) -> NDArray[np.float32]:
    """Share of each voxel that lies inside, (I, J, K) in [0, 1], from `samples` points in voxels that may be cut.

    affine: (4, 4) mm from voxel index. Distances near the surface must not exceed the true ones by more than a fifth.
    The points are a low-discrepancy sequence: those of a lattice lie in planes, which a flat surface crosses together.
    """
    index = np.moveaxis(np.indices(shape), 0, -1).astype(np.float64)
    centres = distance(index @ affine[:3, :3].T + affine[:3, 3])
    share = (centres < 0).astype(np.float32)
    cut = np.abs(centres) < 1.1 * np.linalg.norm(affine[:3, :3], axis=0).max()
    offsets = (np.arange(1, samples + 1)[:, None] * _PLASTIC + 0.5) % 1 - 0.5
    inside = np.zeros(int(cut.sum()), np.float32)
    for offset in offsets:
        inside += distance((index[cut] + offset) @ affine[:3, :3].T + affine[:3, 3]) < 0
    share[cut] = inside / len(offsets)
    return share


def softmax_field(shares: dict[Bone, NDArray[np.float32]]) -> NDArray[np.float32]:
    """(5, I, J, K) class probabilities that add to one, background first."""
    shape = next(iter(shares.values())).shape
    field = np.zeros((5, *shape), np.float32)
    for bone, share in shares.items():
        field[bone] = share
    field[0] = np.clip(1 - field[1:].sum(axis=0), 0, 1)
    return field / field.sum(axis=0)


def knee_field(
    voxels: int, side: Side, bones: Iterable[Bone] = Bone
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The knee phantom as class probabilities (5, n, n, n) in the patient's grid, and `lps_from_ijk`."""
    affine, shape = model_from_ijk(voxels), (voxels, voxels, voxels)
    field = softmax_field({bone: partial_volume(KNEE[bone], affine, shape) for bone in bones})
    lps_from_ijk = lps_grid(field[0], side)[1]
    return np.stack([lps_grid(channel, side)[0] for channel in field]), lps_from_ijk


def knee_labels(voxels: int, side: Side) -> Volume:
    """The knee phantom as a label map: the bone at each voxel's centre."""
    grid = _knee_values(voxels, {bone: int(bone) for bone in Bone}, outside=0)
    return Volume(*lps_grid(grid, side))


def knee_ct(voxels: int, side: Side) -> Volume:
    """The knee phantom in HU: bones in a cylinder of soft tissue in air."""
    index = np.moveaxis(np.indices((voxels,) * 3), 0, -1)
    affine = model_from_ijk(voxels)
    xy = (index @ affine[:3, :3].T + affine[:3, 3])[..., :2]
    grid = np.where(np.linalg.norm(xy, axis=-1) < TISSUE_RADIUS_MM, HU_OF_TISSUE, HU_OF_AIR).astype(np.int16)
    bones = _knee_values(voxels, dict.fromkeys(Bone, HU_OF_BONE), outside=0)
    return Volume(*lps_grid(np.where(bones > 0, bones, grid), side))


def _knee_values(voxels: int, values: dict[Bone, int], outside: int) -> NDArray[np.int16]:
    affine = model_from_ijk(voxels)
    points = np.moveaxis(np.indices((voxels,) * 3), 0, -1) @ affine[:3, :3].T + affine[:3, 3]
    grid = np.full((voxels,) * 3, outside, np.int16)
    for bone, value in values.items():
        grid[KNEE[bone](points) < 0] = value
    return grid


def centroid(mesh: BoneMesh) -> NDArray[np.float64]:
    """Centre of volume (3,) in LPS mm."""
    a, b, c = (mesh.vertices_mm[mesh.faces[:, n]] for n in range(3))
    volumes = np.einsum("ij,ij->i", a, np.cross(b, c))
    return ((a + b + c) * volumes[:, None]).sum(axis=0) / (4 * volumes.sum())


def chirality(meshes: Iterable[BoneMesh]) -> int:
    """+1 for the meshes of a right knee, -1 for a left one, whatever the meshes call themselves.

    Sign of det(lateral, anterior, up) in LPS, with lateral from tibia to fibula, anterior from femur to patella and up
    from tibia to femur. Rotations and translations leave it alone; a mirror turns it round.
    """
    at = {mesh.bone: centroid(mesh) for mesh in meshes}
    lateral, anterior = at[Bone.FIBULA] - at[Bone.TIBIA], at[Bone.PATELLA] - at[Bone.FEMUR]
    return int(np.sign(np.linalg.det(np.stack([lateral, anterior, at[Bone.FEMUR] - at[Bone.TIBIA]]))))


def cube_mesh(low_mm: float = -5.0, high_mm: float = 5.0, bone: Bone = Bone.FEMUR, side: Side = Side.RIGHT) -> BoneMesh:
    """Twelve triangles, outward."""
    corners = np.stack(np.meshgrid(*[(low_mm, high_mm)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [triangle for a, b, c, d in quads for triangle in ((a, b, c), (a, c, d))]
    return BoneMesh(corners, np.array(faces, np.int32), bone, side)
