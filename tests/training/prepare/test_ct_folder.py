"""Labelled CTs in the cohort's place: both sides arrive in the right-knee frame, none mirrored."""

import numpy as np
import pytest

from engine.domain import RefusedInput, Side
from engine.io.nifti import label_nifti_bytes, nifti_bytes
from tests.phantoms import knee_ct, knee_labels
from training.prepare.ct_folder import CtFolder


@pytest.fixture
def folder(tmp_path):
    def make(side: Side):
        place = tmp_path / side.word
        place.mkdir()
        (place / "one.nii.gz").write_bytes(nifti_bytes(knee_ct(64, side)))
        (place / "one_labels.nii.gz").write_bytes(label_nifti_bytes(knee_labels(64, side)))
        return place

    return make


@pytest.mark.parametrize("side", Side)
def test_that_a_knee_of_either_side_has_its_fibula_at_minus_x_of_the_model(folder, side):
    knee, _ = CtFolder.of(folder(side)).knees(0)
    tibia, fibula = (np.argwhere(knee.occupancy[b] > 0.5)[:, 0].mean() for b in (1, 3))
    assert fibula < tibia


def test_that_the_other_side_gives_the_same_knee(folder):
    right, left = (CtFolder.of(folder(side)).knees(3)[0] for side in (Side.RIGHT, Side.LEFT))
    overlap = np.minimum(right.occupancy, left.occupancy).sum() / right.occupancy.sum()
    assert overlap > 0.97


def test_that_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(RefusedInput, match="_labels"):
        CtFolder.of(tmp_path)
