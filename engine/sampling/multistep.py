"""DPM-Solver++(2M) over the levels of a nest in lock-step: three schedules, one clock, no hidden state.

Lu et al., DPM-Solver++, arXiv 2211.01095, algorithm 2 (data prediction, multistep, second order). The state between
steps is the noisy levels and the last denoised ones, both local to the generator.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from typing import Protocol

import torch
from torch import Tensor

from engine.models.schedule import Schedule, alpha_sigma
from engine.sampling.spacing import Spacing, step_times


class Denoiser(Protocol):
    """Best guess of the clean levels: `x` are the noisy ones at time t, innermost first, shapes kept."""

    def __call__(self, x: Sequence[Tensor], t: float) -> Sequence[Tensor]: ...


@dataclass(frozen=True, slots=True, eq=False)
class SamplerStep:
    """One finished step. denoised: x0 as the network saw it at time t, every level, innermost first."""

    done: int
    total: int
    t: float
    denoised: tuple[Tensor, ...]


def sample(
    denoiser: Denoiser,
    schedule: Schedule,
    noise: Sequence[Tensor],
    steps: int,
    spacing: Spacing = Spacing.LOG_SNR,
) -> Generator[SamplerStep, None, list[Tensor]]:
    """Denoise all levels together with exactly `steps` evaluations; yields after each, returns the clean levels.

    noise: one tensor (B, C, n, n, n) a level, innermost first; a level's side over the innermost's is its ratio.
    First and last step are first order; the last lands on the denoised levels themselves (sigma = 0).

    Raises ValueError for fewer than one step or a level whose side is not a multiple of the innermost's.
    """
    ratios = level_ratios(noise)
    times = step_times(schedule, steps, spacing)
    x, before, h_before = list(noise), None, 0.0
    for done, (t, t_next) in enumerate(pairwise(times), start=1):
        denoised = tuple(denoiser(x, t))
        yield SamplerStep(done, steps, t, denoised)
        if done == steps:
            return list(denoised)
        h = _half_log_snr(schedule, t_next) - _half_log_snr(schedule, t)
        ahead = denoised if before is None else _extrapolated(denoised, before, h / h_before)
        x = [_step(schedule, r, t, t_next, *level) for r, *level in zip(ratios, x, ahead, strict=True)]
        before, h_before = denoised, h
    raise AssertionError("the last step returns")


def level_ratios(levels: Sequence[Tensor]) -> list[int]:
    """Linear ratio of every level's side to the innermost's.

    Raises ValueError when a side is not a multiple of the innermost's.
    """
    sides = [level.shape[-1] for level in levels]
    if any(side % sides[0] for side in sides):
        raise ValueError(f"levels of sides {sides} do not nest")
    return [side // sides[0] for side in sides]


def _half_log_snr(schedule: Schedule, t: float) -> float:
    """lambda = log(alpha / sigma) of the innermost level; shifts are constant, so all levels share its differences."""
    return schedule.log_snr(t) / 2


def _extrapolated(denoised: Sequence[Tensor], before: Sequence[Tensor], r: float) -> list[Tensor]:
    """D = (1 + r/2) x0 - (r/2) x0_before, with r = h / h_before (algorithm 2, line 9)."""
    return [torch.lerp(now, then, -r / 2) for now, then in zip(denoised, before, strict=True)]


def _step(schedule: Schedule, ratio: int, t: float, t_next: float, x: Tensor, ahead: Tensor) -> Tensor:
    """x_next = (sigma_next / sigma) x - alpha_next (e^-h - 1) D (eq. 9), with h = lambda_next - lambda."""
    log_snr, log_snr_next = schedule.log_snr(t, ratio), schedule.log_snr(t_next, ratio)
    both = torch.tensor([log_snr, log_snr_next], dtype=torch.float64)
    (_, alpha_next), (sigma, sigma_next) = (pair.tolist() for pair in alpha_sigma(both))
    h = (log_snr_next - log_snr) / 2
    return x * (sigma_next / sigma) + ahead * (alpha_next * (1 - exp(-h)))
