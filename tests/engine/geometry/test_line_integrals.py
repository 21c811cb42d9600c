"""Line integrals in numpy: closed forms, and the same pictures as the physics that trains the model."""

import numpy as np
import pytest

from engine.domain import Camera, Side, Volume
from engine.geometry.line_integrals import MU_WATER, attenuation, coarser, line_integrals
from tests.phantoms import knee_ct

CAMERA_FROM_LPS = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 900], [0, 0, 0, 1]])


def camera(pixels: int = 41, pixel_mm: float = 4.0) -> Camera:
    middle = (pixels - 1) / 2
    intrinsics = np.array([[1000 / pixel_mm, 0, middle], [0, 1000 / pixel_mm, middle], [0, 0, 1]])
    return Camera(CAMERA_FROM_LPS, intrinsics, 1000.0, 900.0)


def cube(hu: int = 0, voxels: int = 20, spacing_mm: float = 4.0) -> Volume:
    lps_from_ijk = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
    lps_from_ijk[:3, 3] = -(voxels - 1) * spacing_mm / 2
    return Volume(np.full((voxels,) * 3, hu, np.int16), lps_from_ijk)


def test_that_water_of_80_mm_attenuates_by_its_thickness_along_the_ray():
    film = line_integrals(cube(), camera(), (41, 41))
    assert film[20, 20] == pytest.approx(80 * MU_WATER, rel=1e-5)
    offset_mm = 4.0 * 4  # a ray that still crosses both faces runs longer by its slant
    assert film[20, 24] == pytest.approx(80 * MU_WATER * np.hypot(1, offset_mm / 1000), rel=1e-4)
    assert film[0, 0] == 0.0


def test_that_a_single_voxel_lies_where_the_camera_projects_it():
    volume = cube(-1000)
    hu = volume.hu.copy()
    hu[15, 4, 12] = 1000
    film = line_integrals(Volume(hu, volume.lps_from_ijk), camera(161, 1.0), (161, 161))
    row, column = camera(161, 1.0).project(volume.lps([[15, 4, 12]]))[0]
    rows, columns = np.indices(film.shape)
    assert (rows * film).sum() / film.sum() == pytest.approx(row, abs=0.3)
    assert (columns * film).sum() / film.sum() == pytest.approx(column, abs=0.3)


def test_that_hu_become_attenuation_by_two_straight_lines():
    assert np.allclose(attenuation(np.array([-2000, -1000, -500, 0, 1000], np.int16)), [0, 0, 0.0096, 0.0192, 0.0573])


def test_that_a_coarser_film_sees_the_same_points():
    fine = camera(120, 1.0)
    coarse, shape = coarser(fine, (120, 120), 3)
    assert shape == (40, 40)
    point = np.array([[13.0, -20.0, 7.0]])
    assert np.allclose(coarse.project(point), (fine.project(point) - 1) / 3)


@pytest.mark.parametrize("side", Side)
def test_that_the_picture_is_that_of_the_physics_behind_the_training_films(side: Side):
    from engine.geometry.projection import project_line_integrals

    knee, seen_from = knee_ct(48, side), camera(61, 3.0)
    ours = line_integrals(knee, seen_from, (61, 61))
    theirs = project_line_integrals(knee.hu, knee.lps_from_ijk, seen_from, (61, 61), samples=48)[0]
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.9995
    assert np.abs(ours - theirs).mean() < 0.005 * theirs.max()
