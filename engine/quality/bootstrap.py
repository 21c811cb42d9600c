"""How sure a mean over cases is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over cases and its 95 % confidence interval."""

    mean: float
    low: float
    high: float
    cases: int

    def as_dict(self) -> dict[str, float | int]:
        """For JSON."""
        return asdict(self)


def bootstrap_interval(values: Sequence[float], draws: int = 10_000, seed: int = 0) -> Interval:
    """Percentile bootstrap of the mean over cases (Efron and Tibshirani 1993, section 13.3).

    values: one a case, finite. The same values and seed give the same interval.

    Raises ValueError when there is no value or one is not finite.
    """
    cases = np.asarray(values, np.float64)
    if cases.ndim != 1 or not len(cases) or not np.isfinite(cases).all():
        raise ValueError(f"expected one finite value a case, got {values!r}")
    means = np.random.default_rng(seed).choice(cases, (draws, len(cases))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(cases.mean()), float(low), float(high), len(cases))
