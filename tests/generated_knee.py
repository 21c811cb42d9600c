"""A phantom knee as `genu generate` leaves it: meshes, and every file by its name. Made once a side."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from engine.domain import BoneMesh, Side
from engine.io.nifti import label_nifti_bytes, nifti_bytes
from engine.surface import extract_bones
from export.stl import read_stl, stl_bytes
from tests.phantoms import knee_ct, knee_field, knee_labels

VOXELS = 32
CASE = "0123456789ab"


@cache
def phantom_meshes(side: Side) -> tuple[BoneMesh, ...]:
    """The four bones as they come back from their STL files, as every screen shows them."""
    drawn = extract_bones(*knee_field(VOXELS, side), side)
    files = [stl_bytes(mesh, CASE) for mesh in drawn]
    return tuple(
        BoneMesh(*read_stl(data), mesh.bone, side, (hashlib.sha256(data).hexdigest(),))
        for mesh, data in zip(drawn, files, strict=True)
    )


@cache
def knee_files(side: Side) -> dict[str, bytes]:
    """ct.nii.gz, labels.nii.gz, meshes/<bone>.stl and report.json."""
    files = {
        "ct.nii.gz": nifti_bytes(knee_ct(VOXELS, side)),
        "labels.nii.gz": label_nifti_bytes(knee_labels(VOXELS, side)),
    }
    files |= {f"meshes/{mesh.bone.word}.stl": stl_bytes(mesh, CASE) for mesh in phantom_meshes(side)}
    report = {
        "genu": "0.1.0",
        "synthetic": True,
        "inputs": [
            {"file": "ap.dcm", "sha256": "aa" * 32, "view": "AP"},
            {"file": "lateral.dcm", "sha256": "bb" * 32, "view": "LATERAL"},
        ],
        "model": {"id": "phantom", "version": "1.2.3", "sha256": "cc" * 32},
        "sampler": {"name": "DPM-Solver++(2M)", "steps": 8, "samples": 1, "seed": 4711},
        "backend": {"device": "cpu", "precision": "float32"},
        "warnings": ["ap.dcm: is an unprocessed film (FOR PROCESSING)"],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return files | {"report.json": json.dumps(report).encode()}
