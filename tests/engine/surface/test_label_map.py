"""Label maps from class probabilities."""

import numpy as np
import pytest

from engine.domain import Bone, Side
from engine.surface.label_map import label_map
from tests.phantoms import knee_field, knee_labels


@pytest.mark.parametrize("side", Side)
def test_that_the_label_map_is_the_phantom_on_its_own_side(side):
    field, affine = knee_field(64, side)
    made, truth = label_map(field, affine), knee_labels(64, side)
    assert made.hu.dtype == np.int16
    assert np.array_equal(made.lps_from_ijk, affine)
    for bone in Bone:
        here, there = made.hu == bone, truth.hu == bone
        assert (here & there).sum() > 0.97 * (here | there).sum()
    assert not ((made.hu[::-1] == Bone.FIBULA) & (truth.hu == Bone.FIBULA)).any()


def test_that_specks_go_and_cavities_are_filled():
    field, affine = knee_field(32, Side.RIGHT)
    truth = label_map(field, affine)
    femur = tuple(np.argwhere(truth.hu == Bone.FEMUR)[200])
    middle = tuple(np.argwhere(truth.hu == Bone.TIBIA).mean(axis=0).astype(int))
    for at, value in ((middle, 0), ((1, 1, 1), Bone.FEMUR)):
        field[(slice(None), *at)] = np.eye(5)[value]
    made = label_map(field, affine)
    assert np.array_equal(made.hu, truth.hu)
    assert made.hu[femur] == Bone.FEMUR


def test_that_a_field_of_background_has_no_label():
    field = np.zeros((5, 4, 4, 4), np.float32)
    field[0] = 1
    assert not label_map(field, np.eye(4)).hu.any()
