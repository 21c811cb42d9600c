"""What a compressed frame says about itself, read before any decoder sees it.

JPEG and JPEG-LS: frame header marker segment, ITU-T T.81 B.2.2 and T.87 C.2.2.
JPEG 2000: SIZ marker segment, ITU-T T.800 A.5.1.
"""

from __future__ import annotations

from dataclasses import dataclass

_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_FRAME_HEADERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Codestream:
    """Frame geometry of a codestream; `marker` is the second byte of its frame header (0x51 for JPEG 2000)."""

    marker: int
    rows: int
    columns: int
    bits: int
    components: int
    signed: bool = False


def inspect(frame: bytes) -> Codestream | None:
    """The frame header of a JPEG, JPEG-LS or JPEG 2000 codestream, or None where there is none."""
    if frame[:4] == b"\xff\x4f\xff\x51":
        return _siz(frame)
    if frame[:2] == b"\xff\xd8":
        return _sof(frame)
    return None


def _siz(frame: bytes) -> Codestream | None:
    if len(frame) < 43:
        return None
    x1, y1, x0, y0 = (int.from_bytes(frame[n : n + 4], "big") for n in (8, 12, 16, 20))
    depth = frame[42]
    return Codestream(
        0x51, y1 - y0, x1 - x0, (depth & 0x7F) + 1, int.from_bytes(frame[40:42], "big"), signed=depth > 0x7F
    )


def _sof(frame: bytes) -> Codestream | None:
    at = 2
    while at + 9 < len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker in _STANDALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAME_HEADERS:
            rows, columns = (int.from_bytes(frame[n : n + 2], "big") for n in (at + 5, at + 7))
            return Codestream(marker, rows, columns, frame[at + 4], frame[at + 9])
        at += 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    return None
