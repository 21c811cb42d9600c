"""Exposing a film: from line integrals to pixels as a clinic might have taken them, randomised far beyond that.

What generalises from simulated to real films is width, not truth (SyntheX, doi 10.1038/s42256-023-00629-1): spectrum,
bone contrast, beam hardening, scatter, noise, blur, film curve, edge enhancement, collimation, markers, implants.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from engine.geometry.model_frame import FILM_PIXELS
from engine.models.film_norm import gaussian

Exposure = Callable[[Tensor, np.random.Generator], Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class ExposedFilm:
    """A film (256, 256), bone bright, and whether an implant was drawn into its view."""

    pixels: Tensor
    implant: bool


def expose(integrals: Tensor, rng: np.random.Generator) -> Tensor:
    """A film (256, 256), bone bright, from attenuation by structure (5, 192, 192): soft tissue and four bones."""
    return exposed_film(integrals, rng).pixels


def exposed_film(integrals: Tensor, rng: np.random.Generator) -> ExposedFilm:
    """The film of `expose`, with what was drawn for it that matters to whoever reads its score."""
    size = (FILM_PIXELS, FILM_PIXELS)
    structures = interpolate(integrals[None].float(), size=size, mode="bilinear", align_corners=False)[0]
    attenuation = _mixed(structures, rng)
    implant = bool(rng.random() < 0.06)
    if implant:
        attenuation = attenuation + _implant(rng)
    film = _response(_photons(attenuation, rng), rng)
    for step in (_enhanced, _curved, _shaded, _marked, _collimated):
        film = step(film, rng)
    return ExposedFilm(film, implant)


def shown_again(film: Tensor, rng: np.random.Generator) -> Tensor:
    """A real film (256, 256) under another curve, shading, markers and blades: all that its pixels still allow."""
    for step in (_curved, _shaded, _marked, _collimated):
        film = step(film, rng)
    return film


def _mixed(structures: Tensor, rng: np.random.Generator) -> Tensor:
    """Total attenuation: soft tissue and bones weighed as another spectrum would."""
    soft = np.exp(rng.uniform(np.log(0.3), np.log(1.5)))
    bone = np.exp(rng.uniform(np.log(0.5), np.log(2.2)))
    each = bone * np.exp(0.12 * rng.standard_normal(4))
    weights = torch.tensor([soft, *each], dtype=torch.float32)
    return torch.einsum("s,shw->hw", weights, structures)


def _photons(attenuation: Tensor, rng: np.random.Generator) -> Tensor:
    """Detected share of the beam: two energies, focal and detector blur, scatter, quantum noise."""
    hard, share = rng.uniform(0.35, 0.9), rng.uniform(0, 0.5)
    primary = (1 - share) * torch.exp(-attenuation) + share * torch.exp(-hard * attenuation)
    scattered = gaussian(primary[None, None], rng.uniform(10, 40))[0, 0]
    total = primary + (scattered + 0.02 * rng.random()) * np.exp(rng.uniform(np.log(0.01), np.log(0.8)))
    if rng.random() < 0.7:
        total = gaussian(total[None, None], rng.uniform(0.3, 1.3))[0, 0]
    dose = np.exp(rng.uniform(np.log(3e2), np.log(3e5)))
    noise = torch.from_numpy(rng.standard_normal(total.shape, dtype=np.float32))
    if rng.random() < 0.5:
        noise = gaussian(noise[None, None], 0.6)[0, 0]
    return (total + noise * (total / dose).sqrt()).clamp_min(1e-4)


def _response(photons: Tensor, rng: np.random.Generator) -> Tensor:
    """Logarithmic, linear or power-law detector, bone bright, scaled to [0, 1]."""
    kind = rng.random()
    if kind < 0.6:
        film = -torch.log(photons + rng.uniform(0, 0.02))
    elif kind < 0.8:
        film = -photons
    else:
        film = -(photons ** rng.uniform(0.2, 0.6))
    low, high = film.amin(), film.amax()
    return (film - low) / (high - low).clamp_min(1e-6)


def _enhanced(film: Tensor, rng: np.random.Generator) -> Tensor:
    """Edge enhancement or smoothing of large structures, as detectors' own software does."""
    if rng.random() < 0.5:
        return film
    sigma = np.exp(rng.uniform(np.log(2), np.log(25)))
    return film + rng.uniform(-0.3, 1.2) * (film - gaussian(film[None, None], sigma)[0, 0])


def _curved(film: Tensor, rng: np.random.Generator) -> Tensor:
    """Gamma, a sigmoid film curve, and a random rising curve through a few points (RadRotator's histogram shifts)."""
    low, high = film.amin(), film.amax()
    film = ((film - low) / (high - low).clamp_min(1e-6)) ** np.exp(rng.uniform(np.log(0.45), np.log(2.2)))
    if rng.random() < 0.5:
        centre, slope = rng.uniform(0.2, 0.7), rng.uniform(2, 9)
        film = torch.sigmoid(slope * (film - centre))
    if rng.random() < 0.5:
        film = film.clamp(0, 1)
        knots = torch.from_numpy(np.concatenate([[0], np.cumsum(rng.uniform(0.15, 1, 7))])).float()
        place = film * 7
        index = place.long().clamp(0, 6)
        film = torch.lerp(knots[index], knots[index + 1], place - index)
    return film


def _shaded(film: Tensor, rng: np.random.Generator) -> Tensor:
    """Heel effect and uneven background: a slow slope and bow across the film."""
    axis = torch.linspace(-1, 1, FILM_PIXELS)
    x, y = axis[None, :], axis[:, None]
    a, b, c, d = (rng.normal(0, 0.06, 4) * (film.amax() - film.amin()).item()).tolist()
    return film + a * x + b * y + c * (x * x) + d * (x * y)


def _marked(film: Tensor, rng: np.random.Generator) -> Tensor:
    """Bars and blocks as bright as letters of lead, away from the joint."""
    if rng.random() < 0.6:
        return film
    film = film.clone()
    high, low = film.amax().item(), film.amin().item()
    for _ in range(rng.integers(1, 5)):
        row, column = rng.choice([rng.integers(2, 60), rng.integers(190, 248)], 2)
        height, width = rng.integers(3, 22, 2)
        film[row : row + height, column : column + width] = high if rng.random() < 0.8 else low
    return film


def _collimated(film: Tensor, rng: np.random.Generator) -> Tensor:
    """Blades: margins of up to 30 mm, a little turned and soft, filled by black, white or grey."""
    if rng.random() < 0.35:
        return film
    axis = torch.arange(FILM_PIXELS) - (FILM_PIXELS - 1) / 2
    angle = np.radians(rng.normal(0, 1.5))
    x, y = axis[None, :], axis[:, None]
    u, v = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    left, right, top, bottom = 128 - rng.uniform(-10, 42, 4)
    inside = torch.minimum(torch.minimum(u + left, right - u), torch.minimum(v + top, bottom - v))
    open_part = torch.sigmoid(inside / rng.uniform(0.2, 1.5))
    low, high = film.amin().item(), film.amax().item()
    fill = rng.choice([low, low - 0.1 * (high - low), high, rng.uniform(low, high)], p=[0.45, 0.3, 0.1, 0.15])
    return film * open_part + fill * (1 - open_part)


def _implant(rng: np.random.Generator) -> Tensor:
    """Attenuation of a screw, plate or nail somewhere in view."""
    axis = torch.arange(FILM_PIXELS) - (FILM_PIXELS - 1) / 2
    angle = rng.uniform(0, np.pi)
    x, y = axis[None, :] - rng.normal(0, 35), axis[:, None] - rng.normal(0, 60)
    u, v = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    length, width = rng.uniform(15, 60), rng.uniform(2, 8)
    inside = torch.minimum(length - u.abs(), width - v.abs())
    return torch.sigmoid(inside / 0.5) * rng.uniform(1.5, 6)
