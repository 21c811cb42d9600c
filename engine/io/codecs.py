"""One pinned decoder for each transfer syntax. Runs in the decoding child only.

All of them come from imagecodecs (BSD-3-Clause); see docs/adr/0002-pixel-decoding.md for what was left out and why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

Decoder = Callable[[bytes, tuple[int, int], int], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Codec:
    """A decoder and the frame header markers it may be given (none: the syntax has no codestream of its own)."""

    word: str
    markers: frozenset[int]
    decode: Decoder


def _jpeg(frame: bytes, _shape: tuple[int, int], _bits: int) -> NDArray[Any]:
    return imagecodecs.jpeg8_decode(frame)


def _jpeg_ls(frame: bytes, _shape: tuple[int, int], _bits: int) -> NDArray[Any]:
    return imagecodecs.jpegls_decode(frame)


def _jpeg_2000(frame: bytes, _shape: tuple[int, int], _bits: int) -> NDArray[Any]:
    return imagecodecs.jpeg2k_decode(frame, numthreads=1)


def _rle(frame: bytes, shape: tuple[int, int], bits: int) -> NDArray[Any]:
    samples = np.dtype(f"<u{bits // 8}")
    budget = shape[0] * shape[1] * samples.itemsize
    return np.frombuffer(imagecodecs.dicomrle_decode(frame, samples, out=budget), samples).reshape(shape)


# PS3.5 annex A.4; SOF numbers as PS3.5 section 8.2.1 allows them.
CODECS = {
    "1.2.840.10008.1.2.5": Codec("RLE", frozenset(), _rle),
    "1.2.840.10008.1.2.4.50": Codec("JPEG baseline", frozenset({0xC0}), _jpeg),
    "1.2.840.10008.1.2.4.51": Codec("JPEG extended", frozenset({0xC0, 0xC1}), _jpeg),
    "1.2.840.10008.1.2.4.57": Codec("JPEG lossless", frozenset({0xC3}), _jpeg),
    "1.2.840.10008.1.2.4.70": Codec("JPEG lossless SV1", frozenset({0xC3}), _jpeg),
    "1.2.840.10008.1.2.4.80": Codec("JPEG-LS", frozenset({0xF7}), _jpeg_ls),
    "1.2.840.10008.1.2.4.81": Codec("JPEG-LS near-lossless", frozenset({0xF7}), _jpeg_ls),
    "1.2.840.10008.1.2.4.90": Codec("JPEG 2000 lossless", frozenset({0x51}), _jpeg_2000),
    "1.2.840.10008.1.2.4.91": Codec("JPEG 2000", frozenset({0x51}), _jpeg_2000),
}
