"""Partial volumes against closed form."""

import numpy as np
import pytest
import trimesh

from training.cohort.voxelise import partial_volume


def test_that_a_sphere_keeps_its_volume_and_its_centre():
    sphere = trimesh.creation.icosphere(5, 20.0)
    share = partial_volume(sphere.vertices + np.array([7.0, -11.0, 3.0]), sphere.faces, 80, 1.25)
    assert share.sum() * 1.25**3 == pytest.approx(4 / 3 * np.pi * 20**3, rel=0.003)
    centre = (np.argwhere(share > 0) * share[share > 0][:, None]).sum(0) / share.sum()
    np.testing.assert_allclose((centre - 39.5) * 1.25, [7, -11, 3], atol=0.05)


def test_that_a_box_half_in_a_voxel_fills_half_of_it():
    box = trimesh.creation.box([4.0, 4.0, 5.0])
    share = partial_volume(np.array(box.vertices), np.array(box.faces), 8, 2.0)
    assert share[4, 4, 4] == 1
    assert share[4, 4, 6] == pytest.approx(0.25, abs=0.26)


def test_that_what_lies_outside_the_grid_is_left_out():
    sphere = trimesh.creation.icosphere(3, 5.0)
    assert partial_volume(sphere.vertices + 100.0, sphere.faces, 8, 2.0).sum() == 0
