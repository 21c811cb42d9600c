"""What goes beside the volumes and meshes of a generated knee: report.json, free of patient data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

NOTICE = "Synthetic: generated from two radiographs, not a scan. For research only, never for patient care."

# Whose version can change a result.
_PACKAGES = ("torch", "numpy", "manifold3d", "scipy", "pydicom", "imagecodecs", "pillow", "safetensors")


def generation_report(
    record: Mapping[str, Any],
    beam: str,
    mesh_checks: Mapping[str, Any],
    files: Mapping[str, bytes],
    timings: Mapping[str, float],
) -> bytes:
    """report.json of a generated knee. record: of the pipeline. files: everything else in the folder.

    Everything but `timings` is the same for the same run on the same backend.
    """
    report = {
        "genu": version("genu"),
        "synthetic": True,
        "notice": NOTICE,
        **record,
        "lateral_beam": beam,
        "versions": dict(record.get("versions", {})) | software_versions(),
        "meshes": mesh_checks,
        "files": hashes(files),
        "timings": dict(timings),
    }
    return as_json(report)


def software_versions() -> dict[str, str]:
    """Versions of the packages that can change a result."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file by its name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


def as_json(value: object) -> bytes:
    """Indented JSON that refuses nan and infinity."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False).encode() + b"\n"
