"""The table of mesh formats: what each file states, who writes it and who reads it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.domain import BoneMesh, RefusedInput
from export import glb
from export.obj import obj_bytes, read_obj
from export.ply import ply_bytes, read_ply
from export.stl import FRAME, read_stl, stl_bytes
from export.tags import tagged

Meshes = Sequence[BoneMesh]


@dataclass(frozen=True, slots=True)
class Format:
    """A mesh format.

    unit: of the numbers in the file.   frame: one phrase for people and the manifest.   whole_knee: whether all bones
        lie in one file.   write: bones (one, unless whole_knee) and the case to the file's bytes; ValueError for what
        the format cannot hold.   read: a file's bytes and its name back to bones in LPS mm; RefusedInput if damaged.
    """

    extension: str
    unit: str
    frame: str
    whole_knee: bool
    write: Callable[[Meshes, str], bytes]
    read: Callable[[bytes, str], tuple[BoneMesh, ...]]


def _one(write: Callable[[BoneMesh, str], bytes]) -> Callable[[Meshes, str], bytes]:
    def write_one(meshes: Meshes, case: str) -> bytes:
        (mesh,) = meshes
        return write(mesh, case)

    return write_one


def _read_stl(data: bytes, source_name: str) -> tuple[BoneMesh, ...]:
    vertices, faces = read_stl(data, source_name)
    return (BoneMesh(vertices, faces, *tagged(data[:80].decode("ascii", "replace"), source_name)),)


# Every format holds float32 (OBJ: its nine digits).
FORMATS: dict[str, Format] = {
    "stl": Format("stl", "mm", FRAME, False, _one(stl_bytes), _read_stl),
    "ply": Format("ply", "mm", FRAME, False, _one(ply_bytes), lambda data, name: (read_ply(data, name),)),
    "obj": Format("obj", "mm", FRAME, False, _one(obj_bytes), lambda data, name: (read_obj(data, name),)),
    "glb": Format("glb", "m", glb.FRAME, True, glb.glb_bytes, glb.read_glb),
}


def format_named(name: str) -> Format:
    """The format of that name. Raises RefusedInput naming the choices."""
    if name not in FORMATS:
        raise RefusedInput(f"{name!r} is no mesh format; choose among {', '.join(FORMATS)}")
    return FORMATS[name]


def files_of(meshes: Meshes, case: str, formats: Sequence[str]) -> Iterator[tuple[str, str, tuple[BoneMesh, ...]]]:
    """Name, format and bones of each file that these bones make: `<case>_<side>_<bone or knee>.<extension>`.

    Raises RefusedInput for an unknown format.
    """
    for name in formats:
        form = format_named(name)
        parts = [("knee", tuple(meshes))] if form.whole_knee else [(mesh.bone.word, (mesh,)) for mesh in meshes]
        for part, bones in parts if meshes else ():
            yield f"{case}_{meshes[0].side.word}_{part}.{form.extension}", name, bones
