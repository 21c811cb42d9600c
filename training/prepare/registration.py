"""Where a CT's knee stood when a real film of it was taken: 2-D/3-D registration by gradients.

The film is compared with the projected thickness of the CT's bones by gradient correlation after a local
normalisation, the figure of engine/quality/similarity.py, which says what is published and measured of it. Poses are
searched on a grid of turns, each with the shift that fits best (by FFT), and followed uphill through nanodrr, at 3 mm
a pixel and then at 1.5 mm. The distance from the source is not sought: a film hardly shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate, max_pool2d

from engine.domain import Camera
from engine.geometry.model_frame import FILM_PIXEL_MM, FILM_PIXELS
from engine.geometry.projection import Projector
from engine.models.film_norm import gaussian
from training.cohort.tissue import SPACING_MM
from training.prepare.case_file import pooled
from training.simulate.case import placed_camera

# Turns at which the search starts: about the beam, about the other level axis, and about the leg's own.
_IN_FILM_DEG, _TILTS_DEG, _ALONG_LEG_DEG = (-12, -6, 0, 6, 12), (-10, 0, 10), (-30, -15, 0, 15, 30)
_SHIFTS_MM = 45.0
_COARSE, _FINE = 64, 128  # pixels along each side of the compared films
_FOLLOWED = {_COARSE: 4, _FINE: 1}
_STEPS = {_COARSE: 40, _FINE: 25}
_SAMPLES = {_COARSE: 40, _FINE: 60}  # along a ray
_AT_ONCE = 9
_COARSENING = 2  # of the simulation grid, for the bones
_LOCAL_MM, _REACH_MM, _CUT_MM = 8.0, 4.0, 8.0
_SHADOW = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """model_from_knee: (4, 4) rigid, mm. fit: gradient correlation there, in [-1, 1]."""

    model_from_knee: NDArray[np.float64]
    fit: float


def register(
    film: Tensor, bone: NDArray[np.float32], camera_from_model: NDArray[np.float64], sod_mm: float
) -> Registered:
    """The pose at which a knee fits its film best; it is not shifted along the beam.

    film: (256, 256), bone bright, as `film_norm.resampled` makes it. bone: (160, 160, 160) share of bone on the
    simulation grid, in the knee's frame. camera_from_model: (4, 4), mm, of the film.
    """
    cameras = {n: placed_camera(camera_from_model, sod_mm, n) for n in (_COARSE, _FINE)}
    bones = _projector(bone)
    coarse, fine = (_Compared(_slopes(_reduced(film, n), _pixel_mm(n)), bones, cameras[n], n) for n in cameras)
    poses, fits = fine.followed(coarse.followed(coarse.searched())[0])
    best = int(fits.argmax())
    return Registered(fine.matrices(poses[best : best + 1])[0].double().numpy(), float(fits[best]))


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """A film and a CT's bones at one size of pixel.

    Poses are (N, 5): turns about the model's x, y and z (rad), shifts along the film's columns and rows (cm, so that
    all five weigh alike).
    """

    slopes: Tensor
    bones: Projector
    camera: Camera
    pixels: int

    def searched(self) -> Tensor:
        """Every turn of the grid, shifted to where it fits best."""
        beam_along_x = abs(self.camera.camera_from_lps[2, 0]) > 0.5
        level = (_IN_FILM_DEG, _TILTS_DEG) if beam_along_x else (_TILTS_DEG, _IN_FILM_DEG)
        turns = torch.deg2rad(torch.tensor(list(product(*level, _ALONG_LEG_DEG)), dtype=torch.float32))
        poses = torch.cat([turns, torch.zeros(len(turns), 2)], 1)
        with torch.no_grad():
            return torch.cat([self._shifted(block) for block in poses.split(_AT_ONCE)])

    def followed(self, starts: Tensor) -> tuple[Tensor, Tensor]:
        """The starts that fit best, each followed uphill: the best pose (N, 5) on its way, and its fit (N,)."""
        with torch.no_grad():
            fits = torch.cat([self._fits(block) for block in starts.split(_AT_ONCE)])
        best, fits = (x[fits.argsort(descending=True)[: _FOLLOWED[self.pixels]]].clone() for x in (starts, fits))
        poses = best.clone().requires_grad_(True)
        ascent = torch.optim.Adam([poses], lr=0.03, maximize=True)
        pace = torch.optim.lr_scheduler.CosineAnnealingLR(ascent, _STEPS[self.pixels], eta_min=0.003)
        for _ in range(_STEPS[self.pixels]):
            ascent.zero_grad()
            now = self._fits(poses)
            now.sum().backward()
            better = now.detach() > fits
            best[better], fits[better] = poses.detach()[better], now.detach()[better]
            ascent.step()
            pace.step()
        return best, fits

    def matrices(self, poses: Tensor) -> Tensor:
        """(N, 4, 4) model_from_knee of poses."""
        x, y, z = poses[:, :3].unbind(1)
        zero = torch.zeros_like(x)
        turning = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1).reshape(-1, 3, 3)
        in_film = torch.tensor(self.camera.camera_from_lps[:2, :3]).float()
        matrices = torch.eye(4).repeat(len(poses), 1, 1)
        matrices[:, :3, :3] = torch.linalg.matrix_exp(turning)
        matrices[:, :3, 3] = 10 * poses[:, 3:] @ in_film
        return matrices

    def _fits(self, poses: Tensor) -> Tensor:
        thickness = self._thickness(poses)
        slopes, region = _slopes(thickness, _pixel_mm(self.pixels)), _region(thickness.detach(), _pixel_mm(self.pixels))
        return _correlation(self.slopes, slopes, region).mean(1)

    def _thickness(self, poses: Tensor) -> Tensor:
        camera_from_knee = torch.tensor(self.camera.camera_from_lps).float() @ self.matrices(poses)
        size = self.pixels, self.pixels
        return self.bones.films(torch.linalg.inv(camera_from_knee), self.camera, size, _SAMPLES[self.pixels])

    def _shifted(self, poses: Tensor) -> Tensor:
        """Poses with the shift at which the film's slopes and their own correlate best."""
        thickness, pixel_mm = self._thickness(poses), _pixel_mm(self.pixels)
        own = _slopes(thickness, pixel_mm) * _region(thickness, pixel_mm)
        spectrum = torch.fft.rfft2(self.slopes) * torch.fft.rfft2(own).conj()
        reach = round(_SHIFTS_MM / pixel_mm)
        agreement = torch.fft.irfft2(spectrum, s=(self.pixels, self.pixels)).sum(1).roll((reach, reach), (1, 2))
        width = 2 * reach + 1
        place = agreement[:, :width, :width].flatten(1).argmax(1)
        shift = torch.stack([place % width, place // width], 1) - reach
        return torch.cat([poses[:, :3], poses[:, 3:] + shift * pixel_mm / 10], 1)


def _projector(bone: NDArray[np.float32]) -> Projector:
    step_mm = SPACING_MM * _COARSENING
    hu = pooled(bone, _COARSENING) * 2000 - 1000
    affine = np.diag([step_mm] * 3 + [1.0])
    affine[:3, 3] = -(len(hu) - 1) / 2 * step_mm
    return Projector.of(hu, affine)


def _pixel_mm(pixels: int) -> float:
    """In the isocentre's plane."""
    return FILM_PIXEL_MM * FILM_PIXELS / pixels


def _reduced(film: Tensor, pixels: int) -> Tensor:
    return interpolate(film[None, None], size=(pixels, pixels), mode="area")


def _slopes(pictures: Tensor, pixel_mm: float) -> Tensor:
    """(N, 2, rows, cols): along columns and rows, of pictures (N, 1, rows, cols) made locally normal."""
    centred = pictures - gaussian(pictures, _LOCAL_MM / pixel_mm)
    variance = gaussian(centred.square(), _LOCAL_MM / pixel_mm)
    normal = centred / (variance + 1e-4 * variance.amax((1, 2, 3), keepdim=True) + 1e-9).sqrt()
    return torch.cat(torch.gradient(gaussian(normal, 1.0), dim=(3, 2)), 1)


def _region(thickness: Tensor, pixel_mm: float) -> Tensor:
    """(N, 1, rows, cols): near the bones' shadow, but not where their cut ends fall: no film shows such edges."""
    shadow = (thickness > _SHADOW).float()
    reach, cut = max(1, round(_REACH_MM / pixel_mm)), round(_CUT_MM / pixel_mm)
    empty = 1 - shadow.amax(3, keepdim=True)
    near_end = max_pool2d(empty, (2 * cut + 1, 1), 1, (cut, 0))
    return max_pool2d(shadow, 2 * reach + 1, 1, reach) * (1 - near_end)


def _correlation(a: Tensor, b: Tensor, region: Tensor) -> Tensor:
    """(N, C) of pictures (N or 1, C, rows, cols) within a region (N, 1, rows, cols)."""
    size = region.sum((2, 3), keepdim=True).clamp_min(1)
    a, b = ((p - (p * region).sum((2, 3), keepdim=True) / size) * region for p in (a, b))
    scale = (a.square().sum((2, 3)) * b.square().sum((2, 3))).sqrt()
    return (a * b).sum((2, 3)) / scale.clamp_min(1e-6)
