"""manifest.json: what each exported file is, bound by hash to what was on the screen, and free of patient data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain import BoneMesh, Side
from export.formats import FORMATS
from export.read_back import BoneCheck, landmarks_mm

MANIFEST = "manifest.json"
NOTICE = "Synthetic: generated from two radiographs, not a scan. For research only, never for patient care."

# Of a generated knee's report.json, what goes along: nothing in these names a file or a person.
_ORIGIN = ("genu", "model", "sampler", "backend", "versions", "lateral_beam")


@dataclass(frozen=True, slots=True)
class MeshFile:
    """One mesh file that was written, read back and found to be what the screen shows. format: a name in FORMATS."""

    name: str
    format: str
    sha256: str
    size_bytes: int
    bones: tuple[BoneCheck, ...]


def manifest_bytes(
    case: str,
    meshes: Sequence[BoneMesh],
    files: Sequence[MeshFile],
    papers: Mapping[str, bytes],
    origin: Mapping[str, Any],
    genu: str,
    exported: str,
) -> bytes:
    """The manifest, UTF-8 JSON.

    meshes: as on the screen.   files: the mesh files.   papers: every other file by name.   origin: of `origin_of`.
    genu: version that exports.   exported: ISO 8601 time.
    """
    side = meshes[0].side
    record = {
        "genu_export": 1,
        "genu": genu,
        "synthetic": True,
        "notice": NOTICE,
        "case": case,
        "side": side.word,
        "exported": exported,
        "generated": dict(origin),
        "shown": {mesh.bone.word: _shown(mesh) for mesh in meshes},
        "files": {file.name: _file(file, side) for file in files},
        "papers": {name: _digest(content) for name, content in sorted(papers.items())},
    }
    return (json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def origin_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """Of report.json: model, sampler, backend, versions and the films' hashes, without the name of a file or person."""
    films = [film for film in report.get("inputs", ()) if isinstance(film, Mapping)]
    known = {name: report[name] for name in _ORIGIN if name in report}
    return known | {"films_sha256": {str(film.get("view")): film.get("sha256") for film in films}}


def mesh_sha256(mesh: BoneMesh) -> str:
    """Hash of a mesh's values: side and bone words, float32 vertices and int32 faces, little-endian."""
    words = f"{mesh.side.word} {mesh.bone.word}\n".encode()
    vertices, faces = mesh.vertices_mm.astype("<f4"), mesh.faces.astype("<i4")
    return hashlib.sha256(words + vertices.tobytes() + faces.tobytes()).hexdigest()


def _shown(mesh: BoneMesh) -> dict[str, Any]:
    """What was on the screen: its values, and the files of the case that they are from."""
    return {"values_sha256": mesh_sha256(mesh), "from_sha256": list(mesh.sources)}


def _file(file: MeshFile, side: Side) -> dict[str, Any]:
    form = FORMATS[file.format]
    return {
        "format": file.format,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "unit": form.unit,
        "frame": form.frame,
        "side": side.word,
        "bones": {check.bone.word: _bone(check) for check in file.bones},
        "landmarks_lps_mm": {name: list(point) for name, point in landmarks_mm(file.bones).items()},
        "read_back": "equal to the screen within float32",
    }


def _bone(check: BoneCheck) -> dict[str, Any]:
    return {
        "points": check.vertices,
        "triangles": check.faces,
        "volume_mm3": check.volume_mm3,
        "largest_deviation_mm": check.deviation_mm,
    }


def _digest(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
