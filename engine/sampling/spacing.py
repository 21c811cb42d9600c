"""Where a sampler puts its few evaluations between noise and knee."""

from collections.abc import Callable
from enum import Enum

import numpy as np

from engine.models.schedule import Schedule


class Spacing(Enum):
    """Even steps in log SNR of the innermost level (Lu et al., arXiv 2206.00927, section 3.4), or in time."""

    LOG_SNR = "log-snr"
    TIME = "time"


def step_times(schedule: Schedule, steps: int, spacing: Spacing = Spacing.LOG_SNR) -> list[float]:
    """`steps` + 1 falling times, from 1 (noise) to 0 (clean).

    Raises ValueError for fewer than one step.
    """
    if steps < 1:
        raise ValueError(f"{steps} sampler steps, expected at least 1")
    return [1.0, *_INNER_TIMES[spacing](schedule, steps), 0.0]


def _even_in_log_snr(schedule: Schedule, steps: int) -> list[float]:
    nodes = np.linspace(schedule.log_snr_min, schedule.log_snr_max, steps + 1)[1:-1]
    return [schedule.time(float(node)) for node in nodes]


def _even_in_time(_schedule: Schedule, steps: int) -> list[float]:
    return np.linspace(1.0, 0.0, steps + 1)[1:-1].tolist()


_INNER_TIMES: dict[Spacing, Callable[[Schedule, int], list[float]]] = {
    Spacing.LOG_SNR: _even_in_log_snr,
    Spacing.TIME: _even_in_time,
}
