"""Knees found in CTs of one leg or two: the right bones at the right place, of the right side, or a reason."""

import numpy as np
import pytest

from engine.domain import Bone, RefusedInput, Side, Volume
from engine.geometry.model_frame import model_from_lps
from engine.io.nifti import read_nifti
from tests.phantoms import KNEE
from tests.training.prepare.clinic_cts import (
    LEGS_APART_MM,
    both_legs_hu,
    knee_bones,
    leg_hu,
    phantom_volume,
)
from training.prepare.clinic_knee import knees_of
from training.prepare.ct_folder import drawn_placement
from training.prepare.legs import find_legs
from training.prepare.source_ct import SourceCt

SEED = 5


def ct_of(volume: Volume) -> SourceCt:
    return SourceCt(volume.hu, volume.lps_from_ijk, 2.0, 2.0)


def placed_dice(knee, origin_mm) -> dict[Bone, float]:
    """Dice of the bones of a drawn knee with the phantom's closed form, put where the draw put the knee."""
    drawn, _ = knee.knees(SEED)
    placed = drawn_placement(knee.centre_mm, knee.side, np.random.default_rng([SEED, 20261124]))
    model = (np.moveaxis(np.indices((160,) * 3), 0, -1) - 79.5) * 1.25
    lps = model @ placed[:3, :3].T + placed[:3, 3] - origin_mm
    right = lps @ model_from_lps(knee.side)[:3, :3]
    inside = np.abs(model).max(-1) < 55
    found = {}
    for bone in Bone:
        true, mine = (KNEE[bone](right) < 0) & inside, (drawn.occupancy[bone - 1] > 0.5) & inside
        found[bone] = 2 * (true & mine).sum() / (true.sum() + mine.sum())
    return found


@pytest.fixture(scope="module")
def both():
    """The two knees of a CT of both legs, and what was left out."""
    return knees_of(ct_of(phantom_volume(both_legs_hu, 288)), None, "")


def test_that_both_legs_are_found_apart_and_named_by_side(both):
    knees, left_out = both
    assert [knee.side for knee in knees] == [Side.RIGHT, Side.LEFT]
    assert left_out == ()


@pytest.mark.parametrize("n", [0, 1])
def test_that_automatic_bones_are_the_phantoms_and_no_mirror_image(both, n):
    origin = np.array([(-1, 1)[n] * LEGS_APART_MM / 2, 0, (0, -8)[n]])
    dice = placed_dice(both[0][n], origin)
    assert min(dice.values()) > 0.85, dice


def test_that_no_bone_of_the_other_leg_is_filmed(both):
    drawn, _ = both[0][0].knees(SEED)
    bone = np.argwhere(drawn.hu > 300)[:, 0]
    assert np.ptp(bone) * 1.25 < 100


def test_that_a_leg_whose_header_states_the_other_side_is_refused():
    ct = ct_of(phantom_volume(lambda p: leg_hu(p, Side.LEFT)))
    with pytest.raises(RefusedInput, match="header says R, its bones are those of a left knee"):
        knees_of(ct, None, "R")


@pytest.fixture(scope="module")
def right():
    """CT and labels of one right leg."""
    bones = phantom_volume(lambda p: knee_bones(p, Side.RIGHT))
    return ct_of(phantom_volume(lambda p: leg_hu(p, Side.RIGHT))), bones


def test_that_given_labels_are_used_as_they_are(right):
    (knee,), _ = knees_of(*right, "R")
    assert knee.given
    assert knee.labels is right[1]
    assert knee.side is Side.RIGHT


@pytest.mark.parametrize("turn", [((1, 0, 2), (1, 1, 1)), ((2, 0, 1), (-1, 1, 1)), ((0, 1, 2), (-1, -1, -1))])
def test_that_voxels_in_another_order_give_the_same_knee(right, turn):
    axes, signs = turn

    def turned(volume: Volume) -> Volume:
        affine = volume.lps_from_ijk.copy()
        hu = volume.hu
        for axis, sign in enumerate(signs):
            if sign < 0:
                affine[:3, 3] += affine[:3, axis] * (hu.shape[axis] - 1)
                affine[:3, axis] *= -1
                hu = np.flip(hu, axis)
        affine[:3, :3] = affine[:3, list(axes)]
        return Volume(hu.transpose(axes), affine)

    ct, labels = right
    other = turned(Volume(ct.hu, ct.lps_from_ijk))
    (straight,), _ = knees_of(ct, labels, "")
    (knee,), _ = knees_of(ct_of(other), turned(labels), "")
    a, b = straight.knees(SEED)[0], knee.knees(SEED)[0]
    np.testing.assert_allclose(a.hu, b.hu, atol=0.01)
    np.testing.assert_allclose(a.occupancy, b.occupancy, atol=1e-5)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda v: Volume(np.where(v.hu == 4, 7, v.hu), v.lps_from_ijk), "the value 7"),
        (lambda v: Volume(v.hu, v.lps_from_ijk + _shift(40)), "reach out of the CT"),
        (lambda v: Volume(v.hu[::-1], v.lps_from_ijk), "do not fit: .* of the fibula"),
        (lambda v: Volume(np.where(v.hu == 3, 0, v.hu), v.lps_from_ijk), "a patella of 0.0 cm³"),
        (lambda v: Volume(np.select([v.hu == 1, v.hu == 2], [2, 1], v.hu), v.lps_from_ijk), "lowest point"),
    ],
    ids=["value", "elsewhere", "mirrored", "bone missing", "bones swapped"],
)
def test_that_wrong_labels_are_refused_by_what_is_wrong(right, wrong, reason):
    ct, labels = right
    with pytest.raises(RefusedInput, match=reason):
        knees_of(ct, wrong(labels), "")


def _shift(mm: float) -> np.ndarray:
    matrix = np.zeros((4, 4))
    matrix[0, 3] = mm
    return matrix


def test_that_a_ct_that_ends_above_the_joint_is_taken_with_labels_and_refused_without():
    ct = ct_of(phantom_volume(lambda p: leg_hu(p, Side.RIGHT), high_mm=22))
    labels = phantom_volume(lambda p: knee_bones(p, Side.RIGHT), high_mm=22)
    with pytest.raises(RefusedInput, match=r"it ends 2[0-9] mm above the joint line, 40 mm are needed"):
        knees_of(ct, None, "")
    assert len(knees_of(ct, labels, "")[0]) == 1


def test_that_a_leg_without_a_joint_is_refused():
    def shaft_only(p):
        bone = np.hypot(p[..., 0], p[..., 1] + 4) < 14
        return np.where(bone, 700, np.where(np.hypot(p[..., 0], p[..., 1]) < 62, 40, -1000))

    with pytest.raises(RefusedInput, match="no knee joint is found"):
        knees_of(ct_of(phantom_volume(shaft_only)), None, "")


def test_that_the_real_ct_ends_10_mm_above_the_joint_line(data_file):
    volume = read_nifti(data_file("vhf-ct/knee.nii.gz"))
    with pytest.raises(RefusedInput, match=r"it ends (8|10|12) mm above the joint line, 40 mm are needed"):
        find_legs(ct_of(volume))
