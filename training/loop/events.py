"""What a training run tells as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StepDone:
    """After a step. step: steps done of `total`.   terms: weighted terms of the loss, and `grad`, the norm."""

    step: int
    total: int
    stage: str
    terms: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint lies in `path`."""

    step: int
    path: Path


@dataclass(frozen=True, slots=True)
class Validated:
    """Scores of the averaged weights."""

    step: int
    scores: Mapping[str, float]


TrainEvent = StepDone | Saved | Validated
