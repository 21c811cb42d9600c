"""A folder `ap.dcm lat.dcm labels.nii.gz` as a knee to be scored, with `ct.nii.gz` and `truth.json` where there are.

truth.json may state `side` (R or L), `tilt` (degrees by which the lateral is off), `flexion_deg`, `bend_deg`,
`osteopenia` and `implant`; what it does not state is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.domain import RefusedInput
from engine.geometry.calibrate import calibrate
from engine.io.nifti import read_nifti
from engine.io.radiograph_file import pair_radiographs
from training.evaluate.knee import TAKEN, FoundKnee, Knee, Properties, file_digests

AP, LATERAL, LABELS, CT, STATED = "ap.dcm", "lat.dcm", "labels.nii.gz", "ct.nii.gz", "truth.json"
_LATERALS = (LATERAL, "lateral.dcm")


def labelled_knees(folder: Path) -> list[FoundKnee]:
    """The labelled folders inside a folder by name, or the folder itself where it is one."""
    places = [folder] if (folder / LABELS).is_file() else sorted(p for p in folder.iterdir() if (p / LABELS).is_file())
    return [
        FoundKnee(place.name, TAKEN, file_digests(*_files(place)), lambda _, place=place: read_labelled(place))
        for place in places
    ]


def read_labelled(folder: Path) -> Knee:
    """One knee. Raises RefusedInput naming what is missing or cannot be read."""
    lateral = next((folder / name for name in _LATERALS if (folder / name).is_file()), folder / LATERAL)
    for path in (folder / AP, lateral):
        if not path.is_file():
            raise RefusedInput(f"{folder.name} holds no {path.name}; put both films beside {LABELS}")
    calibrated = calibrate(pair_radiographs(ap=folder / AP, lateral=lateral))
    ct = read_nifti(folder / CT) if (folder / CT).is_file() else None
    properties = stated_properties(_stated(folder), calibrated.side.word)
    return Knee(calibrated, read_nifti(folder / LABELS), ct, properties)


def stated_properties(stated: Mapping[str, Any], side: str) -> Properties:
    """What truth.json says of a knee whose films say the side."""
    tilt = _number(stated.get("tilt"))
    return Properties(
        side=side,
        lateral_error_deg=None if tilt is None else abs(tilt),
        flexion_deg=_number(stated.get("flexion_deg")),
        bend_deg=_number(stated.get("bend_deg")),
        osteopenia=_yes_or_no(stated.get("osteopenia")),
        implant=_yes_or_no(stated.get("implant")),
    )


def _files(folder: Path) -> tuple[Path, ...]:
    names = (AP, *_LATERALS, LABELS, CT, STATED)
    return tuple(folder / name for name in names if (folder / name).is_file())


def _stated(folder: Path) -> Mapping[str, Any]:
    path = folder / STATED
    if not path.is_file():
        return {}
    try:
        stated = json.loads(path.read_bytes())
    except (OSError, ValueError) as wrong:
        raise RefusedInput(f"{folder.name}/{STATED}: is not JSON ({wrong}); correct or remove it") from wrong
    if not isinstance(stated, dict):
        raise RefusedInput(f"{folder.name}/{STATED}: is not a table of names and values; correct or remove it")
    return stated


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _yes_or_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
