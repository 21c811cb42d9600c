"""Shadows of surfaces on a film, against closed forms."""

import numpy as np
import pytest

from engine.domain import Bone, BoneMesh, Camera, Side
from engine.geometry.silhouette import outlines, silhouette
from tests.phantoms import cube_mesh

CAMERA_FROM_LPS = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 900], [0, 0, 0, 1]])
CAMERA = Camera(CAMERA_FROM_LPS, np.array([[1000.0, 0, 60], [0, 1000, 50], [0, 0, 1]]), 1000.0, 900.0)
SHAPE = (101, 121)


def moved(mesh: BoneMesh, *mm: float) -> BoneMesh:
    return BoneMesh(mesh.vertices_mm + np.array(mm), mesh.faces, mesh.bone, mesh.side)


def sphere(radius_mm: float) -> BoneMesh:
    turns, heights = np.meshgrid(
        np.linspace(0, 2 * np.pi, 64, endpoint=False), np.linspace(0, np.pi, 33), indexing="ij"
    )
    points = np.stack([np.sin(heights) * np.cos(turns), np.sin(heights) * np.sin(turns), np.cos(heights)], -1)
    index = np.arange(64 * 33).reshape(64, 33)
    a, b, c, d = index[:, :-1], np.roll(index, -1, 0)[:, :-1], np.roll(index, -1, 0)[:, 1:], index[:, 1:]
    faces = np.concatenate([np.stack([a, d, c], -1).reshape(-1, 3), np.stack([a, c, b], -1).reshape(-1, 3)])
    return BoneMesh(points.reshape(-1, 3) * radius_mm, faces.astype(np.int32), Bone.FEMUR, Side.RIGHT)


def test_that_a_cube_covers_the_square_of_its_nearer_face():
    covered = silhouette(cube_mesh(-9.0, 9.0), CAMERA, SHAPE)
    half = 9.0 * 1000 / 891  # the face towards the source is magnified most
    rows, columns = np.indices(SHAPE)
    expected = (np.abs(rows - 50) <= half) & (np.abs(columns - 60) <= half)
    assert np.array_equal(covered, expected)


def test_that_a_ball_covers_its_disc():
    covered = silhouette(sphere(20.0), CAMERA, SHAPE)
    # The cone that touches a ball of radius r at distance d has the tangent r / sqrt(d² - r²).
    radius = 1000 * 20 / np.sqrt(900**2 - 20**2)
    assert covered.sum() == pytest.approx(np.pi * radius**2, rel=0.01)


def test_that_a_shape_without_symmetry_is_not_mirrored():
    covered = silhouette(moved(cube_mesh(-5.0, 5.0), 20.0, 0.0, 12.0), CAMERA, SHAPE)
    rows, columns = np.nonzero(covered)
    assert columns.mean() == pytest.approx(60 + 20 * 1000 / 900, abs=0.5)  # columns to the patient's left, +x
    assert rows.mean() == pytest.approx(50 - 12 * 1000 / 900, abs=0.5)  # rows to the foot, -z


def test_that_what_lies_outside_the_film_is_cut():
    assert not silhouette(moved(cube_mesh(), 500.0, 0.0, 0.0), CAMERA, SHAPE).any()
    assert silhouette(cube_mesh(-90.0, 90.0), CAMERA, SHAPE).all()


def test_that_a_film_seen_from_the_other_side_is_covered_alike():
    flipped = CAMERA_FROM_LPS.copy()
    flipped[0, 0] = -1.0
    other = Camera(flipped, CAMERA.intrinsics, 1000.0, 900.0)
    mesh = moved(cube_mesh(-5.0, 5.0), 20.0, 0.0, 12.0)
    assert np.array_equal(silhouette(mesh, other, SHAPE), silhouette(mesh, CAMERA, SHAPE)[:, ::-1])


def test_that_the_outline_runs_around_the_disc():
    (line,) = outlines(silhouette(sphere(20.0), CAMERA, SHAPE))
    radius = 1000 * 20 / np.sqrt(900**2 - 20**2)
    assert np.allclose(np.hypot(*(line - [50, 60]).T), radius, atol=0.8)
    assert np.array_equal(line[0], line[-1])
