"""How slices lie: order, gaps, tilt and uneven steps (PS3.3 C.7.6.2.1.1).

A tilted gantry shifts each slice along its rows or columns; the affine then has a shear, and resampling by it is exact.
Uneven steps are resampled onto an even one by the slices' own positions. A step that no slice's thickness covers, or a
lonely long one, is a missing slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain import RefusedInput
from training.prepare.slice_header import SliceHeader

_SAME_MM, _ANGLE, _OFF_LINE_MM = 0.02, 1e-3, 0.1
_SPACING_MM, _STEP_MM = (0.1, 2.0), 6.0
_STEEPEST_TILT = 35.0
_EXPORT = "export the series again"


@dataclass(frozen=True, slots=True, eq=False)
class SliceStack:
    """Geometry of a series.

    order: the slices from one end to the other, as indices into the headers. along_mm: (K,) their places on the line
    through their origins. axes: (3, 3) columns: directions of i, j and of that line. origin_mm: (3,) LPS of the first.
    pixel_mm: along i and j. thickness_mm: of most slices as stated, else the usual step.
    """

    order: tuple[int, ...]
    along_mm: NDArray[np.float64]
    axes: NDArray[np.float64]
    origin_mm: NDArray[np.float64]
    pixel_mm: tuple[float, float]
    thickness_mm: float

    @property
    def is_even(self) -> bool:
        """Whether all steps are the same."""
        steps = np.diff(self.along_mm)
        return bool(np.allclose(steps, steps.mean(), atol=_SAME_MM))

    def lps_from_ijk(self, step_mm: float) -> NDArray[np.float64]:
        """(4, 4) of a volume whose slices are `step_mm` apart along the line."""
        affine = np.eye(4)
        affine[:3, :3] = self.axes * np.array([*self.pixel_mm, step_mm])
        affine[:3, 3] = self.origin_mm
        return affine


def stack_of(headers: Sequence[SliceHeader]) -> SliceStack:
    """The geometry of one slice a position. Raises RefusedInput with the reason."""
    if len(headers) < 2:
        raise RefusedInput("it holds a single slice; give the whole series")
    axes, (row_mm, column_mm) = _common(headers)
    positions = np.array([h.numbers("ImagePositionPatient", 3) for h in headers])
    order = np.argsort(positions @ np.cross(*axes), kind="stable")
    positions = positions[order]
    line = _line(positions, np.cross(*axes))
    along = (positions - positions[0]) @ line
    thickness = _thicknesses([headers[n] for n in order], along)
    _check_steps(along, thickness)
    _check_line(positions, along, line)
    directions = np.stack([*axes, line], axis=1)
    return SliceStack(
        tuple(order.tolist()), along, directions, positions[0], (column_mm, row_mm), float(np.median(thickness))
    )


def _common(headers: Sequence[SliceHeader]) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Directions (2, 3) and spacing (row, column) that all slices share."""
    first = headers[0]
    axes = np.array(first.numbers("ImageOrientationPatient", 6)).reshape(2, 3)
    if not np.allclose(axes @ axes.T, np.eye(2), atol=_ANGLE):
        raise RefusedInput(f"its ImageOrientationPatient is no pair of directions; {_EXPORT}")
    spacing = first.numbers("PixelSpacing", 2)
    if not all(_SPACING_MM[0] <= mm <= _SPACING_MM[1] * 2 for mm in spacing):
        raise RefusedInput(f"its PixelSpacing of {spacing[0]:g} x {spacing[1]:g} mm is implausible; {_EXPORT}")
    for other in headers[1:]:
        if not np.allclose(np.array(other.numbers("ImageOrientationPatient", 6)).reshape(2, 3), axes, atol=_ANGLE):
            raise RefusedInput("it holds slices of two orientations; split it into series of one each")
        alike = ("Rows", "Columns")
        if any(other.text(k) != first.text(k) for k in alike) or other.numbers("PixelSpacing", 2) != spacing:
            raise RefusedInput("it holds slices of two sizes; split it into series of one each")
    return axes, (spacing[0], spacing[1])


def _line(positions: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = positions[-1] - positions[0]
    if whole @ normal < _SAME_MM:
        raise RefusedInput(f"all its slices lie at one place; {_EXPORT}")
    line = whole / np.linalg.norm(whole)
    tilt = np.degrees(np.arccos(min(1.0, float(line @ normal))))
    if tilt > _STEEPEST_TILT:
        raise RefusedInput(f"its slices are stacked {tilt:.0f}° off their own normal, which no gantry does; {_EXPORT}")
    return line


def _thicknesses(headers: Sequence[SliceHeader], along: NDArray[np.float64]) -> NDArray[np.float64]:
    """(K,) of each slice as stated, else the usual step."""
    usual = float(np.median(np.diff(along)))
    stated = [h.numbers("SliceThickness", 1)[0] if h.text("SliceThickness") else usual for h in headers]
    for mm in stated:
        if not 0 < mm <= 10:
            raise RefusedInput(f"its SliceThickness of {mm:g} mm is implausible; {_EXPORT}")
    return np.array(stated)


def _check_steps(along: NDArray[np.float64], thickness_mm: NDArray[np.float64]) -> None:
    steps = np.diff(along)
    if steps.min() < _SAME_MM:
        raise RefusedInput("it holds two slices at one place; split it into series of one each")
    usual = np.median(steps)
    beside = np.maximum(np.r_[steps[1], steps[:-1]], np.r_[steps[1:], steps[-2]]) if len(steps) > 1 else steps
    covered = np.maximum(thickness_mm[1:], thickness_mm[:-1])
    lonely = steps > 1.5 * beside
    bare = (steps > 1.5 * usual) & (steps > 1.8 * covered)
    if (lonely | bare).any():
        place = int(np.argmax(lonely | bare))
        raise RefusedInput(
            f"slices are missing: {int((lonely | bare).sum())} gaps, the first of {steps[place]:.2f} mm after slice "
            f"{place + 1} where {usual:.2f} mm are usual; export it completely"
        )
    if steps.max() > _STEP_MM:
        raise RefusedInput(
            f"its slices are {steps.max():.1f} mm apart, {_STEP_MM:g} mm at most are of use; leave it out"
        )


def _check_line(positions: NDArray[np.float64], along: NDArray[np.float64], line: NDArray[np.float64]) -> None:
    off = np.linalg.norm(positions - positions[0] - along[:, None] * line, axis=1)
    if off.max() > _OFF_LINE_MM:
        raise RefusedInput(f"its slices are up to {off.max():.1f} mm out of line; {_EXPORT}")
