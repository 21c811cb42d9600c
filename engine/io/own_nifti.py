"""The volumes that Genu wrote itself, back from their bytes, without nibabel (whose import takes a second)."""

from __future__ import annotations

import gzip
import zlib

import numpy as np
from numpy.typing import NDArray

from engine.domain import Volume
from engine.io.nifti import HEADER, RAS_FROM_LPS
from engine.io.refusals import refused

_DTYPES = {2: np.dtype("u1"), 4: np.dtype("<i2")}


def volume_from(content: bytes, name: str) -> Volume:
    """The CT or label map in what `nifti_bytes` or `label_nifti_bytes` returned.

    Raises RefusedInput naming `name` for anything else; files of other programs are for `read_nifti`.
    """
    try:
        unpacked = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise refused(name, "is not a volume that Genu wrote, or is damaged", "generate the knee again") from error
    if len(unpacked) < HEADER.itemsize:
        raise refused(name, "is not a whole volume", "generate the knee again")
    return _volume(np.frombuffer(unpacked, HEADER, 1)[0], unpacked, name)


def _volume(header: np.void, unpacked: bytes, name: str) -> Volume:
    dtype = _DTYPES.get(int(header["datatype"]))
    shape = tuple(int(n) for n in header["dim"][1:4])
    ours = header["magic"] == b"n+1" and header["dim"][0] == 3 and int(header["vox_offset"]) == HEADER.itemsize
    if dtype is None or not ours or min(shape) < 1:
        raise refused(name, "is not a volume that Genu wrote", "generate the knee again")
    count = shape[0] * shape[1] * shape[2]
    if len(unpacked) != HEADER.itemsize + count * dtype.itemsize:
        raise refused(name, f"does not hold the {count} voxels it names", "generate the knee again")
    samples = np.frombuffer(unpacked, dtype, count, HEADER.itemsize).reshape(shape, order="F")
    return Volume(samples.astype(np.int16), RAS_FROM_LPS @ _ras_from_ijk(header))


def _ras_from_ijk(header: np.void) -> NDArray[np.float64]:
    return np.vstack([header["srow"].astype(np.float64), [0, 0, 0, 1]])
