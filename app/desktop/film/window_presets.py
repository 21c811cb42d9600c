"""Which grey an HU becomes: level (the middle of the window) and width, and the table that pixels are looked up in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LEVELS_HU = (-1500.0, 3500.0)
WIDTHS_HU = (1.0, 6000.0)


@dataclass(frozen=True, slots=True)
class HuWindow:
    """level: HU shown as middle grey; width: HU from black to white. Values outside their range are brought into it."""

    level: float
    width: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "level", float(np.clip(self.level, *LEVELS_HU)))
        object.__setattr__(self, "width", float(np.clip(self.width, *WIDTHS_HU)))

    def dragged(self, right: float, up: float) -> HuWindow:
        """After the mouse moved by so many layout units: wider to the right, darker upwards, by 1 % of the width."""
        scale = max(self.width, 100.0) / 100
        return HuWindow(self.level + up * scale, self.width + right * scale)


class Preset(Enum):
    """Windows by what they show."""

    BONE = HuWindow(500, 2000)
    SOFT_TISSUE = HuWindow(50, 400)
    FULL = HuWindow(512, 3072)


@lru_cache(maxsize=16)
def grey_table(window: HuWindow) -> NDArray[np.uint8]:
    """The grey (65536,) of every int16, indexed by its bits as uint16."""
    hu = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.float32)
    low = window.level - window.width / 2
    return np.clip(np.rint((hu - low) * (255 / window.width)), 0, 255).astype(np.uint8)


def greys(hu: NDArray[np.int16], window: HuWindow) -> NDArray[np.uint8]:
    """The pixels (rows, cols) as greys, contiguous."""
    return np.take(grey_table(window), np.ascontiguousarray(hu).view(np.uint16))
