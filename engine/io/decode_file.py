"""One untrusted file to a record and its pixels. Runs in the decoding child only."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from engine.io.formats import picture_format
from engine.io.header import open_dataset, read_facts, read_modality_lut
from engine.io.kinds import check_kind
from engine.io.limits import FILE_BYTES
from engine.io.refusals import refused
from engine.io.stored_pixels import read_stored

Record = dict[str, Any]


def decode_file(path: str, kind: str) -> tuple[Record, NDArray[Any]]:
    """The record of one file (keys as in `Decoded`, plus dtype and shape) and its pixels; raises RefusedInput."""
    name = os.path.basename(path)
    data = _read_bytes(path, name)
    word = picture_format(data)
    record, pixels = _picture(data, word, name) if word else _dicom(data, path, kind, name)
    record |= {"sha256": hashlib.sha256(data).hexdigest(), "dtype": pixels.dtype.str, "shape": pixels.shape}
    return record, pixels


def _picture(data: bytes, word: str, name: str) -> tuple[Record, NDArray[Any]]:
    from engine.io.picture import read_picture  # Pillow costs time that DICOM films do not need

    return {"format": word, "facts": {}, "modality_lut": None}, read_picture(data, word, name)


def _dicom(data: bytes, path: str, kind: str, name: str) -> tuple[Record, NDArray[Any]]:
    dataset, syntax = open_dataset(data, path, name)
    facts = read_facts(dataset, name)
    check_kind(facts, kind, name)
    pixels = read_stored(dataset, syntax, facts, name)
    lut = read_modality_lut(dataset, bool(facts.get("PixelRepresentation")), name)
    return {"format": "DICOM", "facts": facts, "modality_lut": asdict(lut) if lut else None}, pixels


def _read_bytes(path: str, name: str) -> bytes:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise refused(name, "is not a file", "give the film's own file")
        if status.st_size > FILE_BYTES:
            raise refused(name, f"has more than {FILE_BYTES >> 20} MiB", "give a single film")
        if status.st_size == 0:
            raise refused(name, "is empty", "copy or export it again")
        with open(path, "rb") as file:
            return file.read(FILE_BYTES)
    except OSError as error:
        raise refused(name, f"cannot be read ({error.strerror})", "check the path and its permissions") from error
