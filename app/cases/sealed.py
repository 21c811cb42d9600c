"""Small JSON files that say what they are, in which format, and whether they are whole."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from engine.domain import RefusedInput

FORMAT = 1


class DamagedFile(Exception):
    """A file of a case is torn, changed or missing. Stays inside app.cases, where there is an older one to fall to."""


def sealed(kind: str, body: dict[str, Any]) -> bytes:
    """`body` under its kind, format and SHA-256, as ASCII JSON."""
    return json.dumps({kind: FORMAT, "sha256": _seal(body), "body": body}).encode()


def unsealed(content: bytes, kind: str, where: str) -> dict[str, Any]:
    """The body. Raises DamagedFile where the seal does not hold, RefusedInput for a file from a newer Genu."""
    try:
        found = json.loads(content)
        written, seal = found[kind], found.get("sha256")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedFile(kind) from error
    # The seal is not asked first: a newer format may compute it otherwise, and must not look damaged for that.
    if isinstance(written, int) and written > FORMAT:
        raise RefusedInput(f"{where} was written by a newer Genu (format {written}); open it with that version")
    body = found.get("body")
    if written != FORMAT or not isinstance(body, dict) or seal != _seal(body):
        raise DamagedFile(kind)
    return body


def _seal(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
