"""Line integrals of attenuation through a volume, by nanodrr (MIT): the physics under every simulated film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from nanodrr.data import Subject
from nanodrr.drr import render
from numpy.typing import NDArray
from torch import Tensor

from engine.domain import Camera


def project_line_integrals(
    hu: NDArray,
    lps_from_ijk: NDArray,
    camera: Camera,
    shape: tuple[int, int],
    structures: NDArray | None = None,
    samples: int | None = None,
) -> NDArray[np.float32]:
    """Attenuation along the ray of every pixel, split by structure: (C, rows, cols) float32, dimensionless.

    hu: (I, J, K) Hounsfield units; lps_from_ijk: (4, 4); shape: (rows, cols) of the film that `camera` describes.
    structures: (I, J, K) whole numbers 0 … C-1; each sample counts for its nearest voxel's structure. None: C = 1.
    samples: along the part of each ray inside the volume; default the largest side of the volume.
    HU become mu (1/mm) by nanodrr's bilinear air-water-bone scale at 70 keV (NIST XCOM).
    """
    lps_from_camera = torch.from_numpy(np.linalg.inv(camera.camera_from_lps)).float()[None]
    with torch.inference_mode():
        films = Projector.of(hu, lps_from_ijk, structures).films(lps_from_camera, camera, shape, samples)
    return films[0].numpy()


@dataclass(frozen=True, slots=True, eq=False)
class Projector:
    """Line integrals of one volume from any number of places, differentiable with respect to these."""

    subject: Subject

    @classmethod
    def of(cls, hu: NDArray, lps_from_ijk: NDArray, structures: NDArray | None = None) -> Projector:
        """As `project_line_integrals` takes them."""
        return cls(_subject(hu, lps_from_ijk, structures))

    def films(
        self, lps_from_camera: Tensor, camera: Camera, shape: tuple[int, int], samples: int | None = None
    ) -> Tensor:
        """(B, C, rows, cols) of cameras at `lps_from_camera` (B, 4, 4) with the intrinsics and SID of `camera`."""
        count = len(lps_from_camera)
        # nanodrr puts pixel centres at halves.
        intrinsics = camera.intrinsics + np.array([[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]])
        return render(
            self.subject,
            torch.from_numpy(np.linalg.inv(intrinsics)).float().expand(count, 3, 3),
            lps_from_camera,
            torch.full((count,), camera.sid_mm, dtype=torch.float32),
            *shape,
            n_samples=samples or max(self.subject.image.shape),
            backend="torch",
        )


def _subject(hu: NDArray, lps_from_ijk: NDArray, structures: NDArray | None) -> Subject:
    """nanodrr's volume: arrays as (K, J, I), so that its x, y, z are our i, j, k."""
    image = torch.from_numpy(np.ascontiguousarray(hu.T, dtype=np.float32))[None, None]
    labels = np.zeros((1, 1, 1), np.float32) if structures is None else structures.T
    label = torch.from_numpy(np.ascontiguousarray(labels, dtype=np.float32))[None, None]
    size = np.array(hu.shape, dtype=np.float64)
    grid_from_ijk = np.diag([*(2 / size), 1.0])
    grid_from_ijk[:3, 3] = 1 / size - 1
    matrices = (lps_from_ijk, np.linalg.inv(lps_from_ijk), grid_from_ijk)
    affine, inverse, grid = (torch.from_numpy(np.array(m)).float() for m in matrices)
    count = 0 if structures is None else int(structures.max())
    return Subject(image, label, affine, inverse, grid, torch.zeros(3), max_label=count)
