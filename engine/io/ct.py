"""A CT as a `Volume`, from a NIfTI file or a folder of DICOM slices.

Slice geometry: PS3.3 C.7.6.2.1.1 (Image Plane Module), equation C.7.6.2.1-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.domain import RefusedInput, Volume
from engine.io.decimals import decimals
from engine.io.decoded import Decoded
from engine.io.decoding import decode_slices
from engine.io.nifti import read_nifti
from engine.io.refusals import refused

AIR_HU = -1024  # scanners mark what they did not measure with less
_STEP_TOLERANCE_MM = 0.02
_ANGLE_TOLERANCE = 1e-3
_ONE_SERIES = "give a folder that holds one axial CT series and nothing else"


def read_ct(path: Path) -> Volume:
    """HU of a .nii or .nii.gz file, or of all files in a folder that holds one CT series of parallel slices.

    Raises RefusedInput naming the file or folder.
    """
    path = Path(path)
    if not path.is_dir():
        return read_nifti(path)
    try:
        files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as error:
        raise refused(path.name, f"cannot be listed ({error.strerror})", "check its permissions") from error
    if len(files) < 2:
        raise refused(path.name, f"holds {len(files)} files", _ONE_SERIES)
    return stack_slices(decode_slices(files), path.name)


def stack_slices(slices: Sequence[Decoded], folder: str) -> Volume:
    """The volume (columns, rows, slices) of CT slices in any order; i along the rows of the image, k up the stack.

    Raises RefusedInput for several series, unlike slices, a tilted stack and steps that are not uniform.
    """
    first = slices[0]
    for other in slices:
        if other.text("SeriesInstanceUID") != first.text("SeriesInstanceUID"):
            raise refused(folder, f"holds several series ({first.name} and {other.name})", _ONE_SERIES)
        if other.pixels.shape != first.pixels.shape or other.text("PixelSpacing") != first.text("PixelSpacing"):
            raise refused(folder, f"holds slices of two sizes ({first.name} and {other.name})", _ONE_SERIES)
    axes = _axes(first)
    for other in slices:
        if not np.allclose(_axes(other), axes, atol=_ANGLE_TOLERANCE):
            raise refused(folder, f"holds slices of two orientations ({first.name} and {other.name})", _ONE_SERIES)
    normal = np.cross(axes[0], axes[1])
    positions = np.array([_numbers(s, "ImagePositionPatient", 3) for s in slices])
    order = np.argsort(positions @ normal, kind="stable")
    step = _uniform_step(positions[order], normal, folder)
    row_mm, column_mm = _numbers(first, "PixelSpacing", 2)
    if min(row_mm, column_mm) <= 0:
        raise refused(first.name, "has a PixelSpacing that is not positive", "export the series again")
    lps_from_ijk = np.eye(4)
    lps_from_ijk[:3, 0], lps_from_ijk[:3, 1], lps_from_ijk[:3, 2] = axes[0] * column_mm, axes[1] * row_mm, step
    lps_from_ijk[:3, 3] = positions[order[0]]
    hu = np.stack([_hounsfield(slices[n]) for n in order])
    return Volume(np.ascontiguousarray(hu.transpose(2, 1, 0)), lps_from_ijk)


def _axes(one: Decoded) -> NDArray[np.float64]:
    """(2, 3): directions of increasing column and of increasing row."""
    axes = np.array(_numbers(one, "ImageOrientationPatient", 6)).reshape(2, 3)
    if not np.allclose(axes @ axes.T, np.eye(2), atol=_ANGLE_TOLERANCE):
        raise refused(one.name, "has an ImageOrientationPatient that is no pair of directions", _ONE_SERIES)
    return axes


def _numbers(one: Decoded, keyword: str, count: int) -> tuple[float, ...]:
    values = decimals(one.text(keyword), count)
    if values is None:
        raise refused(one.name, f"has no usable {keyword}", _ONE_SERIES)
    return values


def _uniform_step(positions: NDArray[np.float64], normal: NDArray[np.float64], folder: str) -> NDArray[np.float64]:
    steps = np.diff(positions, axis=0)
    step = steps.mean(axis=0)
    if np.linalg.norm(step) < _STEP_TOLERANCE_MM or not np.allclose(steps, step, atol=_STEP_TOLERANCE_MM):
        raise refused(folder, "holds slices that are missing, doubled or unevenly spaced", _ONE_SERIES)
    if not np.allclose(step, normal * (step @ normal), atol=_STEP_TOLERANCE_MM):
        raise refused(folder, "was scanned with a tilted gantry", "give a series without tilt")
    return step


def _hounsfield(one: Decoded) -> NDArray[np.int16]:
    slope = decimals(one.text("RescaleSlope") or "1", 1)
    intercept = decimals(one.text("RescaleIntercept") or "0", 1)
    if slope is None or intercept is None or slope[0] == 0:
        raise RefusedInput(f"{one.name} has no usable rescale to HU; export the series again")
    hu = one.pixels * slope[0] + intercept[0]
    return np.rint(np.clip(hu, AIR_HU, np.iinfo(np.int16).max)).astype(np.int16)
