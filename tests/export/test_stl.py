"""STL files: what is written is what any reader gets back."""

import hashlib
import io
import json

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.domain import Bone, BoneMesh, RefusedInput, Side
from engine.surface import extract_bones
from export.stl import PREAMBLE, TRIANGLE, read_stl, stl_bytes, stl_name, stl_sidecar, stl_tag
from tests.phantoms import chirality, cube_mesh, knee_field


def test_that_the_layout_is_the_one_of_the_format():
    assert PREAMBLE.itemsize == 84
    assert TRIANGLE.itemsize == 50
    data = stl_bytes(cube_mesh(), "case-1")
    assert len(data) == 84 + 12 * 50
    assert int.from_bytes(data[80:84], "little") == 12


def test_that_the_header_names_space_and_unit_and_is_no_text_file():
    data = stl_bytes(cube_mesh(side=Side.LEFT, bone=Bone.PATELLA), "a" * 14)
    assert not data[:80].lower().startswith(b"solid")
    assert b"SPACE=LPS" in data[:80]
    assert b"UNIT=mm" in data[:80]
    assert {tag: stl_tag(data, tag) for tag in ("SPACE", "UNIT", "SIDE", "BONE", "SYNTHETIC", "CASE", "NAME")} == {
        "SPACE": "LPS",
        "UNIT": "mm",
        "SIDE": "left",
        "BONE": "patella",
        "SYNTHETIC": "YES",
        "CASE": "a" * 14,
        "NAME": None,
    }


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("bone", Bone)
def test_that_the_header_has_room_for_every_bone_and_side(side, bone):
    assert stl_tag(stl_bytes(cube_mesh(side=side, bone=bone), "c" * 14), "CASE") == "c" * 14


@pytest.mark.parametrize("case", ["", "a" * 15, "Doe^Jane", "SPACE=RAS", "a b", "Müller", "a\nb"])
def test_that_a_case_that_is_no_identifier_is_refused(case):
    with pytest.raises(ValueError, match="case"):
        stl_bytes(cube_mesh(), case)


def test_that_an_inward_or_empty_mesh_is_refused():
    cube = cube_mesh()
    for faces in (cube.faces[:, ::-1], cube.faces[:0]):
        with pytest.raises(ValueError, match="positive volume"):
            stl_bytes(BoneMesh(cube.vertices_mm, faces, Bone.FEMUR, Side.RIGHT), "c")


def test_that_normals_look_outward_and_have_length_one():
    records = np.frombuffer(stl_bytes(cube_mesh(), "c"), TRIANGLE, offset=PREAMBLE.itemsize)
    middles = records["corners"].mean(axis=1)
    assert np.linalg.norm(records["normal"], axis=1) == pytest.approx(np.ones(12))
    assert ((middles * records["normal"]).sum(axis=1) == 5).all()
    assert not records["attribute"].any()


@settings(max_examples=50, deadline=None)
@given(
    coordinates=hnp.arrays(np.float32, (8, 3), elements=st.floats(-80, 80, width=32), unique=True),
    case=st.from_regex(r"[A-Za-z0-9._-]{1,14}", fullmatch=True),
)
def test_that_reading_gives_back_the_triangles_that_were_written(coordinates, case):
    cube = cube_mesh()
    faces = cube.faces
    mesh = BoneMesh(coordinates, faces, Bone.TIBIA, Side.RIGHT)
    if mesh.volume_mm3 < 0:
        mesh = BoneMesh(coordinates, faces[:, ::-1], Bone.TIBIA, Side.RIGHT)
    if mesh.volume_mm3 == 0:
        return
    vertices, read = read_stl(stl_bytes(mesh, case))
    assert np.array_equal(vertices[read], mesh.vertices_mm[mesh.faces])
    assert len(vertices) == 8


@pytest.mark.parametrize("side", Side)
def test_that_a_knee_survives_files_on_its_own_side_for_two_readers(side):
    meshes = extract_bones(*knee_field(64, side), side)
    files = [stl_bytes(mesh, "case") for mesh in meshes]
    for mesh, data in zip(meshes, files, strict=True):
        judged = trimesh.load_mesh(io.BytesIO(data), file_type="stl")
        assert judged.is_volume
        assert judged.body_count == 1
        assert judged.volume == pytest.approx(mesh.volume_mm3, rel=1e-6)
        vertices, faces = read_stl(data)
        assert len(vertices) == len(mesh.vertices_mm)
        assert np.array_equal(vertices[faces], mesh.vertices_mm[mesh.faces])
    read = [BoneMesh(*read_stl(data), mesh.bone, side) for mesh, data in zip(meshes, files, strict=True)]
    assert chirality(read) == (1 if side is Side.RIGHT else -1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:83],
        lambda data: data[:84],
        lambda data: data[:-1],
        lambda data: data + b"\x00",
        lambda data: data[:80] + b"\xff\xff\xff\xff" + data[84:],
        lambda data: data[:80] + bytes(4),
        lambda data: b"solid femur\nfacet normal 0 0 0\n",
        lambda data: data[:96] + np.float32("nan").tobytes() + data[100:],
    ],
)
def test_that_a_damaged_file_is_refused_by_name(damage):
    with pytest.raises(RefusedInput, match=r"femur\.stl"):
        read_stl(damage(stl_bytes(cube_mesh(), "c")), "femur.stl")


def test_that_the_name_says_case_side_and_bone():
    assert stl_name(cube_mesh(bone=Bone.FIBULA, side=Side.LEFT), "k7") == "k7_left_fibula.stl"


def test_that_the_sidecar_ties_units_side_and_hashes_to_the_file():
    mesh = BoneMesh(cube_mesh().vertices_mm, cube_mesh().faces, Bone.FEMUR, Side.LEFT, ("12" * 32,))
    data = stl_bytes(mesh, "k7")
    record = json.loads(stl_sidecar(mesh, data, "k7", {"centre": (0, 1, 2)}))
    assert record.pop("sha256") == hashlib.sha256(data).hexdigest()
    assert record == {
        "case": "k7",
        "bone": "femur",
        "side": "left",
        "units": "mm",
        "space": "LPS",
        "frame": "patient LPS, millimetres, origin at the isocentre of the two views",
        "landmarks_mm": {"centre": [0.0, 1.0, 2.0]},
        "sources_sha256": ["12" * 32],
        "synthetic": True,
    }
