"""Pictures of a report, as arrays: films with outlines of the bones, the bones from three sides, planes of the CT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.desktop.report.raster import doubled_area, outlines, visible_faces, weights
from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import BoneMesh, Camera, Radiograph, Side, Volume

Line = tuple[str, NDArray[np.float64]]  # colour, closed line (N, 2) in pixels, column and row

_BONE_WINDOW_HU = (-200.0, 1300.0)
_FILM_PIXELS = 900
# Of the shading; numpy keeps the interpreter for a whole operation, and the window waits for it.
_PIXELS_AT_ONCE = 32_768
_LIGHT = np.array([-0.35, -0.45, -0.82]) / np.linalg.norm([-0.35, -0.45, -0.82])  # right, down, away from the viewer


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture and what is written on it.

    rgb: (rows, columns, 3) uint8.   left, right: what lies to these edges (R, L, A, P).   lines: drawn over it.
    pixel_mm: size of a pixel in the patient, for a scale bar; None where there is no one scale (films, magnified).
    """

    caption: str
    rgb: NDArray[np.uint8]
    left: str
    right: str
    lines: tuple[Line, ...] = ()
    pixel_mm: float | None = None


def film_picture(film: Radiograph, camera: Camera, meshes: Sequence[BoneMesh], caption: str) -> Picture:
    """A film at its own window with the outline of each bone as the camera sees it."""
    step = max(1, -(-max(film.pixels.shape) // _FILM_PIXELS))
    grey = _shrunk(film.pixels, step)
    low, high = np.percentile(grey, (1, 99.7))
    lines = tuple(
        (BONE_COLOURS[mesh.bone], line) for mesh in meshes for line in film_outlines(mesh, camera, grey.shape, step)
    )
    opposite = {"L": "R", "R": "L", "A": "P", "P": "A"}
    return Picture(
        caption, _grey(grey, float(low), float(high)), opposite[film.columns_run_to], film.columns_run_to, lines
    )


def film_outlines(mesh: BoneMesh, camera: Camera, shape: tuple[int, ...], step: int = 1) -> list[NDArray[np.float64]]:
    """Outline of a bone's shadow, lines (N, 2) in pixels (column, row) of the film shrunk by `step` to `shape`."""
    pixels = (camera.project(mesh.vertices_mm)[:, ::-1] - (step - 1) / 2) / step
    corners = pixels[mesh.faces]
    shadow = visible_faces(corners, np.zeros(len(corners)), (shape[0], shape[1])) >= 0
    return outlines(shadow)


def bone_pictures(meshes: Sequence[BoneMesh], captions: Sequence[str], rows: int = 620) -> list[Picture]:
    """The bones from the front, from the lateral side and from behind, all at one scale.

    captions: one a picture.   rows: of each picture.
    """
    outward = -1.0 if meshes[0].side is Side.RIGHT else 1.0  # LPS x of the lateral side
    looks = np.array([[0.0, 1.0, 0.0], [-outward, 0.0, 0.0], [0.0, -1.0, 0.0]])
    low = np.min([mesh.vertices_mm.min(axis=0) for mesh in meshes], axis=0)
    high = np.max([mesh.vertices_mm.max(axis=0) for mesh in meshes], axis=0)
    return [_bones_from(look, meshes, low, high, caption, rows) for look, caption in zip(looks, captions, strict=True)]


def plane_pictures(ct: Volume, captions: Sequence[str]) -> list[Picture]:
    """Axial, coronal and sagittal plane through the middle of the volume at a bone window. captions: one a plane.

    The volume's axes must be those of the patient, as those of a generated knee are; otherwise there is no picture.
    """
    direction = ct.lps_from_ijk[:3, :3] / np.array(ct.spacing_mm)
    if not np.allclose(np.abs(direction), np.eye(3), atol=1e-3):
        return []
    flips = tuple(slice(None, None, -1 if direction[n, n] < 0 else 1) for n in range(3))
    hu = ct.hu[flips]  # now rising to L, P, S
    x, y, z = (size // 2 for size in hu.shape)
    planes = (
        (hu[:, :, z].T, "R", "L", ct.spacing_mm[0]),
        (hu[:, y, ::-1].T, "R", "L", ct.spacing_mm[0]),
        (hu[x, :, ::-1].T, "A", "P", ct.spacing_mm[1]),
    )
    return [
        Picture(caption, _grey(plane.astype(np.float32), *_BONE_WINDOW_HU), left, right, (), spacing)
        for (plane, left, right, spacing), caption in zip(planes, captions, strict=True)
    ]


def _bones_from(
    look: NDArray[np.float64],
    meshes: Sequence[BoneMesh],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    caption: str,
    rows: int,
) -> Picture:
    """The bones seen along `look` with the head up; parallel rays. low, high: corners of what must fit, LPS mm."""
    right = np.cross(look, [0.0, 0.0, 1.0])
    view_from_lps = np.stack([right, [0.0, 0.0, -1.0], look])
    margin = 4.0
    pixel_mm = (high[2] - low[2] + 2 * margin) / rows
    width = float(np.abs(right) @ (high - low)) + 2 * margin
    middle = view_from_lps @ ((low + high) / 2)
    origin = middle[:2] - np.array([width / 2, rows * pixel_mm / 2])
    vertices = [mesh.vertices_mm @ view_from_lps.T for mesh in meshes]
    rgb = _shaded(vertices, meshes, origin, pixel_mm, (rows, round(width / pixel_mm)))
    letters = {(1, 0): "L", (-1, 0): "R", (0, 1): "P", (0, -1): "A"}
    to = round(float(right[0])), round(float(right[1]))
    return Picture(caption, rgb, letters[-to[0], -to[1]], letters[to], (), pixel_mm)


def _shaded(
    vertices: Sequence[NDArray[np.float64]],
    meshes: Sequence[BoneMesh],
    origin: NDArray[np.float64],
    pixel_mm: float,
    shape: tuple[int, int],
) -> NDArray[np.uint8]:
    """Lambert's law on smooth normals, twice as fine in both directions and then averaged."""
    fine = 2
    corners, normals, colours = (np.concatenate(parts) for parts in zip(*map(_faces, vertices, meshes), strict=True))
    pixels = (corners[:, :, :2] - origin) / pixel_mm * fine
    toward = doubled_area(pixels[:, 0], pixels[:, 1], pixels[:, 2]) < 0
    pixels, corners, normals, colours = pixels[toward], corners[toward], normals[toward], colours[toward]
    shown = visible_faces(pixels, corners[:, :, 2].mean(axis=1), (shape[0] * fine, shape[1] * fine))
    image = np.full((*shown.shape, 3), 255.0, np.float32)
    rows, columns = np.nonzero(shown >= 0)
    for first in range(0, len(rows), _PIXELS_AT_ONCE):
        row, column = rows[first : first + _PIXELS_AT_ONCE], columns[first : first + _PIXELS_AT_ONCE]
        face = shown[row, column]
        share = weights(pixels[face], np.stack([column, row], axis=1).astype(np.float64))
        normal = np.einsum("nc,ncx->nx", share, normals[face])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        lit = np.clip(normal @ _LIGHT, 0, 1)[:, None]
        image[row, column] = np.clip(colours[face] * (0.34 + 0.66 * lit) + 26 * lit**12, 0, 255)
    return image.reshape(shape[0], fine, shape[1], fine, 3).mean(axis=(1, 3)).astype(np.uint8)


def _faces(
    vertices: NDArray[np.float64], mesh: BoneMesh
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Corners (M, 3, 3), normals at them (M, 3, 3) and colours (M, 3) of one bone, in the frame of the view."""
    corners = vertices[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for n in range(3):
        for axis in range(3):
            normals[:, axis] += np.bincount(mesh.faces[:, n], across[:, axis], len(vertices))
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    colour = [int(BONE_COLOURS[mesh.bone][n : n + 2], 16) for n in (1, 3, 5)]
    return corners, normals[mesh.faces], np.tile(np.array(colour, np.float64), (len(corners), 1))


def _shrunk(pixels: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Means of blocks of step × step pixels; what is left over at the edges goes."""
    rows, columns = (size // step * step for size in pixels.shape)
    blocks = pixels[:rows, :columns].reshape(rows // step, step, columns // step, step)
    return blocks.mean(axis=(1, 3))


def _grey(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint8]:
    scaled = np.clip((values - low) / max(high - low, 1e-9), 0, 1) * 255
    return np.repeat(scaled.astype(np.uint8)[:, :, None], 3, axis=2)
