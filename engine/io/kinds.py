"""Which DICOM objects are a film and which a CT slice, by SOP class; everything else is refused by its name."""

from __future__ import annotations

from typing import Any

from pydicom.uid import UID

from engine.io.refusals import refused

_FILMS = {
    "1.2.840.10008.5.1.4.1.1.1",  # Computed Radiography
    "1.2.840.10008.5.1.4.1.1.1.1",  # Digital X-Ray, For Presentation
    "1.2.840.10008.5.1.4.1.1.1.1.1",  # Digital X-Ray, For Processing
}
_CAPTURES = {
    "1.2.840.10008.5.1.4.1.1.7",  # Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.2",  # Multi-frame Grayscale Byte Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.3",  # Multi-frame Grayscale Word Secondary Capture
}
_SLICES = {"1.2.840.10008.5.1.4.1.1.2"}

# kind: pairs of (SOP classes, modalities), and what to give instead. A captured film counts where its modality is RG
# (radiographic imaging: conventional film, digitised).
_ACCEPTED = {
    "film": (((_FILMS, {"DX", "CR", "RG"}), (_CAPTURES, {"RG"})), "give a DX, CR or RG radiograph"),
    "slice": (((_SLICES, {"CT"}),), "give a folder that holds one axial CT series"),
}


def check_kind(facts: dict[str, Any], kind: str, name: str) -> None:
    """Raises RefusedInput naming what the object is instead of a `kind` ("film" or "slice")."""
    sop_class, modality = facts.get("SOPClassUID", ""), facts.get("Modality", "")
    accepted, remedy = _ACCEPTED[kind]
    if not any(sop_class in classes and modality in modalities for classes, modalities in accepted):
        word = UID(sop_class).name if sop_class else "object of no SOP class"
        raise refused(name, f"is a {word} of modality {modality or '(none)'}, not a {_WORDS[kind]}", remedy)


_WORDS = {"film": "radiograph", "slice": "CT slice"}
