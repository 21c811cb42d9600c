"""Binary STL: one bone a file, LPS millimetres, outward. The layout of 3D Systems (1989), little-endian."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.domain import BoneMesh, RefusedInput

TRIANGLE = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
PREAMBLE = np.dtype([("header", "S80"), ("triangles", "<u4")])
FRAME = "patient LPS, millimetres, origin at the isocentre of the two views"

# 14 characters are what the header has room for; none of them can spell a second SPACE= or UNIT=.
_CASE = re.compile(r"[A-Za-z0-9._-]{1,14}")


def stl_bytes(mesh: BoneMesh, case: str) -> bytes:
    """The mesh as binary STL.

    case: an identifier of at most 14 characters (A-Z, a-z, 0-9, ".", "_", "-"), never a patient's name or number. The
    header says `SPACE=LPS`, for which 3D Slicer searches it, and `UNIT=mm`.

    Raises ValueError for another case identifier, or for a mesh that is empty or looks inward.
    """
    if mesh.volume_mm3 <= 0:
        raise ValueError(f"the {mesh.bone.word} encloses {mesh.volume_mm3:g} mm³, expected a positive volume")
    preamble = np.array((stl_header(mesh, case), len(mesh.faces)), PREAMBLE)
    records = np.zeros(len(mesh.faces), TRIANGLE)
    records["corners"] = mesh.vertices_mm[mesh.faces]
    records["normal"] = _normals(records["corners"].astype(np.float64))
    return preamble.tobytes() + records.tobytes()


def stl_header(mesh: BoneMesh, case: str) -> bytes:
    """The first 80 bytes, padded with spaces; they do not start with "solid", which would mean a text file.

    Raises ValueError for a case identifier that `stl_bytes` does not take.
    """
    if not _CASE.fullmatch(case):
        raise ValueError(f"case {case!r} is not 1 to 14 of A-Z, a-z, 0-9, '.', '_' and '-'")
    words = ("Genu", "SPACE=LPS", "UNIT=mm", f"SIDE={mesh.side.word}", f"BONE={mesh.bone.word}", "SYNTHETIC=YES")
    return " ".join((*words, f"CASE={case}")).encode("ascii").ljust(80)


def stl_name(mesh: BoneMesh, case: str) -> str:
    """`<case>_<side>_<bone>.stl`."""
    return f"{case}_{mesh.side.word}_{mesh.bone.word}.stl"


def stl_sidecar(
    mesh: BoneMesh, stl: bytes, case: str, landmarks_mm: Mapping[str, Sequence[float]] | None = None
) -> bytes:
    """The JSON (UTF-8) that lies beside the file `stl`.

    landmarks_mm: LPS millimetres (3,) by name, where any are known.
    """
    record = {
        "case": case,
        "bone": mesh.bone.word,
        "side": mesh.side.word,
        "units": "mm",
        "space": "LPS",
        "frame": FRAME,
        "landmarks_mm": {name: [float(c) for c in point] for name, point in (landmarks_mm or {}).items()},
        "sha256": hashlib.sha256(stl).hexdigest(),
        "sources_sha256": list(mesh.sources),
        "synthetic": True,
    }
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()


def read_stl(data: bytes, source_name: str = "STL") -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Vertices (N, 3) and faces (M, 3) of a binary STL; corners with the same coordinates become one vertex.

    Numbers are as in the file: the header's unit and space are the reader's to check (`stl_tag`).

    Raises RefusedInput when the length does not fit the number of triangles, or a coordinate is not finite.
    """
    count = int(np.frombuffer(data, PREAMBLE, 1)["triangles"][0]) if len(data) >= PREAMBLE.itemsize else 0
    if count == 0 or len(data) != PREAMBLE.itemsize + count * TRIANGLE.itemsize:
        raise RefusedInput(f"{source_name} is not a whole binary STL of at least one triangle; export it again")
    corners = np.frombuffer(data, TRIANGLE, count, PREAMBLE.itemsize)["corners"].reshape(-1, 3)
    if not np.isfinite(corners).all():
        raise RefusedInput(f"{source_name} holds coordinates that are not finite; export it again")
    vertices, index = _welded(corners + np.float32(0))  # + 0 makes one zero of -0 and 0
    return vertices.astype(np.float64), index.reshape(-1, 3).astype(np.int32)


def stl_tag(data: bytes, tag: str) -> str | None:
    """Value of `TAG=value` in the header, e.g. of SPACE, UNIT, SIDE or BONE; None where it is not there."""
    found = re.search(rf"(?:^|\s){re.escape(tag)}=(\S+)", data[:80].decode("ascii", "replace"))
    return found.group(1).rstrip("\x00") if found else None


def _welded(corners: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The different rows of corners (N, 3), sorted, and the place of each row among them.

    As `np.unique(axis=0)`, which sorts rows as Python objects do and holds up every other thread meanwhile.
    """
    order = np.lexsort((corners[:, 2], corners[:, 1], corners[:, 0]))
    ranked = corners[order]
    first = np.ones(len(ranked), bool)
    first[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    index = np.empty(len(ranked), np.int64)
    index[order] = np.cumsum(first) - 1
    return ranked[first], index


def _merged(corners: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """The different rows (N, 3) in rising order, and for each row of `corners` which it is.

    As np.unique over rows, which for a whole knee holds the interpreter, and so the desktop, for half a second.
    """
    order = np.lexsort(corners.T[::-1])
    ranked = corners[order]
    first = np.ones(len(ranked), bool)
    first[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    index = np.empty(len(order), np.int32)
    index[order] = np.cumsum(first) - 1
    return ranked[first], index


def _normals(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit normals (M, 3) of triangles (M, 3, 3); zero for those without area."""
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.divide(normals, size, out=np.zeros_like(normals), where=size > 0)
