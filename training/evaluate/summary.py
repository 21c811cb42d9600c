"""From records of knees to means with intervals: by bone, by measure, by subgroup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.domain import Bone
from engine.quality.bootstrap import bootstrap_interval

KINDS = ("unregistered", "registered", "registered_per_bone")
SHARES = ("dice", "iou", "nsd_1mm", "nsd_2mm")
DISTANCES = ("assd_mm", "hd95_mm")
# What people call the measures, in the order of every table.
MEASURE_WORDS = {
    "dice": "Dice",
    "iou": "IoU",
    "assd_mm": "ASSD mm",
    "hd95_mm": "HD95 mm",
    "nsd_1mm": "NSD 1 mm",
    "nsd_2mm": "NSD 2 mm",
}
MEASURES = tuple(MEASURE_WORDS)
MEAN = "mean"
BONES_AND_MEAN = (*(bone.word for bone in Bone), MEAN)

Record = Mapping[str, Any]
IntervalValues = dict[str, float | int]


def measured(record: Record, kind: str, bone: str, measure: str, of: str = "scores") -> float | None:
    """One number of a knee; bone "mean" is the mean over the bones of the truth.

    A bone that was not made has no overlap (0) and no distance (None), and so have all bones of a failed knee. A mean
    of distances is None where one of them is.
    """
    bones = _bones(record, kind, of)
    if bone == MEAN:
        values = [_of_bone(bones[word], measure) for word in bones]
        return None if not values or None in values else float(np.mean([v for v in values if v is not None]))
    return _of_bone(bones[bone], measure) if bone in bones else None


def interval(values: Iterable[float | None]) -> IntervalValues | None:
    """Mean and 95 % bootstrap interval over the knees that have the value; None where none has."""
    found = [value for value in values if value is not None]
    return bootstrap_interval(found).as_dict() if found else None


def score_table(records: Sequence[Record], of: str = "scores") -> dict[str, Any]:
    """kind → bone and "mean" → measure → interval."""
    return {
        kind: {
            word: {measure: interval(measured(r, kind, word, measure, of) for r in records) for measure in MEASURES}
            for word in BONES_AND_MEAN
        }
        for kind in KINDS
    }


def residual_motion(records: Sequence[Record]) -> dict[str, Any]:
    """The rigid motion that registration had to make, over the knees that were made: what no one corrects in use."""
    motions = [r["scores"]["registered"]["motion"] for r in records if r["scores"]]
    names = ("rotation_deg", "translation_mm")
    return {
        name: None
        if not motions
        else {**(interval(m[name] for m in motions) or {}), "max": max(m[name] for m in motions)}
        for name in names
    }


def hounsfield_table(records: Sequence[Record]) -> dict[str, Any]:
    """region → measure → interval, over the knees that have a true CT."""
    known = [r["hu_error"] for r in records if r["hu_error"]]
    regions = ["body", *(bone.word for bone in Bone)]
    return {
        region: {
            name: interval(error[region][name] for error in known if region in error)
            for name in ("mean_absolute_hu", "bias_hu")
        }
        for region in regions
    }


def _bones(record: Record, kind: str, of: str) -> Mapping[str, Mapping[str, Any] | None]:
    return record[of][kind]["bones"] if record[of] else dict.fromkeys(record["bones"])


def _of_bone(scores: Mapping[str, Any] | None, measure: str) -> float | None:
    value = None if scores is None else scores[measure]
    return 0.0 if value is None and measure in SHARES else value
