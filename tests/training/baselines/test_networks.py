import pytest
import torch

from engine.geometry.model_frame import FIELD_OF_VIEW_MM
from engine.models.back_projection import axes_mm, project
from engine.models.conditioning import Conditioning
from engine.models.schedule import Schedule, x0_from_v
from tests.training.loop.small_run import BALLS, batch, shares
from training.baselines.answer import PAINTED_BONE, PAINTED_TISSUE, PaintedKnee, network_of_baseline
from training.baselines.learn import draw_points, told
from training.baselines.occupancy import drawn_points, pinhole, sampled, shares_at
from training.baselines.spec import BASELINES
from training.baselines.unet import replicated
from training.configuration import Stage

STAGE = Stage("labels", 1, 1, 2, 1e-3)
SIDE = 16


def parallel(films):
    """Two films as `small_run` takes them, from so far away that their rays run along axes."""
    case = batch(1, 1)
    return Conditioning(films, case.camera_from_lps, case.sod_mm, case.micro)


def test_that_a_bright_part_of_a_film_is_replicated_along_its_rays_in_that_films_channels_alone():
    films = torch.zeros(1, 2, 3, 256, 256)
    films[0, 0, 1, :, 128:] = 1  # the AP film's columns run to the patient's left, +x
    volume = replicated(parallel(films), SIDE)[0]
    ap_bright = volume[..., 1]
    assert ap_bright[SIDE // 2 + 1 :].min() > 0.99
    assert ap_bright[: SIDE // 2 - 1].max() < 0.01
    assert volume[..., [0, 2, 3, 4, 5]].abs().max() == 0


def test_that_the_lateral_film_is_replicated_across_the_patient():
    films = torch.zeros(1, 2, 3, 256, 256)
    films[0, 1, 0, :128] = 1  # its upper half
    across = replicated(parallel(films), SIDE)[0, ..., 3]
    assert across[:, :, SIDE // 2 + 1 :].min() > 0.99
    assert across[:, :, : SIDE // 2 - 1].max() < 0.01


def test_that_points_fall_on_the_pixels_that_the_engines_projection_gives_a_grid():
    case = batch(1, 1)
    cameras = case.camera_from_lps + 0.01 * torch.randn(case.camera_from_lps.shape, generator=torch.manual_seed(1))
    axes = axes_mm(4, torch.zeros(1, 3, dtype=torch.long), 4)
    points = torch.stack(torch.meshgrid(*axes[0], indexing="ij"), -1).view(1, -1, 3)
    columns_rows, _ = pinhole(points, cameras, case.sod_mm)
    rows, columns = project(axes, cameras, case.sod_mm).flatten(3)
    torch.testing.assert_close(columns_rows, torch.stack((columns, rows), -1), atol=1e-2, rtol=1e-4)


def test_that_a_map_is_sampled_where_a_film_position_says_and_is_nothing_outside():
    maps = torch.zeros(1, 2, 1, 64, 64)
    maps[0, 0, 0, 10, 20] = 1  # covers film rows 40 to 43 and columns 80 to 83
    there = torch.tensor([[81.5, 41.5], [41.5, 81.5], [-50.0, 41.5]])
    values = sampled(maps, there.expand(1, 2, 3, 2))
    torch.testing.assert_close(values[0], torch.tensor([[1.0, 0], [0, 0], [0, 0]]))


def test_that_labels_at_the_middle_of_voxels_are_those_of_the_voxels():
    labels = shares(8)
    axes = axes_mm(8, torch.zeros(1, 3, dtype=torch.long), 8)[0]
    points = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1).view(1, -1, 3)
    torch.testing.assert_close(shares_at(points, labels)[0].T.view(5, 8, 8, 8), labels[0], atol=1e-5, rtol=0)


def test_that_half_of_the_points_lie_at_the_surface_of_a_bone():
    labels, numbers = shares(64), torch.rand(1, 2000, 4, generator=torch.manual_seed(2))
    points = drawn_points(numbers, labels)[0]
    distances = torch.stack([((points - torch.tensor(c)).norm(dim=-1) - r).abs() for *c, r in BALLS]).min(0).values
    assert distances[:1000].max() < 2.5 * 3  # a voxel's diagonal, half soft edge and a voxel of jitter
    assert points[1000:].abs().mean() == pytest.approx(FIELD_OF_VIEW_MM / 4, rel=0.05)


def test_that_a_case_without_bone_has_its_points_anywhere():
    empty = torch.zeros(1, 5, 8, 8, 8)
    empty[:, 0] = 1
    points = drawn_points(torch.rand(1, 400, 4, generator=torch.manual_seed(3)), empty)
    assert points.abs().mean() == pytest.approx(FIELD_OF_VIEW_MM / 4, rel=0.1)


def test_that_two_ranks_draw_the_points_that_one_would():
    whole = draw_points(16, batch(1, 4), STAGE, 5, 7).eps[0]
    for rank in (0, 1):
        part = draw_points(16, batch(1, 2), STAGE, 5, 7, rank, 2).eps[0]
        assert torch.equal(part, whole[rank::2])


@pytest.mark.parametrize("name", ["tiny-unet", "tiny-occupancy"])
def test_that_a_painted_knee_is_the_bone_of_its_labels_whatever_the_noise(name):
    network, case = network_of_baseline(BASELINES[name]).eval(), batch(1, 1)
    painted = PaintedKnee(network)
    encoded = painted.encode(told(case))
    log_snr = torch.full((1,), float(Schedule().log_snr(0.7, 1)))
    noisy = torch.randn(1, 1, SIDE, SIDE, SIDE, generator=torch.manual_seed(4))
    (answer,) = painted.denoise([noisy], log_snr, encoded)
    with torch.no_grad():
        bone = 1 - network(told(case)).softmax(1)[:, :1]
    expected = PAINTED_TISSUE + bone * (PAINTED_BONE - PAINTED_TISSUE)
    torch.testing.assert_close(x0_from_v(noisy, answer.v, log_snr), expected, atol=1e-5, rtol=0)
    assert answer.logits.shape == (1, 5, SIDE, SIDE, SIDE)
