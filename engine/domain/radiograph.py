"""Films as they enter Genu: pixels in one polarity, and where every number that came with them is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import isfinite
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.domain.anatomy import Side, View
from engine.domain.arrays import frozen_array
from engine.domain.errors import RefusedInput

SPACING_RANGE_MM = (0.02, 2.0)


class Source(Enum):
    """Who said a value: the file, the user, or Genu's documented default."""

    FILE = "file"
    USER = "user"
    DEFAULT = "default"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one value of a film comes from.

    `detail` is a short phrase for people, e.g. "ImagerPixelSpacing (0018,1164)" or "--side".
    """

    source: Source
    detail: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What ties a film to a person and a study; empty strings where the file says nothing.

    Never written to logs, file names, STL headers or reports.
    """

    patient_id: str = ""
    patient_name: str = ""
    birth_date: str = ""
    sex: str = ""
    study_instance_uid: str = ""
    study_date: str = ""
    sop_class_uid: str = ""
    sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Radiograph:
    """One film.

    pixels: (rows, cols) float32, finite, MONOCHROME2 polarity (dense bone is bright), after the modality LUT only.
    view: AP or lateral, or None where neither the file nor the user said.
    side: of the knee, or None where neither the file nor the user said.
    pixel_spacing_mm: (row, column) at the detector, each in [0.02, 2] mm.
    sid_mm, sod_mm: source to detector and source to object (isocentre), or None where unknown; sod < sid.
    columns_run_to: patient direction of increasing column by DICOM letter: "L"/"R" on AP, "A"/"P" on lateral.
    source_name: file name for messages (no folder).
    sha256: of the file.
    provenance: by field name ("view", "side", "pixel_spacing_mm", "sid_mm", "sod_mm", "columns_run_to", ...).
    warnings: sentences for the report.

    Raises RefusedInput when a value is outside its range.
    """

    pixels: NDArray[np.float32]
    view: View | None
    side: Side | None
    pixel_spacing_mm: tuple[float, float]
    sid_mm: float | None
    sod_mm: float | None
    columns_run_to: str
    source_name: str
    sha256: str
    identity: Identity = field(default_factory=Identity)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "pixels", frozen_array(self.pixels, np.float32, "pixels", (None, None)))
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))
        low, high = SPACING_RANGE_MM
        if len(self.pixel_spacing_mm) != 2 or not all(isfinite(s) and low <= s <= high for s in self.pixel_spacing_mm):
            raise RefusedInput(
                f"{self.source_name}: pixel spacing {self.pixel_spacing_mm} mm is not two numbers in [{low}, {high}];"
                " give the film's true spacing with --spacing"
            )
        for name, value in (("SID", self.sid_mm), ("SOD", self.sod_mm)):
            if value is not None and not (isfinite(value) and value > 0):
                raise RefusedInput(f"{self.source_name}: {name} is {value} mm, expected a positive distance")
        if self.sid_mm is not None and self.sod_mm is not None and self.sod_mm >= self.sid_mm:
            raise RefusedInput(
                f"{self.source_name}: source-object distance {self.sod_mm} mm is not smaller than"
                f" source-image distance {self.sid_mm} mm; correct the distances"
            )
        if self.columns_run_to not in ("L", "R", "A", "P"):
            raise RefusedInput(f"{self.source_name}: columns run to {self.columns_run_to!r}, expected L, R, A or P")


@dataclass(frozen=True, slots=True, eq=False)
class RadiographPair:
    """An AP and a lateral film of one knee of one patient.

    Raises RefusedInput for two patients, a view or side that is missing or doubled, or sides that differ.
    """

    ap: Radiograph
    lateral: Radiograph

    def __post_init__(self) -> None:
        ap, lateral = self.ap, self.lateral
        names = f"{ap.source_name} and {lateral.source_name}"
        ids = ap.identity.patient_id, lateral.identity.patient_id
        if all(ids) and ids[0] != ids[1]:
            raise RefusedInput(f"{names} are of two patients; give both films of one patient")
        if ap.view is not View.AP or lateral.view is not View.LATERAL:
            raise RefusedInput(
                f"{names} are not one AP and one lateral film; name them with --ap FILE and --lateral FILE"
            )
        if ap.side is None or lateral.side is None:
            unknown = ap.source_name if ap.side is None else lateral.source_name
            raise RefusedInput(f"{unknown} does not say which knee it shows; give --side L or --side R")
        if ap.side is not lateral.side:
            raise RefusedInput(
                f"{names} show different sides ({ap.side.value} and {lateral.side.value});"
                " give films of one knee, or --side if a label is wrong"
            )

    @property
    def side(self) -> Side:
        """The side both films agree on."""
        assert self.ap.side is not None
        return self.ap.side
