"""How noise grows with time, at every level of the nest, and what v means there.

x_t = alpha x0 + sigma eps with alpha² + sigma² = 1, so one number, log SNR = log(alpha² / sigma²), says both
(Kingma et al., Variational Diffusion Models, arXiv 2107.00630, eq. 3-4). All levels share one t in [0, 1], 0 clean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import overload

import torch
from torch import Tensor

INNERMOST = 1


@dataclass(frozen=True, slots=True)
class Schedule:
    """Cosine schedule, truncated to a finite range and shifted for each outer level.

    shift_power: p of SNR_s = SNR / s^p (Gu et al., Matryoshka Diffusion, arXiv 2310.15111, section 3.3); average
        pooling of r³ voxels divides the variance of white noise by r³, so p = 3 gives all levels the same information.
    log_snr_min, log_snr_max: of the innermost level, at t = 1 and t = 0.

    Raises ValueError for an empty or unbounded range.
    """

    shift_power: float = 3.0
    log_snr_min: float = -10.0
    log_snr_max: float = 10.0

    def __post_init__(self) -> None:
        numbers = self.shift_power, self.log_snr_min, self.log_snr_max
        if not all(map(math.isfinite, numbers)) or self.log_snr_min >= self.log_snr_max:
            raise ValueError(f"schedule {numbers} has no finite range log_snr_min < log_snr_max")

    @overload
    def log_snr(self, t: float, ratio: int = INNERMOST) -> float: ...
    @overload
    def log_snr(self, t: Tensor, ratio: int = INNERMOST) -> Tensor: ...
    def log_snr(self, t: float | Tensor, ratio: int = INNERMOST) -> float | Tensor:
        """log SNR at time t (any shape, clipped to [0, 1]; dtype kept) of the level whose side is `ratio` innermosts.

        Source: Salimans and Ho, Progressive Distillation, arXiv 2202.00512, appendix; truncation and shift as in
        Hoogeboom et al., simple diffusion, arXiv 2301.11093, eq. 3-4.
        """
        first, last = _angle(self.log_snr_max), _angle(self.log_snr_min)
        shift = self.shift_power * math.log(ratio)
        if isinstance(t, Tensor):
            return -2 * torch.log(torch.tan(first + t.clamp(0, 1) * (last - first))) - shift
        return -2 * math.log(math.tan(first + min(max(t, 0.0), 1.0) * (last - first))) - shift

    def time(self, log_snr: float) -> float:
        """The time in [0, 1] at which the innermost level has this log SNR; inverse of `log_snr`."""
        first, last = _angle(self.log_snr_max), _angle(self.log_snr_min)
        return min(max((_angle(log_snr) - first) / (last - first), 0.0), 1.0)


def _angle(log_snr: float) -> float:
    """Angle phi of log SNR = -2 log tan phi, where alpha = cos phi and sigma = sin phi."""
    return math.atan(math.exp(-log_snr / 2))


def alpha_sigma(log_snr: Tensor) -> tuple[Tensor, Tensor]:
    """alpha = sqrt(sigmoid(log SNR)) and sigma = sqrt(sigmoid(-log SNR)), shape and dtype kept (VDM, eq. 4)."""
    return torch.sigmoid(log_snr).sqrt(), torch.sigmoid(-log_snr).sqrt()


def noisy(x0: Tensor, eps: Tensor, log_snr: Tensor) -> Tensor:
    """x_t = alpha x0 + sigma eps. x0, eps: (B, ...); log_snr: (B,) or a single number."""
    alpha, sigma = _coefficients(log_snr, x0)
    return alpha * x0 + sigma * eps


def v_target(x0: Tensor, eps: Tensor, log_snr: Tensor) -> Tensor:
    """v = alpha eps - sigma x0 (Salimans and Ho, arXiv 2202.00512, appendix D). Shapes as in `noisy`."""
    alpha, sigma = _coefficients(log_snr, x0)
    return alpha * eps - sigma * x0


def x0_from_v(x: Tensor, v: Tensor, log_snr: Tensor) -> Tensor:
    """x0 = alpha x - sigma v. Shapes as in `noisy`."""
    alpha, sigma = _coefficients(log_snr, x)
    return alpha * x - sigma * v


def eps_from_v(x: Tensor, v: Tensor, log_snr: Tensor) -> Tensor:
    """eps = sigma x + alpha v. Shapes as in `noisy`."""
    alpha, sigma = _coefficients(log_snr, x)
    return sigma * x + alpha * v


def _coefficients(log_snr: Tensor, like: Tensor) -> tuple[Tensor, Tensor]:
    """alpha and sigma in the dtype of `like` and shaped to multiply it sample by sample."""
    alpha, sigma = alpha_sigma(log_snr)
    shape = (-1,) + (1,) * (like.ndim - 1) if log_snr.ndim else ()
    return alpha.to(like.dtype).reshape(shape), sigma.to(like.dtype).reshape(shape)
