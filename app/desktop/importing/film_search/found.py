"""What was found of one file: a film with what its header and pixels say, or the reason why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.domain import Identity, Radiograph, Side, View
from engine.domain.arrays import frozen_array

THUMBNAIL = 192  # pixels along the longer edge


@dataclass(frozen=True, slots=True, eq=False)
class FoundFilm:
    """A file that decodes to a film.

    view, side: what the file says, None where it says nothing; nothing is guessed here.   has_scale: whether the
    spacing at the detector is known.   size: rows, columns.   thumbnail: (rows, columns) uint8, bone bright.
    body_part: the header's word for it, or "".   warnings: sentences.
    """

    sha256: str
    view: View | None
    side: Side | None
    size: tuple[int, int]
    has_scale: bool
    identity: Identity
    body_part: str
    format: str
    warnings: tuple[str, ...]
    thumbnail: NDArray[np.uint8]

    def __post_init__(self) -> None:
        object.__setattr__(self, "thumbnail", frozen_array(self.thumbnail, np.uint8, "thumbnail", (None, None)))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One file. refused: a sentence, where `film` is None.   name: for people, below what was dropped."""

    path: Path
    name: str
    film: FoundFilm | None = None
    refused: str = ""

    @property
    def reason(self) -> str:
        """Why it is no film: the refusal without the file's name and the remedy (engine/io/refusals.py)."""
        sentence = self.refused.partition("; ")[0]
        return sentence.removeprefix(f"{self.path.name} ")

    @property
    def remedy(self) -> str:
        """What to do about it; '' where the refusal has none."""
        return self.refused.partition("; ")[2]


def film_of(radiograph: Radiograph, has_scale: bool, header: dict[str, str]) -> FoundFilm:
    """What the list shows of a decoded film."""
    rows, columns = radiograph.pixels.shape
    return FoundFilm(
        sha256=radiograph.sha256,
        view=radiograph.view,
        side=radiograph.side,
        size=(rows, columns),
        has_scale=has_scale,
        identity=radiograph.identity,
        body_part=header.get("BodyPartExamined", ""),
        format=header.get("format", ""),
        warnings=radiograph.warnings,
        thumbnail=thumbnail(radiograph.pixels),
    )


def thumbnail(pixels: NDArray[np.float32], longest: int = THUMBNAIL) -> NDArray[np.uint8]:
    """A small picture of a film, windowed to what lies between its 1st and 99th percentile."""
    step = max(1, -(-max(pixels.shape) // longest))
    rows, columns = (n // step * step for n in pixels.shape)
    blocks = pixels[:rows, :columns].reshape(rows // step, step, columns // step, step)
    small = blocks.mean(axis=(1, 3), dtype=np.float32)
    low, high = np.percentile(small, (1.0, 99.0))
    scaled = (small - low) / max(float(high - low), 1e-6)
    return np.ascontiguousarray(np.clip(scaled * 255.0, 0, 255).astype(np.uint8))
