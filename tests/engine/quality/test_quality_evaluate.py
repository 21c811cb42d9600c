"""Scores of surfaces against label maps: spheres in closed form, the knee phantom moved by a known motion."""

import json
from dataclasses import replace

import numpy as np
import pytest
import trimesh
from scipy.spatial.transform import Rotation

from engine.domain import Bone, BoneMesh, RefusedInput, Side, Volume
from engine.geometry.model_frame import model_from_ijk
from engine.quality.evaluate import evaluate_knee
from engine.quality.surface_distance import Surface, closest_on_triangles, compare, moved_points, sampled
from engine.surface import extract_bones
from tests.phantoms import knee_field, knee_labels


def everywhere(points):
    return np.ones(len(points), bool)


def sphere(radius_mm, centre=(0.0, 0.0, 0.0), bone=Bone.FEMUR, subdivisions=4):
    made = trimesh.creation.icosphere(subdivisions=subdivisions, radius=radius_mm).apply_translation(centre)
    return BoneMesh(made.vertices, made.faces.astype(np.int32), bone, Side.RIGHT)


def ball_labels(radius_mm, voxels=80, centre=(0.0, 0.0, 0.0), bone=Bone.FEMUR):
    affine = model_from_ijk(voxels)
    points = np.moveaxis(np.indices((voxels,) * 3), 0, -1) @ affine[:3, :3].T + affine[:3, 3]
    return Volume(np.where(np.linalg.norm(points - centre, axis=-1) < radius_mm, bone, 0), affine)


@pytest.fixture(scope="module")
def knee():
    """Surfaces of a left knee phantom, and its label map at 1.25 mm."""
    return extract_bones(*knee_field(48, Side.LEFT), Side.LEFT), knee_labels(128, Side.LEFT)


def test_that_the_closest_point_of_a_triangle_is_on_its_face_edge_or_corner():
    corner = np.array([[0.0, 0, 0], [4, 0, 0], [0, 4, 0]])
    points = np.array([[1.0, 1, 3], [2, -1, 1], [-1, -1, 0], [3, 3, 5], [9, 0, 0]])
    expected = [[1, 1, 0], [2, 0, 0], [0, 0, 0], [2, 2, 0], [4, 0, 0]]
    assert closest_on_triangles(np.broadcast_to(corner, (5, 3, 3)), points) == pytest.approx(np.array(expected))


def test_that_concentric_spheres_lie_their_difference_apart():
    small, large = (sampled(Surface(m.vertices_mm, m.faces)) for m in (sphere(20.0), sphere(21.5)))
    scores = compare(small, large, everywhere)
    assert scores is not None
    assert scores.assd_mm == pytest.approx(1.5, abs=0.02)
    assert scores.hd95_mm == pytest.approx(1.5, abs=0.03)
    assert (scores.nsd_1mm, scores.nsd_2mm) == (0, 1)


def test_that_distances_are_to_triangles_however_large_these_are():
    fine, coarse = sampled(Surface(sphere(20.0).vertices_mm, sphere(20.0).faces)), trimesh.creation.box((80, 80, 80))
    wall = sampled(Surface(coarse.vertices, coarse.faces))
    expected = 40 - np.abs(fine.points_mm).max(axis=1)
    assert wall.distances(fine.points_mm) == pytest.approx(expected, abs=0.01)


def test_that_dice_and_iou_of_a_sphere_in_a_larger_one_are_those_of_their_volumes():
    scores = evaluate_knee([sphere(18.0)], ball_labels(20.0)).unregistered.of(Bone.FEMUR)
    inner, outer = 18**3, 20**3
    assert scores.dice == pytest.approx(2 * inner / (inner + outer), abs=0.01)
    assert scores.iou == pytest.approx(inner / outer, abs=0.015)
    assert scores.surface is not None
    assert scores.surface.assd_mm == pytest.approx(2.0, abs=0.05)


def test_that_registration_undoes_a_shift_of_a_sphere_and_never_scales():
    scores = evaluate_knee([sphere(18.0, (3.0, -2.0, 1.0))], ball_labels(20.0))
    assert scores.motion.truth_from_predicted[:3, :3] @ scores.motion.truth_from_predicted[:3, :3].T == pytest.approx(
        np.eye(3), abs=1e-9
    )
    assert scores.registered.of(Bone.FEMUR).iou == pytest.approx(18**3 / 20**3, abs=0.015)
    moved = moved_points(scores.motion.truth_from_predicted, np.array([[3.0, -2.0, 1.0]]))
    assert moved == pytest.approx(np.zeros((1, 3)), abs=0.05)


def test_that_a_knee_in_place_scores_nearly_one_and_hardly_moves(knee):
    meshes, truth = knee
    scores = evaluate_knee(meshes, truth)
    assert scores.unregistered.mean_dice > 0.965
    assert scores.unregistered.mean_assd_mm < 0.35
    assert scores.motion.rotation_deg < 0.3
    assert scores.motion.translation_mm < 0.2
    assert scores.warnings == ()


def test_that_registration_finds_the_motion_of_a_whole_knee(knee):
    meshes, truth = knee
    motion = np.eye(4)
    motion[:3, :3] = Rotation.from_rotvec(np.radians([3, -2, 4])).as_matrix()
    motion[:3, 3] = 3, -4, 2
    moved = [replace(mesh, vertices_mm=moved_points(motion, mesh.vertices_mm)) for mesh in meshes]
    scores = evaluate_knee(moved, truth)
    assert scores.motion.truth_from_predicted @ motion == pytest.approx(np.eye(4), abs=0.25)
    assert scores.motion.rotation_deg == pytest.approx(np.linalg.norm([3, -2, 4]), abs=0.3)
    assert scores.unregistered.mean_dice < 0.85
    assert scores.registered.mean_dice > 0.96
    assert scores.registered.mean_assd_mm < 0.35


def test_that_one_bone_out_of_place_comes_back_only_by_its_own_motion(knee):
    meshes, truth = knee
    moved = [
        replace(mesh, vertices_mm=mesh.vertices_mm - [0, 5, 0]) if mesh.bone is Bone.PATELLA else mesh
        for mesh in meshes
    ]
    scores = evaluate_knee(moved, truth)
    assert scores.registered.of(Bone.PATELLA).dice < 0.8
    assert scores.registered_per_bone.of(Bone.PATELLA).dice > 0.96
    assert scores.bone_motions[Bone.PATELLA].translation_mm == pytest.approx(5, abs=0.3)
    assert scores.bone_motions[Bone.FEMUR].translation_mm < 0.2


def test_that_a_mirrored_knee_scores_far_worse_even_after_registration(knee):
    meshes, truth = knee
    mirrored = [
        replace(mesh, vertices_mm=mesh.vertices_mm * (-1, 1, 1), faces=mesh.faces[:, ::-1].copy()) for mesh in meshes
    ]
    scores = evaluate_knee(mirrored, truth)
    assert scores.unregistered.of(Bone.FIBULA).dice == 0
    assert scores.registered.of(Bone.FIBULA).dice < 0.3


def test_that_the_cut_ends_of_the_bones_are_not_measured(knee):
    # A shaft that ends 0.7 mm early leaves all distances alone except at its missing end.
    meshes, truth = knee
    short = [
        replace(mesh, vertices_mm=np.clip(mesh.vertices_mm, -79.3, 79.3)) if mesh.bone is Bone.TIBIA else mesh
        for mesh in meshes
    ]
    before, after = (evaluate_knee(m[1:2], truth).unregistered.of(Bone.TIBIA) for m in (meshes, short))
    assert before.surface is not None
    assert after.surface is not None
    assert after.surface.assd_mm == pytest.approx(before.surface.assd_mm, abs=0.01)


def test_that_a_missing_bone_scores_zero_and_is_named(knee):
    meshes, truth = knee
    scores = evaluate_knee([mesh for mesh in meshes if mesh.bone is not Bone.FIBULA], truth)
    assert scores.unregistered.of(Bone.FIBULA).dice == 0
    assert scores.unregistered.of(Bone.FIBULA).surface is None
    assert scores.unregistered.mean_assd_mm is None
    assert scores.unregistered.mean_dice < 0.76
    assert scores.warnings == ("no fibula was predicted",)


def test_that_scores_go_through_json(knee):
    record = json.loads(json.dumps(evaluate_knee(knee[0][:1], knee[1]).as_dict(), allow_nan=False))
    assert set(record) == {"unregistered", "registered", "registered_per_bone", "warnings"}
    assert record["unregistered"]["bones"]["femur"]["dice"] > 0.97
    assert record["unregistered"]["bones"]["tibia"] == {
        "dice": 0.0, "iou": 0.0, "assd_mm": None, "hd95_mm": None, "nsd_1mm": None, "nsd_2mm": None
    }  # fmt: skip
    assert np.array(record["registered"]["motion"]["truth_from_predicted"]).shape == (4, 4)
    assert set(record["registered_per_bone"]["motions"]) == {"femur"}


@pytest.mark.parametrize(
    ("meshes", "truth", "words"),
    [
        ([sphere(9.0)], Volume(np.zeros((8, 8, 8)), model_from_ijk(8)), "no label"),
        ([], ball_labels(20.0, 40), "no bone of the truth"),
        ([sphere(9.0, bone=Bone.TIBIA)], ball_labels(20.0, 40), "no bone of the truth"),
        ([sphere(9.0)], Volume(np.ones((8, 8, 8)), model_from_ijk(8)), "no surface"),
    ],
)
def test_that_what_cannot_be_scored_is_refused(meshes, truth, words):
    with pytest.raises(RefusedInput, match=words):
        evaluate_knee(meshes, truth)


@pytest.mark.parametrize("distance_mm", [70.0, 300.0])
def test_that_a_bone_at_the_edge_or_out_of_view_is_scored_and_not_measured_there(distance_mm):
    scores = evaluate_knee([sphere(15.0, (distance_mm, 0, 0))], ball_labels(20.0)).unregistered.of(Bone.FEMUR)
    assert scores.dice == 0
    assert (scores.surface is None) == (distance_mm > 100)
