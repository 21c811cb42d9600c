"""A CT series' files to a `SourceCt`, or the reason why not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.domain import RefusedInput, Volume
from engine.io.decimals import decimals
from engine.io.decoded import Decoded
from engine.io.decoding import decode_slices
from engine.io.nifti import read_nifti
from training.prepare.slice_header import SliceHeader, read_slice_header
from training.prepare.slice_stack import SliceStack, stack_of
from training.prepare.source_ct import AIR_HU, SourceCt

_CT, _ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1"
_AT_ONCE = 200  # slices in a decoding child: bounds what lies in memory twice
_FINEST_STEP_MM = 0.4
SHORTEST_MM = 60.0
_HIGHEST_HU = 3071


def read_series(files: Sequence[Path]) -> tuple[SourceCt, int]:
    """The CT of a series' files in any order, and how many of them were copies of others.

    Raises RefusedInput with the reason, without naming a file.
    """
    headers = [_header(path) for path in files]
    unique, copies = _without_copies(headers)
    stack = stack_of(unique)
    length = float(stack.along_mm[-1])
    body_mm = _reach_along_body(stack, unique[0])
    if body_mm < SHORTEST_MM:
        raise RefusedInput(
            f"it is {min(body_mm, length):.0f} mm long, too short to hold a knee joint; give a longer one"
        )
    hu = _decoded([unique[n].path for n in stack.order])
    _check_copies(copies, [unique[n] for n in stack.order], hu)
    hu, step = _even(hu, stack)
    affine = stack.lps_from_ijk(step)
    ct = SourceCt(hu.transpose(2, 1, 0), affine, float(np.mean(stack.pixel_mm)), stack.thickness_mm)
    check_hu(ct.hu)
    return ct, len(copies)


def read_nifti_ct(path: Path) -> SourceCt:
    """A CT from NIfTI. The coarsest axis is taken for the slices', as it is in all but isotropic volumes."""
    volume = read_nifti_volume(path)
    check_spacing(volume.spacing_mm)
    ct = SourceCt(volume.hu, volume.lps_from_ijk, 0.0, 0.0)
    low, high = ct.box_mm
    if high[2] - low[2] < SHORTEST_MM:
        raise RefusedInput(f"it is {high[2] - low[2]:.0f} mm long, too short to hold a knee joint; give a longer one")
    check_hu(volume.hu)
    fine, middle, coarse = sorted(volume.spacing_mm)
    clipped = np.clip(volume.hu, AIR_HU, _HIGHEST_HU)
    return SourceCt(clipped, volume.lps_from_ijk, (fine + middle) / 2, coarse)


def read_nifti_volume(path: Path) -> Volume:
    """A CT or labels. Raises RefusedInput for whatever is wrong with the file."""
    from nibabel.spatialimages import HeaderDataError  # half a second

    try:
        return read_nifti(path)
    except HeaderDataError as error:
        raise RefusedInput("it has a damaged NIfTI header; save it again") from error


def check_spacing(spacing_mm: Sequence[float]) -> None:
    """Raises RefusedInput for a spacing that no CT of a knee has."""
    if not all(0.1 <= mm <= 6 for mm in spacing_mm):
        text = " x ".join(f"{mm:.2g}" for mm in spacing_mm)
        raise RefusedInput(f"its spacing of {text} mm is implausible; export it in millimetres")


def check_hu(hu: NDArray[np.int16]) -> None:
    """Raises RefusedInput where values cannot be Hounsfield units of a leg."""
    some = hu[:: max(1, hu.shape[0] // 96), :: max(1, hu.shape[1] // 96), :: max(1, hu.shape[2] // 96)]
    soft, bone = ((some > -200) & (some < 200)).mean(), ((some > 200) & (some < 3500)).mean()
    if soft < 0.01 or bone < 0.0005 or (some > 3500).mean() > 0.02:
        raise RefusedInput(
            f"its values are no Hounsfield units of a leg ({soft:.1%} soft tissue, {bone:.2%} bone); "
            "check its rescale slope and intercept"
        )


def pixel_hash(ct: SourceCt) -> str:
    """SHA-256 of all HU and their place, whoever's name and numbers stand in the headers."""
    place = np.round(ct.lps_from_ijk[:3, :3], 4).astype("<f8").tobytes()
    digest = hashlib.sha256(repr(ct.hu.shape).encode() + place)
    for k in range(ct.hu.shape[2]):
        digest.update(ct.hu[:, :, k].tobytes())
    return digest.hexdigest()


def _header(path: Path) -> SliceHeader:
    header = read_slice_header(path)
    if header is None:
        raise RefusedInput("a file is no longer DICOM; export the series again")
    kind, modality = header.text("SOPClassUID"), header.text("Modality")
    if kind == _ENHANCED_CT:
        raise RefusedInput("it is a multi-frame Enhanced CT; export it as single-frame CT")
    if modality != "CT" or kind != _CT:
        raise RefusedInput(f"it is of modality {modality[:16] or '(none)'}, not a CT series; leave it out")
    if "LOCALIZER" in header.text("ImageType").upper():
        raise RefusedInput("it is or holds a localiser, a planning view without depth; leave it out")
    return header


def _without_copies(headers: Sequence[SliceHeader]) -> tuple[list[SliceHeader], list[SliceHeader]]:
    first: dict[str, SliceHeader] = {}
    copies = []
    for header in headers:
        uid = header.text("SOPInstanceUID")
        if not uid:
            raise RefusedInput("a slice has no SOP Instance UID; export the series again")
        if uid in first:
            copies.append(header)
        first.setdefault(uid, header)
    return list(first.values()), copies


def _check_copies(copies: Sequence[SliceHeader], slices: Sequence[SliceHeader], hu: NDArray[np.int16]) -> None:
    """Copies of a slice must show what the slice shows. hu: (K, rows, columns) of `slices`."""
    if not copies:
        return
    place = {header.text("SOPInstanceUID"): n for n, header in enumerate(slices)}
    for header, again in zip(copies, _decoded([c.path for c in copies]), strict=True):
        if not np.array_equal(again, hu[place[header.text("SOPInstanceUID")]]):
            raise RefusedInput("it holds two different slices of one SOP Instance UID; export the series again")


def _reach_along_body(stack: SliceStack, first: SliceHeader) -> float:
    """Height in LPS of the box of all slices."""
    sides = [stack.pixel_mm[0] * float(first.text("Columns") or 0), stack.pixel_mm[1] * float(first.text("Rows") or 0)]
    return float(np.abs(stack.axes[2] @ np.diag([*sides, stack.along_mm[-1]])).sum())


def _decoded(paths: Sequence[Path]) -> NDArray[np.int16]:
    """(K, rows, columns) HU."""
    stack: NDArray[np.int16] | None = None
    for start in range(0, len(paths), _AT_ONCE):
        for n, one in enumerate(decode_slices(paths[start : start + _AT_ONCE]), start):
            if stack is None:
                stack = np.empty((len(paths), *one.pixels.shape), np.int16)
            if one.pixels.shape != stack.shape[1:]:
                raise RefusedInput("it holds slices of two sizes; split it into series of one each")
            stack[n] = _hounsfield(one)
    assert stack is not None
    return stack


def _hounsfield(one: Decoded) -> NDArray[np.float64]:
    slope, intercept = decimals(one.text("RescaleSlope"), 1), decimals(one.text("RescaleIntercept"), 1)
    if slope is None or intercept is None or slope[0] <= 0 or one.modality_lut is not None:
        raise RefusedInput("a slice has no usable rescale to HU; export the series again")
    return np.rint(np.clip(one.pixels * slope[0] + intercept[0], AIR_HU, _HIGHEST_HU))


def _even(hu: NDArray[np.int16], stack: SliceStack) -> tuple[NDArray[np.int16], float]:
    """Slices at even steps, linear between the two real ones beside each."""
    steps = np.diff(stack.along_mm)
    if stack.is_even:
        return hu, float(steps.mean())
    step = max(float(steps.min()), _FINEST_STEP_MM)
    wanted = np.arange(0, stack.along_mm[-1] + 1e-6, step)
    even = np.empty((len(wanted), *hu.shape[1:]), np.int16)
    for n, place in enumerate(wanted):
        right = int(np.clip(np.searchsorted(stack.along_mm, place), 1, len(hu) - 1))
        share = (place - stack.along_mm[right - 1]) / steps[right - 1]
        even[n] = np.rint((1 - share) * hu[right - 1] + share * hu[right])
    return even, step
