"""Films with known projection geometry: the only ones that may enter a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.domain.anatomy import Side
from engine.domain.arrays import frozen_array, rigid_or_affine
from engine.domain.radiograph import Radiograph, RadiographPair


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """A pinhole camera of one film.

    camera_from_lps: (4, 4), millimetres to millimetres; camera x along increasing column, y along increasing row,
        z from the source to the detector, origin at the source. Determinant -1 where the film is shown as seen from
        the detector (a right lateral with anterior to the right, beam mediolateral).
    intrinsics: (3, 3); pixel (column, row, 1) ~ intrinsics @ camera point; pixel centres at whole numbers.
    sid_mm, sod_mm: source to detector and source to isocentre.

    Source of the model: Hartley and Zisserman, Multiple View Geometry, 2nd ed., eq. 6.8.
    """

    camera_from_lps: NDArray[np.float64]
    intrinsics: NDArray[np.float64]
    sid_mm: float
    sod_mm: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "camera_from_lps", rigid_or_affine(self.camera_from_lps, "camera_from_lps"))
        object.__setattr__(self, "intrinsics", frozen_array(self.intrinsics, np.float64, "intrinsics", (3, 3)))
        rotation = self.camera_from_lps[:3, :3]
        if not np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-6):
            raise ValueError("camera_from_lps is not an isometry")
        if not 0 < self.sod_mm < self.sid_mm:
            raise ValueError(f"SOD {self.sod_mm} mm and SID {self.sid_mm} mm, expected 0 < SOD < SID")

    def project(self, points_lps_mm: ArrayLike) -> NDArray[np.float64]:
        """Pixel (row, column), (N, 2), of points (N, 3) in LPS millimetres."""
        points = np.asarray(points_lps_mm, dtype=np.float64)
        camera = points @ self.camera_from_lps[:3, :3].T + self.camera_from_lps[:3, 3]
        column_row = camera @ self.intrinsics.T
        return column_row[:, 1::-1] / column_row[:, 2:]


@dataclass(frozen=True, slots=True, eq=False)
class CalibratedPair:
    """A pair and the camera of each film, in one LPS frame whose origin is the isocentre of the two views."""

    pair: RadiographPair
    ap_camera: Camera
    lateral_camera: Camera

    @property
    def side(self) -> Side:
        """The knee's side."""
        return self.pair.side

    @property
    def views(self) -> tuple[tuple[Radiograph, Camera], tuple[Radiograph, Camera]]:
        """AP first, then lateral."""
        return (self.pair.ap, self.ap_camera), (self.pair.lateral, self.lateral_camera)
