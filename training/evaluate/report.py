"""The evaluation as one JSON value (docs/evaluation.md describes it) for papers, model cards and the HTML report."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.models.loaded import LoadedModel
from engine.pipeline import SAMPLER
from training.evaluate.extractor import Extractor
from training.evaluate.image_distance import WINDOW_HU
from training.evaluate.knee import Properties
from training.evaluate.published import PUBLISHED
from training.evaluate.score import FAILED, SCORED
from training.evaluate.subgroups import subgroup_rows, width_bounds
from training.evaluate.summary import MEAN, Record, hounsfield_table, measured, residual_motion, score_table

FORMAT, FORMAT_VERSION = "genu-evaluation", 1
NO_EXTRACTOR = "not measured: no extractor given"
_PACKAGES = ("genu", "torch", "numpy", "scipy", "scikit-image", "manifold3d", "torchmetrics", "torchvision")


def report_of(
    model: LoadedModel,
    settings: Mapping[str, Any],
    records: Sequence[Record],
    refused: Sequence[Mapping[str, str]],
    images: Mapping[str, Any],
    trained: Mapping[str, float],
) -> dict[str, Any]:
    """Everything of an evaluation but its pictures; finite JSON values, the same for the same results."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "model": {
            "id": model.id,
            "version": model.version,
            "sha256": model.sha256,
            "voxels": model.sizes[-1],
            "trained": dict(trained),
        },
        "settings": dict(settings) | {"sampler": SAMPLER, "intervals": "95 %, percentile bootstrap over knees"},
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
        "cases": {
            "scored": sum(record["status"] == SCORED for record in records),
            "failed": [{"name": r["name"], "reason": r["reason"]} for r in records if r["status"] == FAILED],
            "refused": [dict(row) for row in refused],
        },
        "scores": score_table(records),
        "residual_motion": residual_motion(records),
        "ceiling": score_table(records, "ceiling"),
        "hu_error": hounsfield_table(records),
        "subgroups": subgroup_rows(records),
        "condylar_width_bounds_mm": _bounds(records),
        "images": dict(images),
        "knees": [_knee_row(record) for record in records],
        "published": [dict(row) for row in PUBLISHED],
    }


def image_section(extractor: Extractor | None, distances: Mapping[str, Any] | None, knees: int, images: int) -> dict:
    """FID and KID, or why there are none."""
    if extractor is None:
        return {"status": NO_EXTRACTOR}
    stated = {
        "extractor": {"file": extractor.file, "sha256": extractor.sha256, "architecture": extractor.architecture},
        "images_per_plane": images,
        "window_hu": list(WINDOW_HU),
        "knees_with_true_ct": knees,
    }
    if distances is None or distances["mean"]["fid"] is None:
        reason = f"not measured: {images:,} different slices a plane need more knees with a true CT than {knees}"
        return {"status": reason} | stated
    return {"status": "measured"} | stated | dict(distances)


def _bounds(records: Sequence[Record]) -> list[float] | None:
    bounds = width_bounds([Properties.of(record["properties"]).condylar_width_mm for record in records])
    return None if bounds is None else list(bounds)


def _knee_row(record: Record) -> dict[str, Any]:
    return {
        "name": record["name"],
        "key": record["key"],
        "films": record["films"],
        "status": record["status"],
        "dice": measured(record, "unregistered", MEAN, "dice"),
        "dice_registered": measured(record, "registered", MEAN, "dice"),
        "assd_mm": measured(record, "unregistered", MEAN, "assd_mm"),
        "ceiling_dice": measured(record, "unregistered", MEAN, "dice", "ceiling"),
        "properties": dict(record["properties"]),
        "files": dict(record["files"]),
        "warnings": list(record["warnings"]),
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
