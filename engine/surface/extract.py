"""From class probabilities to bone surfaces: `extract_bones`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike, NDArray

from engine.domain import Bone, BoneMesh, Side
from engine.progress import Progress, drain
from engine.surface.isosurface import LEVEL, isosurface, smoothed
from engine.surface.solids import apart, largest, solid, triangles

STAGE = "surfaces"

# A solid smaller than this is a speck of the label head: the patella of a small adult has 8,000 mm³.
SMALLEST_BONE_MM3 = 200.0

# Where two bones share a voxel their shares add to one, and both surfaces would run through the same points. The
# level is raised by this much for each, which leaves some hundredths of a millimetre between them.
_CONTACT_GAP = np.float32(0.02)
_MARGIN_VOXELS = 4


def extract_bones(
    probabilities: NDArray[np.floating], lps_from_ijk: ArrayLike, side: Side, sources: tuple[str, ...] = ()
) -> tuple[BoneMesh, ...]:
    """One closed outward mesh a bone, at probability 0.5, in the order of `Bone`.

    probabilities: (5, I, J, K) softmax, background first, then the values of `Bone`. lps_from_ijk: (4, 4), voxel
    centre to LPS millimetres. Each mesh is one component without cavities; no two of them overlap; what leaves the
    field of view ends in a flat face half a voxel outside the outermost voxel centres. A bone that the field does not
    hold (nowhere above 0.5, or less than 200 mm³) is left out: `missing_bones` names it.

    Raises ValueError when the field is not (5, I, J, K) or not finite.
    """
    return drain(bone_surfaces(probabilities, lps_from_ijk, side, sources))


def bone_surfaces(
    probabilities: NDArray[np.floating], lps_from_ijk: ArrayLike, side: Side, sources: tuple[str, ...] = ()
) -> Generator[Progress, None, tuple[BoneMesh, ...]]:
    """`extract_bones` as a job that tells of every bone."""
    field = np.asarray(probabilities)
    if field.ndim != 4 or field.shape[0] != len(Bone) + 1 or not np.isfinite(field).all():
        raise ValueError(f"probabilities have shape {field.shape}, expected finite (5, I, J, K)")
    yield Progress(STAGE, 0, len(Bone))
    first, shares = _bone_shares(field)
    to_mm = np.asarray(lps_from_ijk, np.float64) @ _shift(first)
    solids: dict[Bone, Manifold] = {}
    for bone in Bone:
        made = _bone_solid(_alone(shares, bone), to_mm)
        if made is not None:
            solids[bone] = made
        yield Progress(STAGE, int(bone), len(Bone))
    return tuple(_mesh(made, bone, side, sources) for bone, made in apart(solids).items())


def missing_bones(meshes: Iterable[BoneMesh]) -> tuple[Bone, ...]:
    """Bones that have no mesh."""
    found = {mesh.bone for mesh in meshes}
    return tuple(bone for bone in Bone if bone not in found)


def missing_bone_warnings(meshes: Iterable[BoneMesh]) -> tuple[str, ...]:
    """A sentence for the report for every bone without a mesh."""
    return tuple(f"the generated volume holds no {bone.word}" for bone in missing_bones(meshes))


def _bone_shares(field: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """First voxel (3,) of the box around all bones, and their smoothed shares (4, I, J, K) in it."""
    box = _box_above(field[1:].max(axis=0))
    shares = smoothed(field[(slice(1, None), *box)])
    return np.array([part.start for part in box]), shares


def _box_above(share: NDArray[np.floating]) -> tuple[slice, slice, slice]:
    """The box of samples above the level and a margin around them; an empty box where there is none."""
    above = share > LEVEL
    spans = []
    for axis in range(3):
        hit = np.flatnonzero(above.any(axis=tuple(other for other in range(3) if other != axis)))
        if not len(hit):
            return slice(0, 1), slice(0, 1), slice(0, 1)
        spans.append(slice(max(hit[0] - _MARGIN_VOXELS, 0), int(hit[-1]) + 1 + _MARGIN_VOXELS))
    return spans[0], spans[1], spans[2]


def _alone(shares: NDArray[np.float32], bone: Bone) -> NDArray[np.float32]:
    """The bone's share, lowered where another bone has a part, so that no two are above the level at one place."""
    others = np.max([shares[other - 1] for other in Bone if other is not bone], axis=0)
    return np.minimum(shares[bone - 1], 1 - _CONTACT_GAP - others)


def _bone_solid(share: NDArray[np.float32], lps_from_ijk: NDArray[np.float64]) -> Manifold | None:
    box = _box_above(share)
    cropped = share[box]
    if not (cropped > LEVEL).any():
        return None
    to_mm = lps_from_ijk @ _shift([part.start for part in box])
    made = _largest_solid(cropped, to_mm)
    if made.genus() > 0:
        made = _closed_tunnels(cropped, to_mm, made)
    return made if made.volume() >= SMALLEST_BONE_MM3 else None


def _largest_solid(share: NDArray[np.float32], lps_from_ijk: NDArray[np.float64]) -> Manifold:
    vertices, faces = isosurface(share)
    if np.linalg.det(lps_from_ijk[:3, :3]) < 0:
        faces = faces[:, ::-1]
    return largest(solid(vertices @ lps_from_ijk[:3, :3].T + lps_from_ijk[:3, 3], faces))


def _closed_tunnels(share: NDArray[np.float32], lps_from_ijk: NDArray[np.float64], made: Manifold) -> Manifold:
    from engine.surface.tunnels import without_tunnels  # scipy costs 0.3 s that most knees need not pay

    closed = _largest_solid(without_tunnels(share, LEVEL), lps_from_ijk)
    return closed if closed.genus() < made.genus() else made


def _shift(first: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
    """(4, 4) index in the whole grid from index in a box that starts at `first`."""
    shift = np.eye(4)
    shift[:3, 3] = first
    return shift


def _mesh(made: Manifold, bone: Bone, side: Side, sources: tuple[str, ...]) -> BoneMesh:
    vertices, faces = triangles(made)
    return BoneMesh(vertices, faces.astype(np.int32), bone, side, sources)
