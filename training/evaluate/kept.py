"""Results per knee as files, so that an interrupted evaluation goes on where it stopped.

`OUT/knees/<key>.json` and `<key>.npz`; the key is a digest of model, settings and the case's own files, so that a
result is taken up again for exactly what it was made from and for nothing else.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from engine.domain import RefusedInput
from engine.io.durable import told, write_file_atomically

FOLDER = "knees"


def result_key(made_from: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits of JSON values."""
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:16]


def kept_record(out: Path, key: str) -> dict[str, Any] | None:
    """The record of a key; None where there is none, or one that was damaged."""
    try:
        record = json.loads((out / FOLDER / f"{key}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("key") == key else None


def keep(out: Path, key: str, record: Mapping[str, Any], volumes: Mapping[str, NDArray]) -> None:
    """Write a result; its record comes last and says that the rest is there.

    Raises RefusedInput or MachineFailure where the folder or the disk does not take it.
    """
    folder = out / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise told(folder.name, error) from error
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **dict(volumes))
    write_file_atomically(content.getvalue(), folder / f"{key}.npz")
    write_file_atomically(json_bytes({**record, "key": key}), folder / f"{key}.json")


def kept_volume(out: Path, key: str, name: str) -> NDArray:
    """One array of a kept result. Raises RefusedInput where it is missing or damaged."""
    path = out / FOLDER / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as volumes:
            return volumes[name]
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as wrong:
        raise RefusedInput(f"{path}: is damaged; remove {path.stem}.json beside it and evaluate again") from wrong


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """JSON of finite numbers, one value a line, the same bytes for the same values."""
    return json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False).encode() + b"\n"
