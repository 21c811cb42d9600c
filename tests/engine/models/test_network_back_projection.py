import pytest
import torch

from engine.models import back_projection
from engine.models.back_projection import axes_mm, back_project, project

SOD_MM = 900.0
POINT_MM = torch.tensor([20.625, -38.125, 51.875])  # voxel (80, 33, 105) of the 128³ grid


def cameras():
    """AP source in front (beam to posterior), lateral source at the left (beam to the right); (1, 2, 3, 4)."""
    ap = torch.tensor([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, SOD_MM]])
    lateral = torch.tensor([[0, 1.0, 0, 3.0], [0, 0, -1, 0], [-1, 0, 0, SOD_MM]])
    return torch.stack((ap, lateral))[None], torch.full((1, 2), SOD_MM)


def grid_projection(voxels, origin=(0, 0, 0), crop=None):
    camera, sod = cameras()
    return project(axes_mm(voxels, torch.tensor([origin]), crop or voxels), camera, sod)


def closed_form(point):
    """Row and column in both views, by the contract's formula."""
    camera, _ = cameras()
    found = []
    for view in camera[0]:
        x, y, z = view[:, :3] @ point + view[:, 3]
        found.append((float(y * SOD_MM / z / 0.75 + 127.5), float(x * SOD_MM / z / 0.75 + 127.5)))
    return found


def test_that_voxel_centres_are_those_of_the_model_frame():
    axes = axes_mm(128, torch.zeros(1, 3), 128)
    assert torch.equal(torch.stack([axes[0, axis, index] for axis, index in enumerate((80, 33, 105))]), POINT_MM)


def test_that_a_voxel_projects_by_the_pinhole_formula_in_both_views():
    rows, columns = grid_projection(128)
    found = [(float(rows[0, view, 80, 33, 105]), float(columns[0, view, 80, 33, 105])) for view in (0, 1)]
    assert found == [pytest.approx(view, abs=1e-3) for view in closed_form(POINT_MM)]


def test_that_a_feature_at_a_points_projections_comes_back_at_that_point_and_nowhere_else():
    maps = torch.zeros(1, 2, 1, 256, 256)
    for view, (row, column) in enumerate(closed_form(POINT_MM)):
        maps[0, view, 0] = (
            1 - torch.hypot(*torch.meshgrid(torch.arange(256) - row, torch.arange(256) - column, indexing="ij")) / 4
        ).clamp_min(0)
    volume = back_project(maps, grid_projection(128))[0, ..., 0]
    index = torch.nonzero(volume == volume.max())
    assert index.tolist() == [[80, 33, 105]]
    assert volume[80, 33, 105] > 1.65
    assert int((volume > 1.5).sum()) == 1


def test_that_sampling_is_exact_for_maps_that_are_linear_in_the_pixel_whatever_their_pooling():
    rows_columns = grid_projection(32)
    for side in (64, 128, 256):
        centres = (torch.arange(side) + 0.5) * (256 / side) - 0.5
        maps = torch.stack((centres[:, None].expand(side, side), centres[None].expand(side, side)))
        only_ap = torch.stack((maps, torch.zeros_like(maps)))[None]
        volume = back_project(only_ap, rows_columns)
        assert torch.allclose(volume[0, ..., 0], rows_columns[0, 0, 0], atol=2e-3)
        assert torch.allclose(volume[0, ..., 1], rows_columns[1, 0, 0], atol=2e-3)


def test_that_a_crop_sees_what_its_part_of_the_whole_grid_sees():
    maps = torch.randn(1, 2, 3, 64, 64)
    whole = back_project(maps, grid_projection(32))
    part = back_project(maps, grid_projection(32, origin=(4, 10, 22), crop=8))
    assert torch.allclose(part, whole[:, 4:12, 10:18, 22:30], atol=1e-4)


def test_that_the_gather_and_its_gradient_are_those_of_grid_sample():
    # Positions beyond the film's edge by less than a pixel, by more, and inside it.
    rows_columns = torch.rand(2, 2, 2, 6, 6, 6) * 330 - 40
    maps = torch.randn(2, 2, 5, 32, 32)
    answers = []
    for function in (back_projection._gathered, back_projection._sampled_by_grid):
        leaf = maps.clone().requires_grad_()
        volume = function(leaf, rows_columns.flatten(3)).view(2, -1, 5)
        (volume * torch.arange(volume.numel()).view_as(volume).sin()).sum().backward()
        answers.append((volume.detach(), leaf.grad))
    assert torch.allclose(answers[0][0], answers[1][0], atol=1e-5)
    assert torch.allclose(answers[0][1], answers[1][1], atol=1e-4)


def test_that_nothing_comes_from_outside_a_film():
    rows_columns = torch.full((2, 1, 2, 1, 1, 1), 300.0)
    assert torch.equal(back_project(torch.ones(1, 2, 4, 64, 64), rows_columns), torch.zeros(1, 1, 1, 1, 4))
