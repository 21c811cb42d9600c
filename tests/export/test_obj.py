"""OBJ files: what is written is what any reader gets back."""

import io

import numpy as np
import pymeshlab
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.domain import Bone, BoneMesh, RefusedInput, Side
from export.obj import obj_bytes, read_obj
from tests.generated_knee import phantom_meshes
from tests.phantoms import chirality, cube_mesh


def test_that_a_cube_is_a_comment_a_name_eight_vertices_and_twelve_faces_from_one():
    lines = obj_bytes(cube_mesh(side=Side.LEFT), "k7").decode("ascii").splitlines()
    assert lines[0] == "# Genu SPACE=LPS UNIT=mm SIDE=left BONE=femur SYNTHETIC=YES CASE=k7"
    assert lines[1] == "o left_femur"
    assert lines[2] == "v -5 -5 -5"
    assert [line[0] for line in lines[2:]] == ["v"] * 8 + ["f"] * 12
    assert min(int(word) for line in lines[10:] for word in line.split()[1:]) == 1


def test_that_an_inward_or_empty_mesh_is_refused():
    cube = cube_mesh()
    for faces in (cube.faces[:, ::-1], cube.faces[:0]):
        with pytest.raises(ValueError, match="positive volume"):
            obj_bytes(BoneMesh(cube.vertices_mm, faces, Bone.FEMUR, Side.RIGHT), "c")


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.float32, (8, 3), elements=st.floats(-80, 80, width=32), unique=True))
def test_that_nine_digits_give_back_every_float32(coordinates):
    mesh = BoneMesh(coordinates, cube_mesh().faces, Bone.TIBIA, Side.RIGHT)
    if mesh.volume_mm3 < 0:
        mesh = BoneMesh(coordinates, cube_mesh().faces[:, ::-1], Bone.TIBIA, Side.RIGHT)
    if mesh.volume_mm3 == 0:
        return
    read = read_obj(obj_bytes(mesh, "c"))
    assert np.array_equal(read.vertices_mm, mesh.vertices_mm)
    assert np.array_equal(read.faces, mesh.faces)


def test_that_a_mesh_longer_than_a_block_is_written_and_read_whole():
    ball = trimesh.creation.icosphere(subdivisions=4, radius=30.0)
    mesh = BoneMesh(ball.vertices.astype(np.float32), ball.faces.astype(np.int32), Bone.FIBULA, Side.LEFT)
    read = read_obj(obj_bytes(mesh, "c"))
    assert np.array_equal(read.vertices_mm, mesh.vertices_mm)
    assert np.array_equal(read.faces, mesh.faces)


@pytest.mark.parametrize("side", Side)
def test_that_a_knee_stays_on_its_side_for_two_outside_readers(side, tmp_path):
    for_trimesh, for_meshlab = [], []
    for mesh in phantom_meshes(side):
        data = obj_bytes(mesh, "case")
        judged = trimesh.load_mesh(io.BytesIO(data), file_type="obj", process=False, maintain_order=True)
        assert judged.is_volume
        for_trimesh.append(BoneMesh(judged.vertices, judged.faces, mesh.bone, side))
        path = tmp_path / "bone.obj"
        path.write_bytes(data)
        meshlab = pymeshlab.MeshSet()
        meshlab.load_new_mesh(str(path))
        other = meshlab.current_mesh()
        for_meshlab.append(BoneMesh(other.vertex_matrix(), other.face_matrix(), mesh.bone, side))
        for read in (for_trimesh[-1], for_meshlab[-1]):
            assert np.abs(read.vertices_mm[read.faces] - mesh.vertices_mm[mesh.faces]).max() < 1e-5
    assert chirality(for_trimesh) == chirality(for_meshlab) == (1 if side is Side.RIGHT else -1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"v -5 -5 -5", b"v -5 -5 x"),
        lambda data: data.replace(b"v -5 -5 -5", b"v -5 -5"),
        lambda data: data.replace(b"v -5 -5 -5", b"v -5 -5 nan"),
        lambda data: data.replace(b"UNIT=mm", b"UNIT=in"),
        lambda data: data + b"f 1 2 9\n",
    ],
)
def test_that_a_damaged_or_unlabelled_file_is_refused_by_name(damage):
    with pytest.raises(RefusedInput, match=r"femur\.obj"):
        read_obj(damage(obj_bytes(cube_mesh(), "c")), "femur.obj")
