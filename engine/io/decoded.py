"""What the decoding child hands over: header facts as the file writes them, and pixels as the file stores them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ModalityLut:
    """Modality LUT (PS3.3 C.11.1): `entries[stored - first]`, clamped at both ends; `bits` an entry."""

    first: int
    bits: int
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One file, decoded but not interpreted.

    name: file name without folder. sha256: of the whole file. format: "DICOM", "PNG", "TIFF" or "JPEG".
    facts: DICOM keyword to the text in the file (values of a list stay separated by backslashes) or a whole number;
        keywords that are absent or empty are not in it.
    pixels: (rows, columns), unsigned or signed 8- or 16-bit stored values.
    """

    name: str
    sha256: str
    format: str
    pixels: NDArray[Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    modality_lut: ModalityLut | None = None

    def text(self, keyword: str) -> str:
        """The text of an attribute, or '' where the file has none."""
        return str(self.facts.get(keyword, ""))

    def values(self, keyword: str) -> tuple[str, ...]:
        """The parts of a multi-valued text, each without spaces around it; () where the file has none."""
        text = self.text(keyword)
        return tuple(part.strip() for part in text.split("\\")) if text else ()

    def number(self, keyword: str, default: int = 0) -> int:
        """A whole number (VR US or SS)."""
        return int(self.facts.get(keyword, default))

    @property
    def stored_range(self) -> tuple[int, int]:
        """Lowest and highest value that the stored bits can hold."""
        bits = self.number("BitsStored", 8 * self.pixels.dtype.itemsize)
        if np.issubdtype(self.pixels.dtype, np.signedinteger):
            return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
        return 0, (1 << bits) - 1
