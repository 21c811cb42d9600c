"""Sizes of bones whose sizes are known."""

import numpy as np
import pytest

from engine.domain import Bone, BoneMesh, Side
from engine.quality.bone_dimensions import bone_dimensions
from tests.generated_knee import phantom_meshes
from tests.phantoms import cube_mesh


def box(width: float, depth: float, length: float, bone: Bone) -> BoneMesh:
    unit = cube_mesh(-0.5, 0.5, bone)
    return BoneMesh(unit.vertices_mm * (width, depth, length), unit.faces, bone, Side.RIGHT)


@pytest.mark.parametrize("bone", Bone)
def test_that_a_box_has_its_sides(bone: Bone):
    size = bone_dimensions(box(30.0, 20.0, 10.0, bone))
    assert (size.bone, size.width_mm, size.depth_mm, size.length_mm) == (bone, 30.0, 20.0, 10.0)
    assert size.volume_mm3 == pytest.approx(6000.0)


@pytest.mark.parametrize("side", Side)
def test_that_shafts_do_not_count_for_the_width_at_the_joint(side: Side):
    sizes = {mesh.bone: bone_dimensions(mesh) for mesh in phantom_meshes(side)}
    assert sizes[Bone.FEMUR].width_mm == pytest.approx(68, abs=3)  # of the two condyles of tests/phantoms.py
    assert sizes[Bone.FEMUR].depth_mm == pytest.approx(54, abs=3)
    assert sizes[Bone.TIBIA].width_mm == pytest.approx(68, abs=4)  # of the plateau
    assert sizes[Bone.TIBIA].depth_mm == pytest.approx(42, abs=4)
    assert sizes[Bone.PATELLA].width_mm == pytest.approx(40, abs=3)


def test_that_a_wider_shaft_beyond_the_joint_changes_nothing():
    femur = next(mesh for mesh in phantom_meshes(Side.RIGHT) if mesh.bone is Bone.FEMUR)
    high = femur.vertices_mm[:, 2] > femur.vertices_mm[:, 2].min() + 45
    wider = np.where(high[:, None], femur.vertices_mm * (3, 3, 1), femur.vertices_mm)
    before, after = bone_dimensions(femur), bone_dimensions(BoneMesh(wider, femur.faces, Bone.FEMUR, Side.RIGHT))
    assert (before.width_mm, before.depth_mm) == (after.width_mm, after.depth_mm)


def test_that_an_empty_mesh_has_no_size():
    with pytest.raises(ValueError, match="femur"):
        bone_dimensions(BoneMesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32), Bone.FEMUR, Side.RIGHT))
