"""A film made ready for the screen: 16-bit pixels at every half of its size, so that any zoom touches few of them.

Only what is visible is ever turned into grey levels, so that a window drag on a film of 16 million pixels costs as
much as the widget has pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.cases.films import oriented

_TOP = 65535
_SMALLEST = 256  # a level whose longer edge is below this is not halved again
_COUNTED = 1 << 20  # pixels that percentiles are counted on, at most


class Preset(Enum):
    """Windows by the share of pixels below their ends; a radiograph has no Hounsfield units to name them by."""

    FULL = (0.0, 1.0)
    WHOLE = (0.01, 0.995)
    BONE = (0.45, 0.999)
    SOFT_TISSUE = (0.02, 0.80)


@dataclass(frozen=True, slots=True)
class Window:
    """The intensities shown black and white, in the film's own units; low < high."""

    low: float
    high: float

    @property
    def level(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> float:
        """From black to white."""
        return self.high - self.low

    def dragged(self, width_by: float, level_by: float, least: float) -> Window:
        """Wider and higher by film units, at least `least` wide."""
        half = max(self.width + width_by, least) / 2
        level = self.level + level_by
        return Window(level - half, level + half)


@dataclass(frozen=True, eq=False)
class FilmImage:
    """Levels of a film: (rows, columns) uint16, level k smaller by 2**k, padded to whole blocks.

    low, high: film intensities of 0 and 65535.   size: (rows, columns) of the film as it is oriented.
    padded_top, padded_left: whether the padding lies there, and not at the bottom and the right.
    """

    levels: tuple[NDArray[np.uint16], ...]
    low: float
    high: float
    size: tuple[int, int]
    padded_top: bool = False
    padded_left: bool = False

    def oriented(self, quarter_turns: int, mirrored: bool) -> FilmImage:
        """A film as decoded turned and mirrored; costs nothing."""
        if not quarter_turns % 4 and not mirrored:
            return self
        turns = quarter_turns % 4
        levels = tuple(oriented(level, turns, mirrored) for level in self.levels)
        size = (self.size[1], self.size[0]) if turns % 2 else self.size
        return FilmImage(levels, self.low, self.high, size, turns in (2, 3), (turns in (1, 2)) != mirrored)

    def before(self, level: int) -> tuple[int, int]:
        """Rows and columns of the film by which the first block of a level begins outside it."""
        (rows, columns), (high, wide), block = self.size, self.levels[level].shape, 1 << level
        return (high * block - rows if self.padded_top else 0), (wide * block - columns if self.padded_left else 0)

    def level_for(self, pixels_per_column: float) -> int:
        """The level whose pixels are nearest to those of the screen, when a column of the film takes so many."""
        wanted = round(-np.log2(max(pixels_per_column, 1e-6)))
        return int(np.clip(wanted, 0, len(self.levels) - 1))

    def grey_table(self, window: Window, inverted: bool) -> NDArray[np.uint8]:
        """The 8-bit grey of every 16-bit value."""
        values = self.low + (self.high - self.low) * np.arange(_TOP + 1, dtype=np.float32) / _TOP
        grey = np.clip((values - window.low) / max(window.width, 1e-9) * 255 + 0.5, 0, 255).astype(np.uint8)
        return 255 - grey if inverted else grey

    def window_of(self, preset: Preset) -> Window:
        """The window of a preset for this film."""
        below, above = preset.value
        ends = np.searchsorted(self._cumulative, [below, above], side="left")
        low, high = (self.low + (self.high - self.low) * min(float(end), _TOP) / _TOP for end in ends)
        if preset is Preset.FULL:
            low, high = self.low, self.high
        return Window(low, max(high, low + self.least_width))

    @property
    def least_width(self) -> float:
        """The narrowest window that makes sense."""
        return (self.high - self.low) / 1000

    @cached_property
    def _cumulative(self) -> NDArray[np.float64]:
        counted = next((one for one in self.levels if one.size <= _COUNTED), self.levels[-1])
        counts = np.bincount(counted.ravel(), minlength=_TOP + 1)
        counts[0] = 0  # what the collimator hides says nothing of the knee
        return np.cumsum(counts) / max(counts.sum(), 1)


def film_image(pixels: NDArray[np.float32]) -> FilmImage:
    """The levels of a film's pixels (rows, columns). Takes half a second for 16 million; never in the GUI thread."""
    low, high = float(pixels.min()), float(pixels.max())
    factor = _TOP / (high - low) if high > low else 0.0
    levels = [((pixels - np.float32(low)) * np.float32(factor) + np.float32(0.5)).astype(np.uint16)]
    while max(levels[-1].shape) > 2 * _SMALLEST:
        levels.append(_halved(levels[-1]))
    image = FilmImage(tuple(levels), low, high, (pixels.shape[0], pixels.shape[1]))
    image.window_of(Preset.WHOLE)  # counts the pixels here and not in the GUI thread
    return image


def _halved(level: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Means of blocks of 2 x 2; an odd last row or column is repeated."""
    rows, columns = level.shape
    even = np.pad(level, ((0, rows % 2), (0, columns % 2)), mode="edge") if rows % 2 or columns % 2 else level
    upper = even[0::2].astype(np.uint32) + even[1::2]
    return ((upper[:, 0::2] + upper[:, 1::2] + 2) >> 2).astype(np.uint16)
