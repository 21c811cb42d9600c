"""Binary PLY: one bone a file, LPS millimetres, outward, float32. The format of Turk (1994), little-endian.

Source: http://gamma.cs.unc.edu/POWERPLANT/papers/ply.pdf
"""

from __future__ import annotations

import re

import numpy as np

from engine.domain import BoneMesh, RefusedInput
from export.tags import tag_words, tagged

VERTEX = np.dtype([("xyz", "<f4", (3,))])
FACE = np.dtype([("count", "u1"), ("corners", "<i4", (3,))])

_HEADER = """\
ply
format binary_little_endian 1.0
comment {words}
element vertex {vertices}
property float x
property float y
property float z
element face {faces}
property list uchar int vertex_indices
end_header
"""


def ply_bytes(mesh: BoneMesh, case: str) -> bytes:
    """The mesh as binary PLY; a comment holds the words of `export.tags`.

    Raises ValueError for a case identifier that `stl_bytes` does not take, or a mesh that is empty or looks inward.
    """
    if mesh.volume_mm3 <= 0:
        raise ValueError(f"the {mesh.bone.word} encloses {mesh.volume_mm3:g} mm³, expected a positive volume")
    header = _HEADER.format(words=tag_words(mesh, case), vertices=len(mesh.vertices_mm), faces=len(mesh.faces))
    faces = np.zeros(len(mesh.faces), FACE)
    faces["count"], faces["corners"] = 3, mesh.faces
    return header.encode("ascii") + mesh.vertices_mm.astype("<f4").tobytes() + faces.tobytes()


def read_ply(data: bytes, source_name: str = "PLY") -> BoneMesh:
    """The bone in a PLY that Genu wrote.

    Raises RefusedInput for another layout, a length that does not fit, or words that do not state unit and space.
    """
    head, found, body = data.partition(b"end_header\n")
    text = head.decode("ascii", "replace")
    counts = [int(number) for number in re.findall(r"^element (?:vertex|face) (\d{1,9})$", text, re.MULTILINE)]
    if not found or len(counts) != 2 or _HEADER.splitlines()[1] not in text:
        raise RefusedInput(f"{source_name} is not a binary PLY of one surface; export it again")
    bone, side = tagged(text, source_name)
    split = counts[0] * VERTEX.itemsize
    if len(body) != split + counts[1] * FACE.itemsize:
        raise RefusedInput(f"{source_name} is not as long as its header says; export it again")
    faces = np.frombuffer(body, FACE, counts[1], split)
    if not (faces["count"] == 3).all():
        raise RefusedInput(f"{source_name} holds faces that are no triangles; export it again")
    vertices = np.frombuffer(body, VERTEX, counts[0])["xyz"]
    return BoneMesh(vertices.astype(np.float64), faces["corners"], bone, side)
