"""Line integrals of attenuation in numpy alone: the picture of a volume that the desktop lays over a film.

The same physics and the same sampling as `projection.project_line_integrals`, whose torch takes seconds and hundreds
of megabytes to load into a process that has no other use for it (docs: tests hold the two together).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.domain import Camera, Volume

# nanodrr's bilinear scale at 70 keV (NIST XCOM), 1/mm; bone is 1000 HU.
MU_WATER, MU_BONE = 0.0192, 0.0573
_RAYS = 4096


def attenuation(hu: NDArray[np.int16]) -> NDArray[np.float32]:
    """mu in 1/mm of Hounsfield units, by two straight lines that meet at water."""
    mu = (1 + np.maximum(hu, -1000) / np.float32(1000)) * np.float32(MU_WATER)
    dense = MU_WATER + hu / np.float32(1000) * np.float32(MU_BONE - MU_WATER)
    return np.where(hu > 0, dense, mu).astype(np.float32)


def coarser(camera: Camera, shape: tuple[int, int], factor: int) -> tuple[Camera, tuple[int, int]]:
    """The camera and the (rows, cols) of a film whose pixels are blocks of factor x factor of the film's."""
    first, scale = (1 - factor) / (2 * factor), np.diag([1 / factor, 1 / factor, 1.0])
    scale[:2, 2] = first
    rows, columns = shape
    return replace(camera, intrinsics=scale @ camera.intrinsics), (rows // factor, columns // factor)


def line_integrals(volume: Volume, camera: Camera, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Attenuation along the ray of every pixel, (rows, cols), dimensionless; 0 where the ray misses the volume.

    As many samples along each ray's part inside the volume as the volume's largest side has voxels.
    """
    mu = attenuation(volume.hu)
    source, directions = _rays(volume, camera, shape)
    near, far = _inside(source, directions, mu.shape)
    film = np.zeros(len(directions), np.float32)
    hits = np.flatnonzero(far > near)
    for start in range(0, len(hits), _RAYS):
        rays = hits[start : start + _RAYS]
        film[rays] = _integral(mu, source, directions[rays], near[rays], far[rays])
    lengths_mm = np.linalg.norm(directions @ volume.lps_from_ijk[:3, :3].T, axis=1)
    return (film * lengths_mm).reshape(shape).astype(np.float32)


def _rays(volume: Volume, camera: Camera, shape: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The source (3,) and the direction (N, 3) to every pixel, in voxels."""
    rows, columns = np.indices(shape).reshape(2, -1)
    pixels = np.stack([columns, rows, np.ones_like(rows)], axis=1)
    ijk_from_camera = np.linalg.inv(volume.lps_from_ijk) @ np.linalg.inv(camera.camera_from_lps)
    camera_from_pixel = np.linalg.inv(camera.intrinsics) * camera.sid_mm
    return ijk_from_camera[:3, 3], pixels @ (ijk_from_camera[:3, :3] @ camera_from_pixel).T


def _inside(
    source: NDArray[np.float64], directions: NDArray[np.float64], shape: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares (N,) of each ray at which it enters and leaves the volume (slab method of Kay and Kajiya, 1986)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low = (-0.5 - source) / directions
        high = (np.array(shape) - 0.5 - source) / directions
    near = np.nanmax(np.minimum(low, high), axis=1)
    far = np.nanmin(np.maximum(low, high), axis=1)
    return np.maximum(near, 0.0), np.minimum(far, 1.0)


def _integral(
    mu: NDArray[np.float32],
    source: NDArray[np.float64],
    directions: NDArray[np.float64],
    near: NDArray[np.float64],
    far: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Sum of mu over the middles of equal parts of each ray, times a part's share of the ray."""
    from scipy.ndimage import map_coordinates  # its import takes half a second, which the window must not wait for

    samples = max(mu.shape)
    parts = (np.arange(samples) + 0.5) / samples
    shares = near[:, None] + (far - near)[:, None] * parts
    points = source[:, None, None] + directions.T[:, :, None] * shares
    values = map_coordinates(mu, points, order=1, mode="nearest", prefilter=False)
    return values.sum(axis=1) * ((far - near) / samples).astype(np.float32)
