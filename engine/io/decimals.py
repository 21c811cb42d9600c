"""Decimal strings, read strictly.

Python's float accepts `1_0`, `nan` and `infinity`; DICOM PS3.5 section 6.2 (VR DS) accepts none of them.
"""

import re

_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def decimal(text: str) -> float | None:
    """The finite number that `text` writes in the syntax of VR DS, or None. Spaces around it do not matter."""
    if not _DECIMAL.fullmatch(text.strip(" ")):
        return None
    value = float(text)
    return value if abs(value) < 1e300 else None


def decimals(text: str, count: int) -> tuple[float, ...] | None:
    """Exactly `count` numbers separated by backslashes, or None."""
    values = tuple(decimal(part) for part in text.split("\\"))
    if len(values) != count or None in values:
        return None
    return tuple(v for v in values if v is not None)
