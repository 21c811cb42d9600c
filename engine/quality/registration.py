"""The rigid motion, six numbers and never a scale, that brings one set of surfaces onto another.

Iterative closest points in both directions (Besl and McKay, IEEE PAMI 1992), bone against the same bone, with the
point-to-plane step of Chen and Medioni (1992). What is minimised is the mean square distance of both surfaces' points
to the other surface; a step that does not lessen it is halved, so that the result is never worse than no motion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.domain import Bone
from engine.quality.surface_distance import Region, SampledSurface, inverse, moved_points

# Points of each surface that steer the motion: about one every 3 mm on a femur.
POINTS = 1500
_STEPS = 30

# A step that lessens the mean square by less than this share is the last: the motion is then known to some 0.01 mm.
_ENOUGH = 5e-4


@dataclass(frozen=True, slots=True, eq=False)
class RigidMotion:
    """truth_from_predicted: (4, 4), LPS millimetres, rotation and translation.

    translation_mm: length of the way that the centre of the surfaces moves. rotation_deg: angle about the
    axis of the rotation.
    """

    truth_from_predicted: NDArray[np.float64]
    rotation_deg: float
    translation_mm: float

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "rotation_deg": self.rotation_deg,
            "translation_mm": self.translation_mm,
            "truth_from_predicted": self.truth_from_predicted.tolist(),
        }


Pairs = Mapping[Bone, tuple[SampledSurface, SampledSurface]]
Chosen = Mapping[Bone, tuple[NDArray[np.float64], NDArray[np.float64]]]


def register(pairs: Pairs, region: Region) -> RigidMotion:
    """One motion for all (predicted, truth) pairs of surfaces.

    region: points outside it (the cut ends of the bones) do not steer the motion. Without any point, there is none.
    """
    chosen = {bone: (_spread(ours, region), _spread(theirs, region)) for bone, (ours, theirs) in pairs.items()}
    motion = np.eye(4)
    if not any(len(points) for both in chosen.values() for points in both):
        return rigid_motion(motion, np.zeros(3))
    residual, rows = _system(pairs, chosen, motion)
    for _ in range(_STEPS):
        step = _best_step(pairs, chosen, motion, residual, rows)
        if step is None:
            break
        before = np.mean(residual**2)
        motion, residual, rows = step
        if np.mean(residual**2) > (1 - _ENOUGH) * before:
            break
    centre = np.concatenate([points for both in chosen.values() for points in both]).mean(axis=0)
    return rigid_motion(motion, centre)


def rigid_motion(transform: NDArray[np.float64], centre_mm: NDArray[np.float64]) -> RigidMotion:
    """A (4, 4) rigid transform with its angle and the way of the centre (3,)."""
    angle = np.degrees(Rotation.from_matrix(transform[:3, :3]).magnitude())
    way = np.linalg.norm(moved_points(transform, centre_mm[None])[0] - centre_mm)
    return RigidMotion(transform, float(angle), float(way))


def _spread(surface: SampledSurface, region: Region) -> NDArray[np.float64]:
    points = surface.points_mm[region(surface.points_mm)]
    return points[:: max(len(points) // POINTS, 1)]


Linear = tuple[NDArray[np.float64], NDArray[np.float64]]


def _system(pairs: Pairs, chosen: Chosen, motion: NDArray[np.float64]) -> Linear:
    """Signed distances (N,) under the motion and their slopes (N, 6) by rotation (about 0) and translation."""
    residuals, rows = [], []
    back = inverse(motion)
    for bone, (predicted, truth) in pairs.items():
        ours, theirs = chosen[bone]
        here = moved_points(motion, ours)
        there = truth.nearest(here)
        _append(residuals, rows, here, there)
        there = predicted.nearest(moved_points(back, theirs))
        _append(residuals, rows, moved_points(motion, there), theirs)
    return np.concatenate(residuals), np.concatenate(rows)


def _append(residuals: list, rows: list, here: NDArray[np.float64], there: NDArray[np.float64]) -> None:
    """The distance along the line from `there` on the other surface to `here`, which moves."""
    gap = here - there
    distance = np.linalg.norm(gap, axis=1)
    direction = gap / np.maximum(distance, 1e-12)[:, None]
    residuals.append(distance)
    rows.append(np.concatenate([np.cross(here, direction), direction], axis=1))


def _best_step(
    pairs: Pairs,
    chosen: Chosen,
    motion: NDArray[np.float64],
    residual: NDArray[np.float64],
    rows: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]] | None:
    """The Gauss-Newton step, or a half, a quarter … of it, if one lessens the mean square; else None."""
    normal = rows.T @ rows
    damped = normal + 1e-6 * np.diag(np.diag(normal)) + 1e-9 * np.eye(6)
    step = np.asarray(-np.linalg.solve(damped, rows.T @ residual), np.float64)
    for _ in range(4):
        tried = _small_motion(step) @ motion
        result = _system(pairs, chosen, tried)
        if np.mean(result[0] ** 2) < np.mean(residual**2):
            return tried, *result
        step /= 2
    return None


def _small_motion(step: NDArray[np.float64]) -> NDArray[np.float64]:
    motion = np.eye(4)
    motion[:3, :3] = Rotation.from_rotvec(step[:3]).as_matrix()
    motion[:3, 3] = step[3:]
    return motion
