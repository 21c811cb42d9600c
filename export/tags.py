"""The words that tell a reader of a mesh file what it holds; the same in STL headers and in PLY and OBJ comments."""

from __future__ import annotations

import re

from engine.domain import Bone, BoneMesh, RefusedInput, Side
from export.stl import stl_header


def tag_words(mesh: BoneMesh, case: str) -> str:
    """`Genu SPACE=LPS UNIT=mm SIDE=... BONE=... SYNTHETIC=YES CASE=...`. 3D Slicer looks for SPACE in all three.

    Raises ValueError for a case identifier that `stl_bytes` does not take.
    """
    return stl_header(mesh, case).decode("ascii").rstrip()


def tagged(text: str, source_name: str) -> tuple[Bone, Side]:
    """Bone and side that a file's words name.

    Raises RefusedInput unless they also say LPS and millimetres: a reader must not guess either.
    """
    said = {name: _tag(text, name) for name in ("SPACE", "UNIT", "BONE", "SIDE")}
    bones, sides = {bone.word: bone for bone in Bone}, {side.word: side for side in Side}
    if (said["SPACE"], said["UNIT"]) != ("LPS", "mm") or said["BONE"] not in bones or said["SIDE"] not in sides:
        raise RefusedInput(f"{source_name} does not state SPACE=LPS, UNIT=mm, a bone and a side; export it with Genu")
    return bones[said["BONE"]], sides[said["SIDE"]]


def _tag(text: str, name: str) -> str:
    found = re.search(rf"(?:^|\s){name}=(\S+)", text)
    return found.group(1) if found else ""
