"""What a network sees of a film: the knee frame's pixels, and nothing that gain, curve or offset could change.

Three channels: the film with its histogram equalised as far as a limit lets it (any rising curve leaves it nearly as
it was), and two local normalisations of that, at the scale of a bone and of a cortex. The limit is Pizer's contrast
limit (Computer Vision, Graphics, and Image Processing 39, 1987) over the whole film.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, grid_sample, interpolate, pad

from engine.domain import CalibratedPair, Camera, Radiograph, Side, View
from engine.geometry.model_frame import FILM_PIXEL_MM, FILM_PIXELS, model_from_lps

CHANNELS = 3
_BINS = 256
_CONTRAST_LIMIT = 4.0
_LOCAL_SCALES = ((16.0, 0.03), (4.0, 0.015))


def film_inputs(calibrated: CalibratedPair) -> tuple[Tensor, Tensor, Tensor]:
    """What the encoder takes: films (2, 3, 256, 256), camera_from_model (2, 4, 4) and sod_mm (2,), AP first."""
    arranged = [arranged_film(radiograph, camera, calibrated.side) for radiograph, camera in calibrated.views]
    films, cameras = zip(*arranged, strict=True)
    sod = torch.tensor([camera.sod_mm for _, camera in calibrated.views], dtype=torch.float32)
    return normalised(torch.stack(films)), torch.stack([torch.from_numpy(c).float() for c in cameras]), sod


def arranged_film(radiograph: Radiograph, camera: Camera, side: Side) -> tuple[Tensor, NDArray[np.float64]]:
    """A film (256, 256) before its normalisation, and camera_from_model (4, 4).

    Films are turned into the one arrangement that networks are trained on: AP columns run to +x of the right-knee
    model frame, lateral columns run anterior. Turning a film negates its camera's column axis, so pixels and geometry
    stay together, and a left knee comes out as a right one.
    """
    film, matrix = resampled(radiograph.pixels, camera), camera.camera_from_lps @ model_from_lps(side)
    wanted = np.array([1.0, 0, 0] if radiograph.view is View.AP else [0, -1.0, 0])
    if matrix[0, :3] @ wanted >= 0:
        return film, matrix
    return film.flip(1), np.diag([-1.0, 1, 1, 1]) @ matrix


def resampled(pixels: NDArray[np.float32], camera: Camera) -> Tensor:
    """(256, 256): the film on the network's grid of 0.75 mm in the isocentre plane; its minimum where it ends."""
    rows, columns = pixels.shape
    low, high = np.percentile(pixels, [0.2, 99.8])
    film = torch.from_numpy(((pixels - low) / max(high - low, 1e-6)).clip(0, 1)).float()[None, None]
    focal = camera.intrinsics[[1, 0], [1, 0]]
    step = FILM_PIXEL_MM * focal / camera.sod_mm
    for axis in (0, 1):
        film = _blurred(film, 0.42 * step[axis], axis) if step[axis] > 1 else film
    centre = camera.intrinsics[[1, 0], [2, 2]]
    at = np.arange(FILM_PIXELS) - (FILM_PIXELS - 1) / 2
    y, x = ((2 * (centre[n] + at * step[n]) + 1) / size - 1 for n, size in enumerate((rows, columns)))
    grid = torch.from_numpy(np.stack(np.broadcast_arrays(x[None, :], y[:, None]), -1)).float()[None]
    return grid_sample(film, grid, mode="bilinear", padding_mode="zeros", align_corners=False)[0, 0]


def normalised(films: Tensor) -> Tensor:
    """(N, 3, 256, 256) from films (N, 256, 256) of any positive gain, offset and rising curve."""
    equal = torch.stack([_equalised(film) for film in films])[:, None]
    local = [_locally_normalised(equal, sigma, floor) for sigma, floor in _LOCAL_SCALES]
    return torch.cat([2 * equal - 1, *local], dim=1)


def _equalised(film: Tensor) -> Tensor:
    """Contrast-limited histogram equalisation to [0, 1]."""
    flat = film.flatten()
    low, high = torch.quantile(flat[::7], torch.tensor([0.003, 0.997], dtype=flat.dtype))
    scaled = ((film - low) / (high - low).clamp_min(1e-6)).clamp(0, 1)
    counts = torch.histc(scaled, bins=_BINS, min=0.0, max=1.0)
    counts = counts.clamp_max(_CONTRAST_LIMIT * film.numel() / _BINS)
    steps = torch.cat([torch.zeros(1), counts.cumsum(0)]) / counts.sum()
    place = scaled * _BINS
    index = place.long().clamp_max(_BINS - 1)
    return torch.lerp(steps[index], steps[index + 1], place - index)


def _locally_normalised(films: Tensor, sigma: float, floor: float) -> Tensor:
    """(film - local mean) / (local deviation + floor), halved and limited to ±2."""
    centred = films - gaussian(films, sigma)
    deviation = gaussian(centred.square(), sigma).clamp_min(0).sqrt()
    return (0.5 * centred / (deviation + floor)).clamp(-2, 2)


def gaussian(films: Tensor, sigma: float) -> Tensor:
    """Gaussian filter of (N, 1, rows, cols), sigma in pixels, borders repeated; wide ones on a quarter of the grid."""
    if sigma < 6:
        return _blurred(_blurred(films, sigma, 0), sigma, 1)
    small = avg_pool2d(films, 4)
    small = _blurred(_blurred(small, sigma / 4, 0), sigma / 4, 1)
    return interpolate(small, size=films.shape[-2:], mode="bilinear", align_corners=False)


def _blurred(films: Tensor, sigma: float, axis: int) -> Tensor:
    """Gaussian filter of (N, 1, rows, cols) along rows (0) or columns (1), borders repeated."""
    radius = math.ceil(2.5 * sigma)
    taps = torch.exp(-0.5 * (torch.arange(-radius, radius + 1, dtype=films.dtype) / sigma) ** 2)
    taps = taps / taps.sum()
    if axis == 0:
        return conv2d(pad(films, (0, 0, radius, radius), mode="replicate"), taps.reshape(1, 1, -1, 1))
    return conv2d(pad(films, (radius, radius, 0, 0), mode="replicate"), taps.reshape(1, 1, 1, -1))
