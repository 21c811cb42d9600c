"""The one mirror."""

import numpy as np
import pytest

from engine.domain import Side
from engine.geometry.model_frame import FIELD_OF_VIEW_MM, lps_grid, model_from_ijk, model_from_lps


@pytest.mark.parametrize("side", Side)
def test_that_the_way_into_the_model_frame_is_its_own_way_back(side):
    np.testing.assert_array_equal(model_from_lps(side) @ model_from_lps(side), np.eye(4))


@pytest.mark.parametrize("voxels", [8, 32, 128])
def test_that_the_grid_is_centred_on_the_isocentre_and_fills_the_field_of_view(voxels):
    ends = (model_from_ijk(voxels) @ np.array([[-0.5] * 3 + [1], [voxels - 0.5] * 3 + [1]]).T)[:3].T
    np.testing.assert_allclose(ends, [[-FIELD_OF_VIEW_MM / 2] * 3, [FIELD_OF_VIEW_MM / 2] * 3])


@pytest.mark.parametrize("side", Side)
def test_that_a_voxel_of_the_model_lies_in_the_patient_where_the_frames_say(side):
    model = np.zeros((8, 8, 8), np.int16)
    model[1, 2, 6] = 1
    grid, lps_from_ijk = lps_grid(model, side)
    (where,) = np.argwhere(grid)
    in_model = model_from_ijk(8) @ [1, 2, 6, 1]
    np.testing.assert_allclose(lps_from_ijk @ [*where, 1], model_from_lps(side) @ in_model)


def test_that_left_and_right_are_mirror_images_and_not_the_same():
    model = np.arange(8**3, dtype=np.int16).reshape(8, 8, 8)
    left, right = lps_grid(model, Side.LEFT)[0], lps_grid(model, Side.RIGHT)[0]
    np.testing.assert_array_equal(left, right[::-1])
    assert (left != right).any()
