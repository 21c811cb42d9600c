"""Pixel spacing at the detector, from the user or from the file, and never from a guess.

PS3.3 10.7.1.1 and 10.7.1.3: Imager Pixel Spacing is at the detector; Pixel Spacing is in the patient only where a
calibration type says so, and alone, without one, nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain import Provenance, RefusedInput, Source
from engine.domain.radiograph import SPACING_RANGE_MM
from engine.io.decimals import decimal, decimals
from engine.io.decoded import Decoded
from engine.io.distances import Distances
from engine.io.refusals import refused

_SAME = 1e-3
_REMEDY = "give the film's true spacing at the detector with --spacing MM"


@dataclass(frozen=True, slots=True)
class Spacing:
    """mm: (row, column) at the detector; where it comes from; sentences for the report."""

    mm: tuple[float, float]
    provenance: Provenance
    warnings: tuple[str, ...] = ()


def parse_spacing(text: str) -> tuple[float, float]:
    """The two numbers of `--spacing`: "0.3" or "0.3,0.25" (row, column), in [0.02, 2] mm.

    Raises RefusedInput for anything else.
    """
    parts = [decimal(part) for part in text.split(",")]
    values = tuple(p for p in parts if p is not None and _in_range(p))
    if len(values) != len(parts) or len(values) not in (1, 2):
        raise RefusedInput(f"--spacing {text[:40]!r} is not one or two millimetres in [0.02, 2]; write --spacing 0.3")
    return values[0], values[-1]


def read_spacing(film: Decoded, distances: Distances, user_mm: tuple[float, float] | None) -> Spacing:
    """Spacing at the detector: what the user says, else Imager Pixel Spacing, else calibrated Pixel Spacing times
    the magnification. Equal spacings are the detector's. Pixel Spacing alone without a calibration type is no answer.

    Raises RefusedInput where the file's values are not two numbers in [0.02, 2] mm, or where it has none.
    """
    if user_mm is not None:
        return Spacing(user_mm, Provenance(Source.USER, "--spacing"), _against_file(film, user_mm))
    detector, patient = _pair(film, "ImagerPixelSpacing"), _pair(film, "PixelSpacing")
    calibration = film.text("PixelSpacingCalibrationType")
    if detector is not None:
        provenance = Provenance(Source.FILE, "ImagerPixelSpacing (0018,1164)")
        return Spacing(detector, provenance, _against_patient(film, detector, patient, calibration))
    if patient is not None and calibration in ("FIDUCIAL", "GEOMETRY"):
        factor = distances.magnification
        detail = f"PixelSpacing (0028,0030), {calibration} calibration, x magnification {factor:.4f}"
        return Spacing((patient[0] * factor, patient[1] * factor), Provenance(Source.ESTIMATED, detail))
    if patient is not None:
        raise refused(film.name, "has PixelSpacing alone, which may be at the detector or in the patient", _REMEDY)
    raise refused(film.name, "states no pixel spacing", _REMEDY)


def _in_range(value: float) -> bool:
    return SPACING_RANGE_MM[0] <= value <= SPACING_RANGE_MM[1]


def _pair(film: Decoded, keyword: str) -> tuple[float, float] | None:
    text = film.text(keyword)
    if not text:
        return None
    values = decimals(text, 2)
    if values is None or not all(_in_range(v) for v in values):
        shown = text[:40].replace("\\", ", ")
        raise refused(film.name, f"has {keyword} {shown!r}, not two numbers in [0.02, 2] mm", _REMEDY)
    return values[0], values[1]


def _against_file(film: Decoded, user_mm: tuple[float, float]) -> tuple[str, ...]:
    stated = decimals(film.text("ImagerPixelSpacing"), 2)
    if stated is None or all(abs(a - b) <= 0.01 * b for a, b in zip(stated, user_mm, strict=True)):
        return ()
    return (f"{film.name}: ImagerPixelSpacing {stated[0]:g}, {stated[1]:g} mm of the file was overruled by --spacing",)


def _against_patient(
    film: Decoded, detector: tuple[float, float], patient: tuple[float, float] | None, calibration: str
) -> tuple[str, ...]:
    if patient is None:
        return ()
    ratios = [d / p for d, p in zip(detector, patient, strict=True)]
    if calibration and abs(ratios[0] / ratios[1] - 1) > _SAME:
        return (f"{film.name}: PixelSpacing and ImagerPixelSpacing differ in shape; ImagerPixelSpacing was used",)
    if not calibration and max(abs(r - 1) for r in ratios) > _SAME:
        return (f"{film.name}: PixelSpacing differs from ImagerPixelSpacing without saying why and was not used",)
    return ()
