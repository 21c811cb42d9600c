"""Stored values to film intensities: modality LUT, one polarity, log of exposure. No VOI LUT and no window.

PS3.3 C.11.1 (modality LUT), C.7.6.3.1.2 and C.11.6 (polarity), C.8.11.3.1.2 (Pixel Intensity Relationship).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain import Provenance, Source
from engine.io.decimals import decimal
from engine.io.decoded import Decoded
from engine.io.refusals import refused


@dataclass(frozen=True, slots=True, eq=False)
class Intensities:
    """pixels: (rows, columns) float32, dense bone bright; where they come from; sentences for the report."""

    pixels: NDArray[np.float32]
    provenance: Provenance
    warnings: tuple[str, ...]


def bone_bright(film: Decoded) -> Intensities:
    """Film intensities with dense bone bright, whatever the file's polarity.

    MONOCHROME1 and PresentationLUTShape INVERSE say the same thing: either of them, or both, is one inversion.
    Unprocessed pixels that are linear in exposure (LIN, FOR PROCESSING) become logarithmic.

    Raises RefusedInput for a rescale that is no rescale and for a film without contrast.
    """
    if film.pixels.min() == film.pixels.max():
        raise refused(film.name, "has no contrast: all its pixels are equal", "give the exposed film")
    pixels, low, high = _modality_values(film)
    steps = [film.text("PresentationIntentType") or film.format]
    if is_inverted(film):
        pixels = low + high - pixels
        steps.append("inverted from MONOCHROME1")
    if film.text("PixelIntensityRelationship") == "LIN" and film.text("PresentationIntentType") == "FOR PROCESSING":
        pixels = _log_of_exposure(pixels, low, high)
        steps.append("exposure made logarithmic")
    source = Source.FILE if film.format == "DICOM" else Source.DEFAULT
    return Intensities(pixels.astype(np.float32), Provenance(source, ", ".join(steps)), tuple(_warnings(film)))


def is_inverted(film: Decoded) -> bool:
    """Whether the lowest value of the film is to be shown white."""
    return film.text("PhotometricInterpretation") == "MONOCHROME1" or film.text("PresentationLUTShape") == "INVERSE"


def _modality_values(film: Decoded) -> tuple[NDArray[np.float64], float, float]:
    """Values after the modality LUT or rescale, and the two ends of what it can give."""
    if lut := film.modality_lut:
        index = np.clip(film.pixels.astype(np.int64) - lut.first, 0, len(lut.entries) - 1)
        return np.asarray(lut.entries, dtype=np.float64)[index], 0.0, float((1 << lut.bits) - 1)
    slope = decimal(film.text("RescaleSlope") or "1")
    intercept = decimal(film.text("RescaleIntercept") or "0")
    if slope is None or intercept is None or not 1e-9 < abs(slope) < 1e9 or abs(intercept) > 1e9:
        raise refused(film.name, "has a rescale slope or intercept that is not a usable number", "export it again")
    first, last = (slope * end + intercept for end in film.stored_range)
    return film.pixels * slope + intercept, min(first, last), max(first, last)


def _log_of_exposure(pixels: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Attenuation, -log(exposure), scaled to the same range (Beer-Lambert); exposure is what bone takes away."""
    exposure = np.maximum(high - pixels, 0)
    return low + (high - low) * (1 - np.log1p(exposure) / np.log1p(high - low))


def _warnings(film: Decoded) -> list[str]:
    intent, relation = film.text("PresentationIntentType"), film.text("PixelIntensityRelationship")
    shape, interpretation = film.text("PresentationLUTShape"), film.text("PhotometricInterpretation")
    contradiction = shape in ("IDENTITY", "INVERSE") and (shape == "INVERSE") != (interpretation == "MONOCHROME1")
    checks = (
        (contradiction, f"{interpretation} contradicts PresentationLUTShape {shape}; shown inverted, check the film"),
        (intent == "FOR PROCESSING", "is an unprocessed film (FOR PROCESSING)"),
        (relation == "LIN" and intent != "FOR PROCESSING", "has pixels linear in exposure, left as they are"),
        (relation == "DISP", "has pixels prepared for display, which cannot be undone"),
        (film.text("BurnedInAnnotation") == "YES", "has burned-in text, which may name the patient"),
        (
            film.format == "DICOM" and film.text("BurnedInAnnotation") not in ("YES", "NO"),
            "does not say whether text is burned into the image",
        ),
    )
    return [f"{film.name}: {sentence}" for applies, sentence in checks if applies]
