"""GLB (glTF 2.0, binary): the whole knee in one file, a named node and a colour a bone, in metres with +Y up.

Source: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html, sections 3.4 (coordinates and units) and 4 (GLB).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain import Bone, BoneMesh, RefusedInput, Side
from export.tags import tag_words

# (x, y, z) in glTF = 0.001 (x, z, -y) in LPS: metres, up is +Y, the front of the knee looks to +Z. A rotation and one
# scale, determinant 1e-9 > 0, so that nothing is mirrored.
GLTF_FROM_LPS_MM = 0.001 * np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
FRAME = "metres, +Y up, +Z to the front: (x, y, z) = 0.001 (x, z, -y) of patient LPS millimetres"

# The colours of the desktop, sRGB.
BONE_COLOURS = {Bone.FEMUR: "#E8B04B", Bone.TIBIA: "#4FA3D1", Bone.PATELLA: "#D96C75", Bone.FIBULA: "#6DBE8C"}

HEAD = np.dtype([("magic", "S4"), ("version", "<u4"), ("length", "<u4")])
CHUNK = np.dtype([("length", "<u4"), ("type", "S4")])

_FLOAT, _UINT = 5126, 5125
_VERTICES, _INDICES = 34962, 34963


def glb_bytes(meshes: Sequence[BoneMesh], case: str) -> bytes:
    """The bones of one knee as GLB. `asset.extras` states unit, frame, side and that it is synthetic.

    Raises ValueError for a case identifier that `stl_bytes` does not take, for bones of two sides or twice the same
    bone, or a mesh that is empty or looks inward.
    """
    sides, bones = {mesh.side for mesh in meshes}, {mesh.bone for mesh in meshes}
    if len(sides) != 1 or len(bones) != len(meshes):
        raise ValueError(f"{len(meshes)} meshes of {len(bones)} bones and {len(sides)} sides are not one knee")
    content: dict[str, Any] = _scene(meshes, case)
    views: list[bytes] = []
    for mesh in meshes:
        if mesh.volume_mm3 <= 0:
            raise ValueError(f"the {mesh.bone.word} encloses {mesh.volume_mm3:g} mm³, expected a positive volume")
        _add(content, views, mesh)
    content["buffers"] = [{"byteLength": sum(map(len, views))}]
    return _container(content, b"".join(views))


def read_glb(data: bytes, source_name: str = "GLB") -> tuple[BoneMesh, ...]:
    """The bones in a GLB that Genu wrote, back in LPS millimetres.

    Raises RefusedInput for another layout, a length that does not fit, or extras that do not state unit and side.
    """
    content, binary = _chunks(data, source_name)
    try:
        extras = content["asset"]["extras"]
        if extras["unit"] != "m" or extras["frame"] != FRAME:
            raise KeyError("unit")
        side, bones = Side(extras["side"]), {bone.word: bone for bone in Bone}
        return tuple(
            BoneMesh(*_surface(content, binary, node), bones[node["extras"]["bone"]], side) for node in content["nodes"]
        )
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise RefusedInput(
            f"{source_name} is not a knee in metres with +Y up that Genu wrote; export it again"
        ) from error


def _scene(meshes: Sequence[BoneMesh], case: str) -> dict[str, Any]:
    """Everything but the numbers. One node, mesh and material a bone, in the order given."""
    side, count = meshes[0].side, range(len(meshes))
    names = [f"{side.word}_{mesh.bone.word}" for mesh in meshes]
    return {
        "asset": {
            "version": "2.0",
            "generator": "Genu",
            "extras": {
                "unit": "m",
                "frame": FRAME,
                "gltf_from_lps_mm": GLTF_FROM_LPS_MM.tolist(),
                "side": side.value,
                "case": tag_words(meshes[0], case).rpartition("CASE=")[2],
                "synthetic": True,
            },
        },
        "scene": 0,
        "scenes": [{"name": f"{side.word}_knee", "nodes": list(count)}],
        "nodes": [
            {"name": names[n], "mesh": n, "extras": {"bone": meshes[n].bone.word, "side": side.value}} for n in count
        ],
        "meshes": [
            {
                "name": names[n],
                "primitives": [
                    {"attributes": {"POSITION": 3 * n, "NORMAL": 3 * n + 1}, "indices": 3 * n + 2, "material": n}
                ],
            }
            for n in count
        ],
        "materials": [_material(mesh.bone) for mesh in meshes],
        "accessors": [],
        "bufferViews": [],
    }


def _material(bone: Bone) -> dict[str, Any]:
    colour = [*(round(_linear(BONE_COLOURS[bone][n : n + 2]), 5) for n in (1, 3, 5)), 1.0]
    surface = {"baseColorFactor": colour, "metallicFactor": 0.0, "roughnessFactor": 0.65}
    return {"name": bone.word, "pbrMetallicRoughness": surface}


def _linear(hexadecimal: str) -> float:
    """Linear intensity of an sRGB byte (IEC 61966-2-1); glTF wants colour factors so."""
    value = int(hexadecimal, 16) / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _add(content: dict[str, Any], views: list[bytes], mesh: BoneMesh) -> None:
    """Append positions, normals and indices of one bone."""
    positions = (mesh.vertices_mm @ GLTF_FROM_LPS_MM.T).astype("<f4")
    low, high = positions.min(axis=0).tolist(), positions.max(axis=0).tolist()
    for array, kind, target, more in (
        (positions, (_FLOAT, "VEC3"), _VERTICES, {"min": low, "max": high}),
        (_normals(positions, mesh.faces), (_FLOAT, "VEC3"), _VERTICES, {}),
        (mesh.faces.astype("<u4").ravel(), (_UINT, "SCALAR"), _INDICES, {}),
    ):
        view = {"buffer": 0, "byteOffset": sum(map(len, views)), "byteLength": array.nbytes, "target": target}
        accessor = {"bufferView": len(views), "componentType": kind[0], "type": kind[1], "count": len(array), **more}
        content["bufferViews"].append(view)
        content["accessors"].append(accessor)
        views.append(array.tobytes())  # four-byte numbers only, so every view starts at a multiple of four


def _normals(positions: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """Unit normals (N, 3) at vertices, weighted by the area of the faces around; up where a vertex has none."""
    a, b, c = (positions[faces[:, n]].astype(np.float64) for n in range(3))
    across = np.cross(b - a, c - a)
    total = np.stack(
        [sum(np.bincount(faces[:, n], across[:, axis], len(positions)) for n in range(3)) for axis in range(3)], axis=1
    )
    size = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(size > 0, total / np.where(size > 0, size, 1), (0.0, 1.0, 0.0)).astype("<f4")


def _container(content: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(content, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    chunks = b"".join(
        np.array((len(part), kind), CHUNK).tobytes() + part for kind, part in ((b"JSON", text), (b"BIN\0", binary))
    )
    return np.array((b"glTF", 2, HEAD.itemsize + len(chunks)), HEAD).tobytes() + chunks


def _chunks(data: bytes, source_name: str) -> tuple[dict[str, Any], bytes]:
    """The JSON and the binary chunk. Raises RefusedInput unless these two are the whole file."""
    try:
        head = np.frombuffer(data, HEAD, 1)[0]
        first = np.frombuffer(data, CHUNK, 1, HEAD.itemsize)[0]
        start = HEAD.itemsize + CHUNK.itemsize
        second = np.frombuffer(data, CHUNK, 1, start + int(first["length"]))[0]
        text, binary = data[start : start + int(first["length"])], data[start + int(first["length"]) + CHUNK.itemsize :]
        whole = int(head["length"]) == len(data) and int(second["length"]) == len(binary)
        if not whole or (head["magic"], first["type"], second["type"]) != (b"glTF", b"JSON", b"BIN"):
            raise ValueError
        return json.loads(text), binary
    except (ValueError, RecursionError) as error:
        raise RefusedInput(f"{source_name} is not a whole GLB of two chunks; export it again") from error


def _surface(
    content: dict[str, Any], binary: bytes, node: dict[str, Any]
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Vertices in LPS mm and faces of a node."""
    primitive = content["meshes"][node["mesh"]]["primitives"][0]
    positions = _numbers(content, binary, primitive["attributes"]["POSITION"], "<f4")
    faces = _numbers(content, binary, primitive["indices"], "<u4")
    vertices = positions.reshape(-1, 3).astype(np.float64) @ np.linalg.inv(GLTF_FROM_LPS_MM).T
    return vertices, faces.reshape(-1, 3).astype(np.int32)


def _numbers(content: dict[str, Any], binary: bytes, accessor: int, kind: str) -> NDArray[Any]:
    view = content["bufferViews"][content["accessors"][accessor]["bufferView"]]
    return np.frombuffer(binary, kind, view["byteLength"] // 4, view["byteOffset"])
