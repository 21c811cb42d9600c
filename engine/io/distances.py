"""Source distances and magnification of a film, by what the file says of them.

Attributes: PS3.3 C.8.7.10 and C.8.11.3 (DX detector and positioning), 10.7.1.3 (pixel spacing calibration).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from engine.domain import Provenance, Source
from engine.geometry.calibrate import DEFAULT_OBJECT_TO_DETECTOR_MM, DEFAULT_SID_MM
from engine.io.decimals import decimal, decimals
from engine.io.decoded import Decoded
from engine.io.refusals import refused

PLAUSIBLE_SID_MM = (600.0, 4000.0)
PLAUSIBLE_FACTOR = (1.0, 2.0)
_AGREEMENT = 0.02


@dataclass(frozen=True, slots=True)
class Distances:
    """Millimetres or None where nothing says; provenance by field; sentences for the report."""

    sid_mm: float | None
    sod_mm: float | None
    provenance: Mapping[str, Provenance]
    warnings: tuple[str, ...]

    @property
    def magnification(self) -> float:
        """SID/SOD, with the documented default for what is missing (geometry.calibrate.with_distances)."""
        sid, sod = self.sid_mm, self.sod_mm
        if sid is None:
            sid = DEFAULT_SID_MM if sod is None else sod + DEFAULT_OBJECT_TO_DETECTOR_MM
        if sod is None:
            sod = sid - DEFAULT_OBJECT_TO_DETECTOR_MM
        return sid / sod


def read_distances(film: Decoded, *, spacing_from_file: bool) -> Distances:
    """SID and SOD from the file; a stated magnification gives the one that is missing.

    Without SID and SOD the magnification is kept at the default SID, which leaves the scale at the isocentre right.
    A calibrated PixelSpacing counts as magnification only where the file's spacings are used at all.

    Raises RefusedInput for distances that are not positive numbers and for SOD >= SID.
    """
    warnings: list[str] = []
    sid = _distance(film, "DistanceSourceToDetector", warnings)
    sod = _distance(film, "DistanceSourceToPatient", warnings)
    factors = _factors(film, spacing_from_file, warnings)
    provenance = {
        key: Provenance(Source.FILE, detail)
        for key, value, detail in (
            ("sid_mm", sid, "DistanceSourceToDetector (0018,1110)"),
            ("sod_mm", sod, "DistanceSourceToPatient (0018,1111)"),
        )
        if value is not None
    }
    if factors and (sid is None or sod is None):
        word, factor = next(iter(factors.items()))
        if sid is None and sod is None:
            sid = DEFAULT_SID_MM
            provenance["sid_mm"] = Provenance(Source.DEFAULT, f"{sid:g} mm, not in the file")
        if sod is None:
            assert sid is not None
            sod = sid / factor
            provenance["sod_mm"] = Provenance(Source.ESTIMATED, f"SID / {factor:.4f}, {word}")
        elif sid is None:
            sid = sod * factor
            provenance["sid_mm"] = Provenance(Source.ESTIMATED, f"SOD x {factor:.4f}, {word}")
    _check(film, sid, sod, factors, warnings)
    return Distances(sid, sod, provenance, tuple(f"{film.name}: {sentence}" for sentence in warnings))


def _check(film: Decoded, sid: float | None, sod: float | None, factors: dict[str, float], warnings: list[str]) -> None:
    if sid is not None and not PLAUSIBLE_SID_MM[0] <= sid <= PLAUSIBLE_SID_MM[1]:
        warnings.append(f"source-detector distance {sid:g} mm is unusual")
    if sid is None or sod is None:
        return
    if sod >= sid:
        raise refused(
            film.name,
            f"has a source-object distance of {sod:g} mm that is not smaller than its source-detector distance"
            f" of {sid:g} mm",
            "correct the distances in the file",
        )
    if sid / sod > PLAUSIBLE_FACTOR[1]:
        warnings.append(f"magnification {sid / sod:.2f} is unusual")
    for word, factor in factors.items():
        if abs(sid / sod / factor - 1) > _AGREEMENT:
            warnings.append(f"magnification {sid / sod:.3f} by distances disagrees with {factor:.3f} by {word}")


def _distance(film: Decoded, keyword: str, warnings: list[str]) -> float | None:
    text = film.text(keyword)
    if not text:
        return None
    value = decimal(text)
    if value is None or value < 0:
        raise refused(film.name, f"has {keyword} {text[:20]!r}, not a distance in mm", "correct it in the file")
    if value == 0:
        warnings.append(f"{keyword} is 0, taken as not stated")
        return None
    return value


def _factors(film: Decoded, spacing_from_file: bool, warnings: list[str]) -> dict[str, float]:
    """Magnifications the file states, the most trusted first."""
    calibration = film.text("PixelSpacingCalibrationType")
    calibrated = _calibrated_factor(film) if spacing_from_file and calibration else None
    stated = film.text("EstimatedRadiographicMagnificationFactor")
    candidates = {
        "FIDUCIAL calibration": calibrated if calibration == "FIDUCIAL" else None,
        "EstimatedRadiographicMagnificationFactor (0018,1114)": decimal(stated) if stated else None,
        f"{calibration} calibration": calibrated,
    }
    if stated and decimal(stated) is None:
        warnings.append("EstimatedRadiographicMagnificationFactor is not a number and was ignored")
    low, high = PLAUSIBLE_FACTOR
    for word, factor in candidates.items():
        if factor is not None and not low < factor <= high:
            warnings.append(f"magnification {factor:g} by {word} is not in ({low:g}, {high:g}] and was ignored")
    return {word: factor for word, factor in candidates.items() if factor is not None and low < factor <= high}


def _calibrated_factor(film: Decoded) -> float | None:
    """ImagerPixelSpacing / PixelSpacing, or None where they do not differ or are no pair."""
    detector = decimals(film.text("ImagerPixelSpacing"), 2)
    patient = decimals(film.text("PixelSpacing"), 2)
    if detector is None or patient is None or detector == patient or min(patient) <= 0 or min(detector) <= 0:
        return None
    return sqrt(detector[0] * detector[1] / (patient[0] * patient[1]))
