"""Knees drawn from a small stand-in atlas: cylinders and balls with known answers."""

import numpy as np
import pytest
import trimesh

from engine.domain import Bone
from training.cohort.knee import Surface, box_middle, draw_pose, draw_shape, pose_knee, subdivided, warp
from training.cohort.voxelise import partial_volume
from training.simulate.case import Cohort


def capsule(centre, radius: float, low: float, high: float) -> Surface:
    """A rod with round ends along z, its vertices as dense along the shaft as the atlas's are."""
    ball = trimesh.creation.uv_sphere(radius, count=[90, 24])
    vertices = np.array(ball.vertices)
    heights = np.linspace(low - radius, high + radius, 89)
    order = np.argsort(np.argsort(np.round(vertices[:, 2], 6)))
    rank = np.clip(((order / (len(vertices) - 1)) * 88).round().astype(int), 0, 88)
    z = heights[rank]
    beyond = np.maximum(np.maximum(low - z, z - high), 0)
    wide = np.sqrt(np.maximum(radius**2 - beyond**2, 0))
    angle = np.arctan2(vertices[:, 1], vertices[:, 0])
    placed = np.stack([centre[0] + wide * np.cos(angle), centre[1] + wide * np.sin(angle), z], axis=1)
    return Surface(placed, np.array(ball.faces))


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    bones = {
        Bone.FEMUR: capsule((0, 0), 30, 30, 400),
        Bone.TIBIA: capsule((0, 0), 28, -400, -40),
        Bone.PATELLA: capsule((0, -50), 12, 20, 40),
        Bone.FIBULA: capsule((-40, 20), 8, -380, -60),
    }
    mean, modes = {}, {}
    for bone, surface in bones.items():
        shape = np.zeros((3, *surface.vertices_mm.shape), np.float32)
        shape[0] = surface.vertices_mm * 0.02
        mean[bone], modes[bone] = subdivided(surface, shape)
    return Cohort(mean, modes)


def test_that_subdividing_leaves_volume_and_closedness_alone():
    surface = capsule((0, 0), 20, 0, 50)
    finer, modes = subdivided(surface, np.ones((2, *surface.vertices_mm.shape)))
    before, after = (trimesh.Trimesh(s.vertices_mm, s.faces, process=False) for s in (surface, finer))
    assert after.is_watertight
    assert after.volume == pytest.approx(before.volume, rel=1e-9)
    assert len(finer.faces) == 4 * len(surface.faces)
    np.testing.assert_array_equal(modes, 1)


def test_that_the_same_seed_draws_the_same_knee_and_another_does_not(cohort):
    one, same, other = (
        draw_shape(cohort.mean, cohort.modes, np.random.default_rng(seed))[Bone.FEMUR].vertices_mm for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1


def test_that_warping_moves_bone_by_millimetres_and_keeps_it_closed(cohort):
    surface = cohort.mean[Bone.TIBIA]
    moved = warp(Bone.TIBIA, surface, np.random.default_rng(3))
    size = np.linalg.norm(moved.vertices_mm - surface.vertices_mm, axis=1)
    assert 0.5 < size.max() < 20
    assert trimesh.Trimesh(moved.vertices_mm, moved.faces, process=False).is_watertight


def test_that_bones_of_a_posed_knee_do_not_interpenetrate_at_the_joint(cohort):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        knee = pose_knee(draw_shape(cohort.mean, cohort.modes, rng), draw_pose(rng))
        femur, tibia = (partial_volume(knee[b].vertices_mm, knee[b].faces, 80, 2.5) for b in (Bone.FEMUR, Bone.TIBIA))
        assert np.minimum(femur, tibia).sum() < 0.01 * femur.sum()


def test_that_the_fibula_lies_lateral_and_posterior_and_the_patella_in_front(cohort):
    rng = np.random.default_rng(0)
    knee = pose_knee(draw_shape(cohort.mean, cohort.modes, rng), draw_pose(rng))
    fibula = knee[Bone.FIBULA].vertices_mm
    plateau = knee[Bone.TIBIA].vertices_mm
    assert box_middle(fibula)[0] < box_middle(plateau)[0] - 5, "model frame: lateral is -x"
    femur = knee[Bone.FEMUR].vertices_mm
    assert knee[Bone.PATELLA].vertices_mm[:, 1].mean() < femur[femur[:, 2] < 40][:, 1].min() + 15


def test_that_poses_reach_the_flexion_and_tilt_that_the_issue_asks_for():
    poses = [draw_pose(np.random.default_rng(seed)) for seed in range(400)]
    flexion = np.array([p.flexion for p in poses])
    tilts = np.abs([p.limb_tilt for p in poses])
    assert flexion.min() >= 0
    assert 22 < flexion.max() <= 25
    assert tilts.max() > 9
