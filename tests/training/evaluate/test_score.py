"""Scores of spheres with answers in closed form, and the grid's own ceiling."""

from dataclasses import replace

import numpy as np
import pytest
import trimesh

from engine.domain import Bone, BoneMesh, Side, Volume
from engine.geometry.model_frame import model_from_ijk
from engine.pipeline import Generated
from tests.phantoms import knee_labels
from training.evaluate.hounsfield_error import hounsfield_error
from training.evaluate.knee import Knee, Properties, grid_shares
from training.evaluate.score import ceiling_meshes, outlines, scored_knee, true_outlines
from training.evaluate.simulated_knee import finer_labels

RADIUS = 20.0


class RightKnee:
    side = Side.RIGHT


def ball_labels():
    """A femur that is a ball, in labels of 0.5 mm around the isocentre."""
    affine = np.diag([0.5, 0.5, 0.5, 1.0])
    affine[:3, 3] = -24.75
    points = np.moveaxis(np.indices((100, 100, 100)), 0, -1) * 0.5 - 24.75
    return Volume((np.linalg.norm(points, axis=-1) < RADIUS).astype(np.int16), affine)


def ball_mesh(radius, shift=(0.0, 0.0, 0.0)):
    sphere = trimesh.creation.icosphere(4, radius)
    return BoneMesh(sphere.vertices + np.array(shift), sphere.faces.astype(np.int32), Bone.FEMUR, Side.RIGHT)


def scores(mesh):
    labels = ball_labels()
    made = Generated(Volume(np.zeros((40, 40, 40), np.int16), model_from_ijk(40)), labels, (mesh,), ())
    return scored_knee(Knee(RightKnee(), labels, None, Properties(side="right")), made).record


def test_that_a_sphere_moved_by_a_millimetre_has_its_scores_in_closed_form():
    record = scores(ball_mesh(RADIUS, (1.0, 0, 0)))
    femur = record["scores"]["unregistered"]["bones"]["femur"]
    assert femur["dice"] == pytest.approx(1 - 3 / (4 * RADIUS), abs=0.006)
    assert femur["assd_mm"] == pytest.approx(0.5, abs=0.06)
    moved = record["scores"]["registered"]
    assert moved["motion"]["translation_mm"] == pytest.approx(1.0, abs=0.1)
    assert moved["bones"]["femur"]["assd_mm"] < 0.15
    assert moved["bones"]["femur"]["nsd_1mm"] == 1.0


def test_that_registration_never_scales_a_bone_that_is_too_small():
    record = scores(ball_mesh(RADIUS - 1.5))
    for kind in ("unregistered", "registered"):
        femur = record["scores"][kind]["bones"]["femur"]
        small = (RADIUS - 1.5) ** 3
        assert femur["dice"] == pytest.approx(2 * small / (small + RADIUS**3), abs=0.008)
        assert femur["assd_mm"] == pytest.approx(1.5, abs=0.08)
        assert femur["nsd_1mm"] < 0.05
        assert femur["nsd_2mm"] > 0.95


def test_that_the_ceiling_of_a_sphere_lies_within_a_tenth_of_a_voxel_of_its_surface():
    femur = scores(ball_mesh(RADIUS))["ceiling"]["unregistered"]["bones"]["femur"]
    assert femur["assd_mm"] < 0.4
    (mesh,) = ceiling_meshes(Knee(RightKnee(), ball_labels(), None, Properties()), 64)
    assert np.linalg.norm(mesh.vertices_mm, axis=1) == pytest.approx(RADIUS, abs=0.25)
    assert mesh.volume_mm3 == pytest.approx(4 / 3 * np.pi * RADIUS**3, rel=0.02)


def test_that_shares_on_the_grid_are_those_of_the_labels_where_these_are_finer():
    labels = np.zeros((16, 16, 16), np.int16)
    labels[4:7, 8:10, 2:4] = Bone.TIBIA
    shares = grid_shares(Volume(labels, model_from_ijk(16)), 8)
    assert shares[Bone.TIBIA - 1, 2, 4, 1] == 1.0
    assert shares[Bone.TIBIA - 1, 3, 4, 1] == 0.5
    assert shares.sum() == 1.5


def test_that_shares_do_not_depend_on_how_the_labels_are_stored():
    labels = knee_labels(32, Side.LEFT)
    turned = labels.lps_from_ijk[:, [2, 0, 1, 3]].copy()
    turned[:3, 3] += 31 * turned[:3, 1]
    turned[:3, 1] *= -1
    stored = np.flip(labels.hu.transpose(2, 0, 1), 1)
    assert np.array_equal(grid_shares(Volume(stored, turned), 16), grid_shares(labels, 16))


def test_that_finer_labels_keep_each_bone_on_its_side():
    phantom = knee_labels(32, Side.RIGHT).hu
    fine = finer_labels(np.stack([(phantom == bone) * np.uint8(255) for bone in Bone]))
    for bone in Bone:
        middle, finer = (np.argwhere(labels == bone).mean(0) for labels in (phantom, fine))
        assert (finer - 0.5) / 2 == pytest.approx(middle, abs=0.35)


@pytest.mark.parametrize("side", list(Side))
def test_that_made_and_true_outlines_lie_on_each_other_on_both_sides(side):
    truth = knee_labels(64, side)
    knee = Knee(type("Pair", (), {"side": side})(), truth, None, Properties())
    made, true = outlines(ceiling_meshes(knee, 64)), true_outlines(truth)
    assert 2 * ((made == true) & (true > 0)).sum() / ((made > 0).sum() + (true > 0).sum()) > 0.97


def test_that_the_error_of_hu_is_told_by_region():
    labels = knee_labels(32, Side.LEFT)
    true = np.where(labels.hu > 0, 700, -1000).astype(np.int16)
    made = np.where(labels.hu == Bone.TIBIA, true + 100, true).astype(np.int16)
    made[labels.hu == Bone.FIBULA] -= 50
    affine = labels.lps_from_ijk
    error = hounsfield_error(Volume(made, affine), Volume(true, affine), labels)
    assert error["tibia"] == pytest.approx({"mean_absolute_hu": 100.0, "bias_hu": 100.0})
    assert error["fibula"] == pytest.approx({"mean_absolute_hu": 50.0, "bias_hu": -50.0})
    assert error["femur"]["mean_absolute_hu"] == pytest.approx(0, abs=1e-6)
    counts = {bone: int((labels.hu == bone).sum()) for bone in Bone}
    mean = (100 * counts[Bone.TIBIA] + 50 * counts[Bone.FIBULA]) / sum(counts.values())
    assert error["body"]["mean_absolute_hu"] == pytest.approx(mean)


def test_that_a_knee_without_a_true_ct_has_no_error_of_hu():
    assert scores(replace(ball_mesh(RADIUS)))["hu_error"] is None
