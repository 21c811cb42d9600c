"""Mesh checks on surfaces whose answers are known."""

import json

import numpy as np
import pytest
import trimesh

from engine.domain import Bone, BoneMesh, Side
from engine.quality.checks import check_knee, check_mesh
from tests.phantoms import cube_mesh


def bone_of(mesh: trimesh.Trimesh, bone: Bone = Bone.FEMUR) -> BoneMesh:
    return BoneMesh(mesh.vertices, mesh.faces.astype(np.int32), bone, Side.RIGHT)


def without(mesh: BoneMesh, faces) -> BoneMesh:
    return BoneMesh(mesh.vertices_mm, np.delete(mesh.faces, faces, axis=0), mesh.bone, mesh.side)


def test_that_a_cube_has_the_measures_of_a_cube():
    checks = check_mesh(cube_mesh(-5, 5))
    assert (checks.vertices, checks.faces, checks.components, checks.genus) == (8, 12, 1, 0)
    assert checks.watertight
    assert checks.outward
    assert checks.sound
    assert checks.volume_mm3 == pytest.approx(1000)
    assert checks.area_mm2 == pytest.approx(600)
    assert checks.extent_mm == (10, 10, 10)
    assert checks.self_intersections is None


def test_that_a_torus_has_one_handle():
    torus = check_mesh(bone_of(trimesh.creation.torus(20, 5)))
    assert (torus.genus, torus.components, torus.sound) == (1, 1, True)


def test_that_two_bodies_are_counted():
    both = trimesh.util.concatenate(
        [trimesh.creation.icosphere(radius=3), trimesh.creation.box((1, 1, 1)).apply_translation((9, 0, 0))]
    )
    checks = check_mesh(bone_of(both))
    assert (checks.components, checks.genus, checks.watertight, checks.sound) == (2, 0, True, False)


def test_that_a_hole_is_no_closed_surface():
    checks = check_mesh(without(cube_mesh(), [3]))
    assert not checks.watertight
    assert checks.genus is None


def test_that_one_turned_triangle_is_no_closed_surface():
    faces = cube_mesh().faces.copy()
    faces[0] = faces[0, ::-1]
    assert not check_mesh(BoneMesh(cube_mesh().vertices_mm, faces, Bone.FEMUR, Side.RIGHT)).watertight


def test_that_an_inward_surface_is_told():
    inward = check_mesh(BoneMesh(cube_mesh().vertices_mm, cube_mesh().faces[:, ::-1], Bone.FEMUR, Side.RIGHT))
    assert inward.watertight
    assert not inward.outward


def test_that_an_empty_mesh_is_measured_and_not_sound():
    checks = check_mesh(BoneMesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32), Bone.FIBULA, Side.LEFT))
    assert (checks.faces, checks.components, checks.volume_mm3, checks.sound) == (0, 0, 0, False)


def test_that_the_overlap_of_two_boxes_is_their_common_volume():
    femur, tibia = cube_mesh(-5, 5), cube_mesh(2, 20, Bone.TIBIA)
    assert check_knee([femur, tibia]).overlap_mm3 == {"femur-tibia": pytest.approx(27)}
    assert check_knee([femur, cube_mesh(6, 20, Bone.TIBIA)]).overlap_mm3 == {"femur-tibia": 0}


def test_that_the_overlap_of_an_open_surface_is_unknown():
    assert check_knee([without(cube_mesh(), [0]), cube_mesh(bone=Bone.TIBIA)]).overlap_mm3 == {"femur-tibia": None}


def test_that_checks_go_through_json():
    record = json.loads(json.dumps(check_knee([cube_mesh()]).as_dict()))
    assert record["bones"]["femur"]["volume_mm3"] == pytest.approx(1000)
    assert record["bones"]["femur"]["extent_mm"] == [10, 10, 10]
