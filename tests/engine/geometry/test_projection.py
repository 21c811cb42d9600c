"""Line integrals against closed form."""

import numpy as np
import pytest

from engine.domain import Camera
from engine.geometry.calibrate import view_rotation
from engine.geometry.projection import project_line_integrals

# nanodrr's scale: mu of water at 70 keV.
MU_WATER = 0.0192


def camera(source=(0.0, -1.0, 0.0), columns="L", pixels=65, spacing_mm=1.0, sid=1000.0, sod=900.0) -> Camera:
    matrix = np.eye(4)
    matrix[:3, :3] = view_rotation(source, columns)
    matrix[2, 3] = sod
    middle = (pixels - 1) / 2
    return Camera(matrix, np.array([[sid / spacing_mm, 0, middle], [0, sid / spacing_mm, middle], [0, 0, 1]]), sid, sod)


def grid(voxels: int, spacing: float) -> np.ndarray:
    affine = np.diag([spacing, spacing, spacing, 1.0])
    affine[:3, 3] = -(voxels - 1) / 2 * spacing
    return affine


def test_that_a_single_voxel_appears_where_the_camera_projects_it():
    hu = np.full((41, 41, 41), -1000.0)
    hu[30, 12, 8] = 0
    affine = grid(41, 2.0)
    film = project_line_integrals(hu, affine, camera(pixels=129), (129, 129), samples=200)[0]
    centre = np.array([[30, 12, 8]]) @ affine[:3, :3].T + affine[:3, 3]
    expected = camera(pixels=129).project(centre)[0]
    rows, columns = np.indices(film.shape)
    found = np.array([(film * rows).sum(), (film * columns).sum()]) / film.sum()
    np.testing.assert_allclose(found, expected, atol=0.1)


def test_that_the_central_ray_through_a_water_cube_measures_its_thickness():
    hu = np.full((60, 60, 60), -1000.0)
    hu[10:50, 10:50, 10:50] = 0
    film = project_line_integrals(hu, grid(60, 1.0), camera(), (65, 65), samples=600)[0]
    assert film[32, 32] == pytest.approx(40 * MU_WATER, rel=0.01)


def test_that_structures_add_up_to_the_whole():
    rng = np.random.default_rng(0)
    hu = rng.uniform(-1000, 1500, (24, 24, 24))
    labels = rng.integers(0, 5, hu.shape)
    whole = project_line_integrals(hu, grid(24, 3.0), camera(), (65, 65))
    parts = project_line_integrals(hu, grid(24, 3.0), camera(), (65, 65), structures=labels)
    assert parts.shape == (5, 65, 65)
    np.testing.assert_allclose(parts.sum(0), whole[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("source", "columns"), [((0, -1, 0), "L"), ((1, 0, 0), "A"), ((-1, 0, 0), "A")])
def test_that_an_asymmetric_pair_of_voxels_keeps_its_handedness(source, columns):
    hu = np.full((41, 41, 41), -1000.0)
    dense, thin = (8, 14, 33), (25, 30, 10)
    hu[dense], hu[thin] = 2000, 0
    view = camera(source, columns, pixels=129)
    film = project_line_integrals(hu, grid(41, 2.0), view, (129, 129), samples=200)[0]
    affine = grid(41, 2.0)
    expected = view.project(np.array([dense]) @ affine[:3, :3].T + affine[:3, 3])[0]
    brightest = np.unravel_index(film.argmax(), film.shape)
    np.testing.assert_allclose(brightest, expected, atol=1.5)
