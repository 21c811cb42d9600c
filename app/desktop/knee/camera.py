"""Where the 3-D view is seen from. Frozen, plain numpy; moving it returns another viewpoint."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

VIEW_ANGLE_DEGREES = 20.0
_DISTANCES_MM = (20.0, 5000.0)


class StandardView(Enum):
    """Views by where the viewer stands, with the LPS direction to the viewer and the one that is up."""

    ANTERIOR = ("A", (0, -1, 0), (0, 0, 1))
    POSTERIOR = ("P", (0, 1, 0), (0, 0, 1))
    LEFT = ("L", (1, 0, 0), (0, 0, 1))
    RIGHT = ("R", (-1, 0, 0), (0, 0, 1))
    SUPERIOR = ("S", (0, 0, 1), (0, -1, 0))
    INFERIOR = ("I", (0, 0, -1), (0, -1, 0))

    @property
    def letter(self) -> str:
        """Its key and label."""
        return self.value[0]


@dataclass(frozen=True, slots=True, eq=False)
class Viewpoint:
    """basis: (3, 3), rows are the LPS directions to the viewer's right, up, and towards the viewer.

    focal_mm: (3,) LPS, what is looked at. distance_mm: from there to the eye.
    """

    basis: NDArray[np.float64]
    focal_mm: NDArray[np.float64]
    distance_mm: float

    @property
    def eye_mm(self) -> NDArray[np.float64]:
        """Where the eye is, LPS."""
        return self.focal_mm + self.basis[2] * self.distance_mm

    def turned(self, right_degrees: float, down_degrees: float) -> Viewpoint:
        """After the knee was pulled to the right and downwards by so much."""
        right, up, back = self.basis
        cosine, sine = _cosine_sine(right_degrees)
        right, back = cosine * right + sine * back, cosine * back - sine * right
        cosine, sine = _cosine_sine(down_degrees)
        up, back = cosine * up - sine * back, cosine * back + sine * up
        return replace(self, basis=_orthonormal(up, back))

    def spun(self, degrees: float) -> Viewpoint:
        """After a turn of the viewer about the patient's long axis: the turntable."""
        cosine, sine = _cosine_sine(degrees)
        about_z = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
        return replace(self, basis=self.basis @ about_z.T)

    def moved(self, right_pixels: float, down_pixels: float, height_pixels: int) -> Viewpoint:
        """After the knee was carried along the screen."""
        step = self.distance_mm / _focal_pixels(height_pixels)
        shift = self.basis[0] * right_pixels * step - self.basis[1] * down_pixels * step
        return replace(self, focal_mm=self.focal_mm - shift)

    def nearer(self, factor: float) -> Viewpoint:
        """The knee larger by a factor."""
        return replace(self, distance_mm=float(np.clip(self.distance_mm / factor, *_DISTANCES_MM)))

    def looking(self, view: StandardView) -> Viewpoint:
        """From a standard side, at the same place and distance."""
        return replace(self, basis=_basis(view))

    def project(self, points_lps_mm: ArrayLike, size: tuple[int, int]) -> NDArray[np.float64]:
        """Place (x, y) in a picture of (width, height) pixels and depth in mm, (N, 3), of points (N, 3)."""
        seen = (np.asarray(points_lps_mm, dtype=np.float64) - self.eye_mm) @ self.basis.T
        depth = np.maximum(-seen[:, 2], 1e-6)
        focal = _focal_pixels(size[1])
        return np.stack(
            [size[0] / 2 + focal * seen[:, 0] / depth, size[1] / 2 - focal * seen[:, 1] / depth, depth], axis=1
        )

    def ray(self, x: float, y: float, size: tuple[int, int]) -> NDArray[np.float64]:
        """Direction (3,) from the eye through a place of the picture; its length along the line of sight is 1."""
        focal = _focal_pixels(size[1])
        right, up = (x - size[0] / 2) / focal, (size[1] / 2 - y) / focal
        return right * self.basis[0] + up * self.basis[1] - self.basis[2]


def fitted(low_mm: ArrayLike, high_mm: ArrayLike, view: StandardView, size: tuple[int, int]) -> Viewpoint:
    """A box, lowest and highest corner (3,), whole in a picture of (width, height)."""
    low, high = np.asarray(low_mm, dtype=np.float64), np.asarray(high_mm, dtype=np.float64)
    half = np.radians(VIEW_ANGLE_DEGREES / 2)
    narrow = min(1.0, size[0] / max(size[1], 1))
    distance = np.linalg.norm(high - low) / 2 / np.sin(half) / max(narrow, 0.2)
    return Viewpoint(_basis(view), (low + high) / 2, float(np.clip(distance * 0.92, *_DISTANCES_MM)))


def _basis(view: StandardView) -> NDArray[np.float64]:
    _, back, up = view.value
    return _orthonormal(np.array(up, dtype=np.float64), np.array(back, dtype=np.float64))


def _orthonormal(up: NDArray[np.float64], back: NDArray[np.float64]) -> NDArray[np.float64]:
    """Right, up and back from the latter two, cleared of what rounding has added."""
    back = back / np.linalg.norm(back)
    right = np.cross(up, back)
    right = right / np.linalg.norm(right)
    return np.stack([right, np.cross(back, right), back])


def _cosine_sine(degrees: float) -> tuple[float, float]:
    return float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))


def _focal_pixels(height: int) -> float:
    return max(height, 1) / 2 / float(np.tan(np.radians(VIEW_ANGLE_DEGREES / 2)))
