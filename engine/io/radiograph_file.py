"""Files to films: `Path → Radiograph → RadiographPair`. DX, CR and RG DICOM; PNG, TIFF and JPEG with a stated spacing.

What the user says beats the file; where both speak and differ, the film carries a warning.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from pathlib import Path

from engine.domain import Identity, Provenance, Radiograph, RadiographPair, RefusedInput, Side, View
from engine.domain.radiograph import SPACING_RANGE_MM
from engine.io.decoded import Decoded
from engine.io.decoding import decode_films
from engine.io.distances import read_distances
from engine.io.film_view import read_side, read_view, stand_upright
from engine.io.intensity import bone_bright
from engine.io.refusals import refused
from engine.io.spacing import read_spacing

SpacingMm = float | tuple[float, float]

_PLAUSIBLE_WIDTH_MM = (60.0, 700.0)
_KNEE_WORDS = ("KNEE", "PATELLA", "LEG", "EXTREMITY", "FEMUR", "TIBIA", "LOWER")


def read_radiograph(
    path: Path, *, view: View | None = None, side: Side | None = None, spacing_mm: SpacingMm | None = None
) -> Radiograph:
    """One film. `view`, `side` and `spacing_mm` (at the detector: one number or (row, column)) beat the file.

    Raises RefusedInput naming the file, MachineFailure when no decoding process can be started.
    """
    return radiograph_from(decode_films([Path(path)])[0], view, side, spacing_mm)


def pair_radiographs(
    first: Path | None = None,
    second: Path | None = None,
    *,
    ap: Path | None = None,
    lateral: Path | None = None,
    side: Side | None = None,
    spacing_mm: SpacingMm | None = None,
) -> RadiographPair:
    """An AP and a lateral film of one knee, from two positions (AP first) or by name.

    A film given as `ap` or `lateral` is that view whatever its tags say. Films given by position must say which they
    are; a lateral in the first place is refused, for the command line means AP by it.

    Raises RefusedInput for two patients, two sides, one file twice, swapped or unknown views, and as `read_radiograph`.
    """
    positional = [p for p in (first, second) if p is not None]
    named = {View.AP: ap, View.LATERAL: lateral}
    if len(positional) + sum(p is not None for p in named.values()) != 2:
        raise RefusedInput("an AP and a lateral film are needed; give AP.dcm LAT.dcm, or --ap FILE and --lateral FILE")
    places: dict[View, tuple[Path, View | None]] = {v: (Path(p), v) for v, p in named.items() if p is not None}
    for empty, path in zip([v for v in View if v not in places], positional, strict=True):
        places[empty] = (Path(path), None)
    decoded = decode_films([places[v][0] for v in View])
    films = [radiograph_from(d, places[v][1], side, spacing_mm) for d, v in zip(decoded, View, strict=True)]
    return pair_by_identity(*films)


def pair_by_identity(ap: Radiograph, lateral: Radiograph) -> RadiographPair:
    """The pair of two films. Different dates or spellings of a name become warnings of the lateral film.

    Raises RefusedInput for two patients, one file twice, and views that are swapped or alike.
    """
    names = f"{ap.source_name} and {lateral.source_name}"
    if ap.sha256 == lateral.sha256:
        raise RefusedInput(f"{names} are the same file; give the AP and the lateral film")
    if ap.view is View.LATERAL and lateral.view is View.AP:
        raise RefusedInput(f"{names} are swapped; give the AP film first, or name them with --ap and --lateral")
    if ap.view is not None and ap.view is lateral.view:
        raise RefusedInput(f"{names} are both {ap.view.value} films; give one AP and one lateral film")
    one, other = ap.identity, lateral.identity
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        raise RefusedInput(f"{names} are of patients born on different days; give both films of one patient")
    same_name = not (one.patient_name and other.patient_name) or one.patient_name == other.patient_name
    if not same_name and not (one.patient_id and other.patient_id):
        raise RefusedInput(f"{names} name different patients; give both films of one patient")
    warnings = list(lateral.warnings)
    if not same_name:
        warnings.append(f"{names} write the patient's name differently under one patient ID")
    if one.study_date != other.study_date and one.study_date and other.study_date:
        warnings.append(f"{names} were taken on different dates")
    return RadiographPair(ap, replace(lateral, warnings=tuple(warnings)))


def radiograph_from(decoded: Decoded, view: View | None, side: Side | None, spacing_mm: SpacingMm | None) -> Radiograph:
    user_mm = _user_spacing(decoded.name, spacing_mm)
    distances = read_distances(decoded, spacing_from_file=user_mm is None)
    spacing = read_spacing(decoded, distances, user_mm)
    intensities = bone_bright(decoded)
    said_view, said_side = read_view(decoded, view), read_side(decoded, side)
    upright = stand_upright(decoded, intensities.pixels, said_view.value)
    provenance = {
        "pixels": intensities.provenance,
        "view": said_view.provenance,
        "side": said_side.provenance,
        "pixel_spacing_mm": spacing.provenance,
        "columns_run_to": upright.provenance,
        **distances.provenance,
    }
    sources = (distances, spacing, intensities, said_view, said_side, upright)
    return Radiograph(
        pixels=upright.pixels,
        view=said_view.value,
        side=said_side.value,
        pixel_spacing_mm=spacing.mm,
        sid_mm=distances.sid_mm,
        sod_mm=distances.sod_mm,
        columns_run_to=upright.columns_run_to,
        source_name=decoded.name,
        sha256=decoded.sha256,
        identity=_identity(decoded),
        provenance={key: value for key, value in provenance.items() if isinstance(value, Provenance)},
        warnings=tuple(w for source in sources for w in source.warnings) + _plausibility(decoded, spacing.mm),
    )


def _user_spacing(name: str, spacing_mm: SpacingMm | None) -> tuple[float, float] | None:
    if spacing_mm is None:
        return None
    row, column = spacing_mm if isinstance(spacing_mm, tuple) else (spacing_mm, spacing_mm)
    low, high = SPACING_RANGE_MM
    if not all(isfinite(s) and low <= s <= high for s in (row, column)):
        raise refused(name, f"was given a spacing of {row:g}, {column:g} mm", "give --spacing in [0.02, 2] mm")
    return row, column


def _identity(film: Decoded) -> Identity:
    return Identity(
        patient_id=film.text("PatientID"),
        patient_name=film.text("PatientName"),
        birth_date=film.text("PatientBirthDate"),
        sex=film.text("PatientSex"),
        study_instance_uid=film.text("StudyInstanceUID"),
        study_date=film.text("StudyDate"),
        sop_class_uid=film.text("SOPClassUID"),
        sop_instance_uid=film.text("SOPInstanceUID"),
    )


def _plausibility(film: Decoded, spacing_mm: tuple[float, float]) -> tuple[str, ...]:
    width = film.pixels.shape[1] * spacing_mm[1]
    part = film.text("BodyPartExamined").upper()
    low, high = _PLAUSIBLE_WIDTH_MM
    checks = (
        (not low <= width <= high, f"is {width:.0f} mm wide at the detector, unusual for a knee film"),
        (part and not any(word in part for word in _KNEE_WORDS), "does not name the knee as body part"),
    )
    return tuple(f"{film.name}: {sentence}" for applies, sentence in checks if applies)
