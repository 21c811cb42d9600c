"""Wavefront OBJ: one bone a file, LPS millimetres, outward, nine digits, which is all that a float32 has.

The format carries no unit; comments state it. Source: https://www.loc.gov/preservation/digital/formats/fdd/fdd000507.shtml
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain import BoneMesh, RefusedInput
from export.tags import tag_words, tagged

# Lines handled at once: text of a whole knee in one call would hold the interpreter, and so the desktop, too long.
_BLOCK = 2048


def obj_bytes(mesh: BoneMesh, case: str) -> bytes:
    """The mesh as OBJ text (ASCII); a comment holds the words of `export.tags`.

    Raises ValueError for a case identifier that `stl_bytes` does not take, or a mesh that is empty or looks inward.
    """
    if mesh.volume_mm3 <= 0:
        raise ValueError(f"the {mesh.bone.word} encloses {mesh.volume_mm3:g} mm³, expected a positive volume")
    head = f"# {tag_words(mesh, case)}\no {mesh.side.word}_{mesh.bone.word}\n"
    vertices = _lines("v %.9g %.9g %.9g\n", mesh.vertices_mm.astype(np.float32))
    return (head + vertices + _lines("f %d %d %d\n", mesh.faces + 1)).encode("ascii")


def read_obj(data: bytes, source_name: str = "OBJ") -> BoneMesh:
    """The bone in an OBJ that Genu wrote; every vertex a `v x y z`, every face an `f a b c`.

    Raises RefusedInput for another layout, numbers that are none, or words that do not state unit and space.
    """
    lines = data.decode("ascii", "replace").splitlines()
    bone, side = tagged("\n".join(line for line in lines if line.startswith("#")), source_name)
    try:
        vertices, faces = _numbers(lines, "v "), _numbers(lines, "f ")
        return BoneMesh(vertices.astype(np.float32).astype(np.float64), faces.astype(np.int32) - 1, bone, side)
    except ValueError as error:
        raise RefusedInput(f"{source_name} is not a whole OBJ of triangles; export it again") from error


def _lines(pattern: str, rows: NDArray[Any]) -> str:
    """Each row by `pattern`."""
    blocks = (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
    return "".join((pattern * len(block)) % tuple(block.ravel().tolist()) for block in blocks)


def _numbers(lines: list[str], letter: str) -> NDArray[np.float64]:
    """The three numbers (N, 3) of each line that starts with `letter`. Raises ValueError for any other count."""
    chosen = [line for line in lines if line.startswith(letter)]
    blocks = [chosen[start : start + _BLOCK] for start in range(0, len(chosen), _BLOCK)]
    return np.concatenate(
        [np.array(" ".join(block).replace(letter, "").split(), np.float64).reshape(len(block), 3) for block in blocks]
    )
