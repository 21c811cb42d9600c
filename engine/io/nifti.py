"""`Volume ↔ NIfTI-1`, .nii.gz, with the RAS affine that the format wants.

The writer is a named layout and gzip, so that the same volume always gives the same bytes and no name or date gets in.
Source: https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.domain import Volume
from engine.io.refusals import refused

if TYPE_CHECKING:
    from nibabel.nifti1 import Nifti1Image

RAS_FROM_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])

HEADER = np.dtype(
    [
        ("sizeof_hdr", "<i4"),
        ("unused_1", "S36"),
        ("dim", "<i2", 8),
        ("intent_p", "<f4", 3),
        ("intent_code", "<i2"),
        ("datatype", "<i2"),
        ("bitpix", "<i2"),
        ("slice_start", "<i2"),
        ("pixdim", "<f4", 8),
        ("vox_offset", "<f4"),
        ("scl_slope", "<f4"),
        ("scl_inter", "<f4"),
        ("slice_end", "<i2"),
        ("slice_code", "u1"),
        ("xyzt_units", "u1"),
        ("unused_2", "<f4", 6),
        ("descrip", "S80"),
        ("aux_file", "S24"),
        ("qform_code", "<i2"),
        ("sform_code", "<i2"),
        ("quatern", "<f4", 6),
        ("srow", "<f4", (3, 4)),
        ("intent_name", "S16"),
        ("magic", "S4"),
        ("extension", "u1", 4),
    ]
)
assert HEADER.itemsize == 352

_INT16, _UINT8 = 4, 2
_MILLIMETRES = 2
_ALIGNED = 2  # coordinates aligned to something that is no scanner
_VOXELS = 600_000_000
_COMPRESSION = 4


def nifti_bytes(volume: Volume) -> bytes:
    """A CT as .nii.gz: int16 HU."""
    return _gzipped(volume.hu.astype("<i2", copy=False), volume.lps_from_ijk, _INT16)


def label_nifti_bytes(labels: Volume) -> bytes:
    """A label map as .nii.gz: uint8. Raises ValueError for labels outside 0 to 255."""
    if labels.hu.size and (labels.hu.min() < 0 or labels.hu.max() > 255):
        raise ValueError("labels are outside 0 to 255")
    return _gzipped(labels.hu.astype("u1"), labels.lps_from_ijk, _UINT8)


def _gzipped(samples: NDArray[Any], lps_from_ijk: NDArray[np.float64], datatype: int) -> bytes:
    header = _header(samples, RAS_FROM_LPS @ lps_from_ijk, datatype)
    return gzip.compress(header.tobytes() + samples.tobytes(order="F"), _COMPRESSION, mtime=0)


def _header(samples: NDArray[Any], ras_from_ijk: NDArray[np.float64], datatype: int) -> NDArray[Any]:
    header = np.zeros((), HEADER)
    header["sizeof_hdr"] = 348
    header["dim"] = (3, *samples.shape, 1, 1, 1, 1)
    header["datatype"], header["bitpix"] = datatype, 8 * samples.itemsize
    header["pixdim"] = (1, *np.linalg.norm(ras_from_ijk[:3, :3], axis=0), 1, 1, 1, 1)
    header["vox_offset"], header["scl_slope"] = HEADER.itemsize, 1
    header["xyzt_units"], header["magic"] = _MILLIMETRES, b"n+1"
    header["sform_code"], header["srow"] = _ALIGNED, ras_from_ijk[:3]
    return header


def read_nifti(path: Path) -> Volume:
    """A CT or a label map from .nii or .nii.gz, as LPS.

    Raises RefusedInput for what is no NIfTI-1 or -2 volume of one time point, has no orientation, is not in
    millimetres, or does not hold whole numbers that fit int16.
    """
    import nibabel  # half a second, which only `drr` and `evaluate` need
    from nibabel.filebasedimages import ImageFileError

    name = Path(path).name
    try:
        image = nibabel.load(path)
        if not isinstance(image, nibabel.Nifti1Image):
            raise refused(name, "is not a NIfTI volume", "give a .nii or .nii.gz file")
        lps_from_ijk = RAS_FROM_LPS @ _ras_from_ijk(image, name)
        return Volume(_samples(image, name), lps_from_ijk)
    except (OSError, EOFError, zlib.error, ImageFileError) as error:
        raise refused(name, "cannot be read as NIfTI", "check the path and that the file is whole") from error


def _ras_from_ijk(image: Nifti1Image, name: str) -> NDArray[np.float64]:
    header = image.header
    if not (int(header["sform_code"]) or int(header["qform_code"])):
        raise refused(name, "states no orientation", "save it with a qform or an sform")
    if int(header["xyzt_units"]) & 7 not in (0, _MILLIMETRES):
        raise refused(name, "is not in millimetres", "save it in millimetres")
    affine = np.asarray(image.affine, dtype=np.float64)
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-9:
        raise refused(name, "has an affine that cannot be inverted", "save it again with a true geometry")
    return affine


def _samples(image: Nifti1Image, name: str) -> NDArray[np.int16]:
    shape = tuple(n for n in image.shape[3:] if n != 1)
    if len(image.shape) < 3 or shape or min(image.shape[:3]) < 1 or np.prod(image.shape, dtype=float) > _VOXELS:
        raise refused(name, f"has the shape {image.shape}", "give one three-dimensional volume")
    stored = np.dtype(image.get_data_dtype())
    if stored.kind not in "iuf":
        raise refused(name, f"holds samples of type {stored}", "give HU or labels")
    values = np.asarray(image.dataobj).reshape(image.shape[:3])
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            raise refused(name, "holds values that are not finite", "replace them by air, -1000 HU")
        values = np.rint(values)
    limits = np.iinfo(np.int16)
    if values.size and (values.min() < limits.min or values.max() > limits.max):
        raise refused(name, "holds values outside int16", "give HU or labels")
    return values.astype(np.int16)
