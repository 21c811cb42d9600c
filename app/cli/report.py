"""What `genu generate` writes beside the volumes and meshes: report.json, free of patient data."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

NOTICE = "Synthetic: generated from two radiographs, not a scan. For research only, never for patient care."

# Whose version can change a result.
_PACKAGES = ("torch", "numpy", "manifold3d", "scipy", "pydicom", "imagecodecs", "pillow", "safetensors")

_imported = time.monotonic()


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


def process_seconds() -> float:
    """Wall time since this process was started; since this module was imported where the kernel does not tell."""
    statistics = Path("/proc/self/stat")
    if not statistics.exists():
        return time.monotonic() - _imported
    # proc(5): field 22 is the start time in clock ticks since boot; the name before it may hold spaces.
    started = int(statistics.read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
