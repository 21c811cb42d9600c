"""PLY files: what is written is what any reader gets back."""

import io

import numpy as np
import pymeshlab
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.domain import Bone, BoneMesh, RefusedInput, Side
from export.ply import FACE, VERTEX, ply_bytes, read_ply
from tests.generated_knee import phantom_meshes
from tests.phantoms import chirality, cube_mesh


def test_that_the_layout_is_the_one_of_the_format():
    assert (VERTEX.itemsize, FACE.itemsize) == (12, 13)
    data = ply_bytes(cube_mesh(), "case-1")
    head, _, body = data.partition(b"end_header\n")
    assert head.startswith(b"ply\nformat binary_little_endian 1.0\n")
    assert len(body) == 8 * 12 + 12 * 13


def test_that_a_comment_states_space_unit_side_bone_and_that_it_is_synthetic():
    head = ply_bytes(cube_mesh(side=Side.LEFT, bone=Bone.PATELLA), "k7").partition(b"end_header")[0].decode()
    comment = next(line for line in head.splitlines() if line.startswith("comment "))
    assert comment == "comment Genu SPACE=LPS UNIT=mm SIDE=left BONE=patella SYNTHETIC=YES CASE=k7"


@pytest.mark.parametrize("case", ["", "a" * 15, "Doe^Jane", "SPACE=RAS", "a b", "a\nb"])
def test_that_a_case_that_is_no_identifier_is_refused(case):
    with pytest.raises(ValueError, match="case"):
        ply_bytes(cube_mesh(), case)


def test_that_an_inward_or_empty_mesh_is_refused():
    cube = cube_mesh()
    for faces in (cube.faces[:, ::-1], cube.faces[:0]):
        with pytest.raises(ValueError, match="positive volume"):
            ply_bytes(BoneMesh(cube.vertices_mm, faces, Bone.FEMUR, Side.RIGHT), "c")


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.float32, (8, 3), elements=st.floats(-80, 80, width=32), unique=True), st.sampled_from(Side))
def test_that_reading_gives_back_what_was_written(coordinates, side):
    mesh = BoneMesh(coordinates, cube_mesh().faces, Bone.TIBIA, side)
    if mesh.volume_mm3 < 0:
        mesh = BoneMesh(coordinates, cube_mesh().faces[:, ::-1], Bone.TIBIA, side)
    if mesh.volume_mm3 == 0:
        return
    read = read_ply(ply_bytes(mesh, "c"))
    assert (read.bone, read.side) == (Bone.TIBIA, side)
    assert np.array_equal(read.vertices_mm, mesh.vertices_mm)
    assert np.array_equal(read.faces, mesh.faces)


@pytest.mark.parametrize("side", Side)
def test_that_a_knee_stays_on_its_side_for_two_outside_readers(side, tmp_path):
    for_trimesh, for_meshlab = [], []
    for mesh in phantom_meshes(side):
        data = ply_bytes(mesh, "case")
        judged = trimesh.load_mesh(io.BytesIO(data), file_type="ply", process=False)
        assert judged.is_volume
        assert judged.volume == pytest.approx(mesh.volume_mm3, rel=1e-6)
        for_trimesh.append(BoneMesh(judged.vertices, judged.faces, mesh.bone, side))
        path = tmp_path / "bone.ply"
        path.write_bytes(data)
        meshlab = pymeshlab.MeshSet()
        meshlab.load_new_mesh(str(path))
        other = meshlab.current_mesh()
        for_meshlab.append(BoneMesh(other.vertex_matrix(), other.face_matrix(), mesh.bone, side))
        for read in (for_trimesh[-1], for_meshlab[-1]):
            assert np.array_equal(read.vertices_mm[read.faces], mesh.vertices_mm[mesh.faces])
    assert chirality(for_trimesh) == chirality(for_meshlab) == (1 if side is Side.RIGHT else -1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:40],
        lambda data: data[:-1],
        lambda data: data + b"\x00",
        lambda data: data.replace(b"UNIT=mm", b"UNIT=cm"),
        lambda data: data.replace(b"SPACE=LPS", b"SPACE=RAS"),
        lambda data: data.replace(b"SIDE=right", b"SIDE=upper"),
        lambda data: data.replace(b"binary_little", b"binary_big"),
        lambda data: data[:-13] + b"\x04" + data[-12:],
    ],
)
def test_that_a_damaged_or_unlabelled_file_is_refused_by_name(damage):
    with pytest.raises(RefusedInput, match=r"femur\.ply"):
        read_ply(damage(ply_bytes(cube_mesh(), "c")), "femur.ply")
