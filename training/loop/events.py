"""What a training run tells as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# A picture to look at: (height, width) or (height, width, 3), 0 to 255.
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class StepDone:
    """After a step. step: steps done of `total`.   terms: weighted terms of the loss, and `grad`, the norm.

    seconds: computing; waited: seconds before that until the step's batch was there.
    """

    step: int
    total: int
    stage: str
    terms: Mapping[str, float]
    seconds: float
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint lies in `path`."""

    step: int
    path: Path


@dataclass(frozen=True, slots=True)
class Validated:
    """Scores of the averaged weights, and on rank 0 pictures by name."""

    step: int
    scores: Mapping[str, float]
    pictures: Mapping[str, Picture] = field(default_factory=dict)


TrainEvent = StepDone | Saved | Validated
