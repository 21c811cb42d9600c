"""DICOM pixel data to stored values, (rows, columns). Runs in the decoding child only.

Everything that the header says about size is compared with what is there before a decoder runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_fragments
from pydicom.tag import Tag

from engine.domain import RefusedInput
from engine.io.limits import PIXELS, SHORTEST_EDGE
from engine.io.refusals import refused

_PIXEL_DATA = Tag(0x7FE00010)
_FLOAT_PIXEL_DATA = (Tag(0x7FE00008), Tag(0x7FE00009))
_BYTE_ORDER = {
    "1.2.840.10008.1.2": "<",
    "1.2.840.10008.1.2.1": "<",
    "1.2.840.10008.1.2.1.99": "<",
    "1.2.840.10008.1.2.2": ">",
}
_COLOURS = {"RGB": "RGB colour", "PALETTE COLOR": "palette colour", "HSV": "HSV colour", "ARGB": "ARGB colour"}
_GREY = "give the film as single-frame greyscale with 8 or 16 bits"


def read_stored(dataset: Dataset, syntax: str, facts: dict[str, Any], name: str) -> NDArray[Any]:
    """The stored values of a single greyscale frame, unsigned or signed, 8 or 16 bits.

    Raises RefusedInput for everything else, by name.
    """
    for tag in _FLOAT_PIXEL_DATA:
        if tag in dataset:
            raise refused(name, "holds floating-point pixels", _GREY)
    if _PIXEL_DATA not in dataset:
        raise refused(name, "holds no pixels", "give the image itself, not a report or a plan")
    if reason := _unusable(facts):
        raise refused(name, reason, _GREY)
    rows, columns, allocated = facts["Rows"], facts["Columns"], facts["BitsAllocated"]
    if min(rows, columns) < SHORTEST_EDGE or rows * columns > PIXELS:
        raise refused(name, f"has {rows} x {columns} pixels", f"give a film between {SHORTEST_EDGE} pixels and 64 Mpx")
    raw = dataset.get_item(_PIXEL_DATA)
    if order := _BYTE_ORDER.get(syntax):
        words = _plain(raw, rows * columns * allocated // 8, order, facts, name).reshape(rows, columns)
    else:
        words = _compressed(raw, syntax, facts, name)
    return _sample_values(words, facts)


def _unusable(facts: dict[str, Any]) -> str | None:
    """Why a greyscale frame cannot be read from these attributes, or None."""
    interpretation = facts.get("PhotometricInterpretation", "")
    allocated, stored = facts.get("BitsAllocated"), facts.get("BitsStored", 0)
    checks = (
        ("Rows" not in facts or "Columns" not in facts, "does not state its rows and columns"),
        (facts.get("NumberOfFrames", "1") != "1", f"holds {facts.get('NumberOfFrames')} frames"),
        (interpretation in _COLOURS, f"is a {_COLOURS.get(interpretation)} image"),
        (interpretation.startswith("YBR"), "is a YBR colour image"),
        (facts.get("SamplesPerPixel", 1) != 1, f"has {facts.get('SamplesPerPixel')} samples a pixel"),
        (interpretation not in ("MONOCHROME1", "MONOCHROME2"), "is not MONOCHROME1 or MONOCHROME2"),
        (allocated not in (8, 16), f"has {allocated} bits a pixel"),
        (not 2 <= stored <= (allocated or 0), f"stores {stored} of {allocated} bits"),
        (facts.get("HighBit", stored - 1) != stored - 1, f"has its highest bit at {facts.get('HighBit')}"),
        (facts.get("PixelRepresentation", 0) not in (0, 1), "has an unknown pixel representation"),
    )
    return next((reason for wrong, reason in checks if wrong), None)


def _plain(raw: Any, expected: int, order: str, facts: dict[str, Any], name: str) -> NDArray[Any]:
    value = bytes(raw.value or b"")
    if raw.length == 0xFFFFFFFF or len(value) != expected + expected % 2:
        raise refused(
            name,
            f"has {len(value)} bytes of pixels, {facts['Rows']} x {facts['Columns']} need {expected}",
            "copy or export it again",
        )
    if order == ">" and facts["BitsAllocated"] == 8:
        raise refused(name, "holds big-endian 8-bit pixels", "export it as little endian")
    return np.frombuffer(value[:expected], f"{order}u{facts['BitsAllocated'] // 8}")


def _compressed(raw: Any, syntax: str, facts: dict[str, Any], name: str) -> NDArray[Any]:
    from engine.io.codecs import CODECS  # costs 0.1 s that most films do not need
    from engine.io.codestream import inspect

    codec = CODECS.get(syntax)
    if codec is None:
        raise refused(name, f"has transfer syntax {syntax}, which Genu does not decode", "export it uncompressed")
    if raw.length != 0xFFFFFFFF:
        raise refused(name, f"is marked as {codec.word} but holds plain pixels", "export it again")
    frame = b"".join(generate_fragments(raw.value[_after_offset_table(raw.value) :]))
    shape = facts["Rows"], facts["Columns"]
    if codec.markers:
        stream = inspect(frame)
        if stream is None or stream.marker not in codec.markers:
            raise refused(name, f"does not hold the {codec.word} data that it announces", "export it uncompressed")
        if (stream.rows, stream.columns, stream.components) != (*shape, 1) or stream.bits > facts["BitsAllocated"]:
            raise _disagrees(name, codec.word)
        if stream.marker == 0x51 and stream.signed != bool(facts.get("PixelRepresentation", 0)):
            raise _disagrees(name, codec.word)
    pixels = np.asarray(codec.decode(frame, shape, facts["BitsAllocated"]))
    if pixels.shape != shape or pixels.dtype.kind not in "ui" or pixels.dtype.itemsize * 8 > facts["BitsAllocated"]:
        raise _disagrees(name, codec.word)
    return pixels.view(f"u{pixels.dtype.itemsize}")


def _after_offset_table(value: bytes) -> int:
    return 8 + int.from_bytes(value[4:8], "little")


def _disagrees(name: str, word: str) -> RefusedInput:
    return refused(name, f"has a header that does not match its {word} pixels", "export it uncompressed")


def _sample_values(words: NDArray[Any], facts: dict[str, Any]) -> NDArray[Any]:
    """Bits above BitsStored cleared, or filled with the sign (PS3.5 section 8.1.1)."""
    stored, width = facts["BitsStored"], 8 * words.dtype.itemsize
    words = words.astype(words.dtype.newbyteorder("="), copy=False)
    if facts.get("PixelRepresentation", 0):
        unused = max(width - stored, 0)
        return np.left_shift(words, unused).view(f"i{width // 8}") >> unused
    return words & words.dtype.type((1 << min(stored, width)) - 1)
