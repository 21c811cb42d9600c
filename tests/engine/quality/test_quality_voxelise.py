"""Voxels inside a surface, against closed forms."""

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import Bone, Side
from engine.quality.voxelise import voxelise
from engine.surface import extract_bones
from tests.phantoms import KNEE, cube_mesh, knee_field, knee_labels

GRID = np.diag([0.5, 0.5, 0.5, 1.0])
GRID[:3, 3] = -15.75
SHAPE = (64, 64, 64)


def centres(affine=GRID, shape=SHAPE):
    return np.moveaxis(np.indices(shape), 0, -1) @ affine[:3, :3].T + affine[:3, 3]


def test_that_a_sphere_holds_the_centres_nearer_than_its_radius():
    sphere = trimesh.creation.icosphere(subdivisions=5, radius=12.3)
    inside = voxelise(sphere.vertices, sphere.faces, GRID, SHAPE)
    distance = np.linalg.norm(centres(), axis=-1)
    sure = np.abs(distance - 12.3) > 0.02
    assert np.array_equal(inside[sure], (distance < 12.3)[sure])
    assert sure.mean() > 0.99


@settings(max_examples=30, deadline=None)
@given(
    low=st.tuples(*[st.integers(-40, 10)] * 3),
    size=st.tuples(*[st.integers(1, 60)] * 3),
    flips=st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3),
)
def test_that_a_box_between_centres_holds_just_those_between(low, size, flips):
    # Sides half a voxel from the centres, on a grid of any handedness; parts outside the grid are cut.
    corner, end = np.array(low) / 2, (np.array(low) + size) / 2
    cube = cube_mesh(0, 1)
    affine = GRID @ np.diag([*flips, 1.0])
    affine[:3, 3] = -15.75 * np.array(flips)
    inside = voxelise(corner + cube.vertices_mm * (end - corner), cube.faces, affine, SHAPE)
    expected = ((centres(affine) > corner) & (centres(affine) < end)).all(axis=-1)
    assert np.array_equal(inside, expected)


def test_that_corners_and_edges_on_the_rays_count_once():
    cube = cube_mesh(-8.25, 8.25)
    inside = voxelise(cube.vertices_mm, cube.faces, GRID, SHAPE)
    assert np.isin(inside.sum(axis=(0, 1)), (0, 33**2)).all()
    runs = np.diff(inside.astype(np.int8), axis=2) != 0
    assert runs.sum(axis=2).max() == 2


def test_that_inward_faces_hold_the_same_voxels():
    cube = cube_mesh(-5.1, 7.3)
    outward, inward = (voxelise(cube.vertices_mm, faces, GRID, SHAPE) for faces in (cube.faces, cube.faces[:, ::-1]))
    assert np.array_equal(outward, inward)
    assert outward.sum() == 25**3


@pytest.mark.parametrize("offset_mm", [0.0, 400.0])
def test_that_nothing_lies_inside_an_empty_or_distant_surface(offset_mm):
    cube = cube_mesh()
    faces = cube.faces if offset_mm else cube.faces[:0]
    assert not voxelise(cube.vertices_mm + offset_mm, faces, GRID, SHAPE).any()


@pytest.mark.parametrize("side", Side)
def test_that_the_knee_phantom_comes_back_on_its_own_side(side):
    truth = knee_labels(64, side)
    for mesh in extract_bones(*knee_field(64, side), side):
        inside = voxelise(mesh.vertices_mm, mesh.faces, truth.lps_from_ijk, truth.hu.shape)
        there = truth.hu == mesh.bone
        dice = 2 * (inside & there).sum() / (inside.sum() + there.sum())
        assert dice > 0.98
        assert 2 * (inside[::-1] & there).sum() / (inside.sum() + there.sum()) < dice - 0.01
    assert set(KNEE) == set(Bone)
