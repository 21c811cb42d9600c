"""What an outer level is given of the level inside it, against closed form."""

import pytest
import torch

from engine.models.conditioning import Crop, LevelOutput
from engine.models.refinement import refined
from engine.models.schedule import Schedule, noisy, v_target, x0_from_v


def case(t: float):
    """Two levels of one smooth image, their noisy versions, and the velocities a perfect network would say."""
    generator = torch.Generator().manual_seed(0)
    coarse = torch.linspace(-0.8, 0.8, 8).view(1, 1, 8, 1, 1).expand(1, 1, 8, 8, 8).contiguous()
    fine = torch.nn.functional.interpolate(coarse, scale_factor=2.0, mode="trilinear", align_corners=False)
    schedule = Schedule()
    gammas = [torch.tensor([float(schedule.log_snr(t, ratio))]) for ratio in (1, 2)]
    eps = [torch.randn(x.shape, generator=generator) for x in (coarse, fine)]
    inputs = [noisy(x, e, g) for x, e, g in zip((coarse, fine), eps, gammas, strict=True)]
    velocities = [v_target(x, e, g) for x, e, g in zip((coarse, fine), eps, gammas, strict=True)]
    return fine, inputs, gammas, velocities


def outputs(inner: torch.Tensor, outer: torch.Tensor) -> list[LevelOutput]:
    return [LevelOutput(v, torch.zeros(1, 5, *v.shape[2:])) for v in (inner, outer)]


def test_that_under_pure_noise_a_silent_outer_level_shows_the_image_inside_it():
    fine, inputs, gammas, velocities = case(1.0)
    done = refined(outputs(velocities[0], torch.zeros_like(inputs[1])), inputs, gammas)
    torch.testing.assert_close(x0_from_v(inputs[1], done[1].v, gammas[1]), fine, atol=0.05, rtol=0)


def test_that_a_clean_outer_level_is_left_to_see_for_itself():
    _, inputs, gammas, velocities = case(0.0)
    done = refined(outputs(velocities[0], velocities[1]), inputs, gammas)
    assert (done[1].v - velocities[1]).abs().mean() < 0.05


@pytest.mark.parametrize("t", [0.2, 0.5, 0.8])
def test_that_a_crop_gets_what_the_whole_grid_gets_there(t):
    _, inputs, gammas, velocities = case(t)
    crop = Crop(torch.tensor([[2, 4, 6]]), 8)
    part = (slice(None), slice(None), slice(2, 10), slice(4, 12), slice(6, 14))
    whole = refined(outputs(velocities[0], torch.zeros_like(inputs[1])), inputs, gammas)[1].v[part]
    cropped = refined(outputs(velocities[0], torch.zeros(1, 1, 8, 8, 8)), [inputs[0], inputs[1][part]], gammas, crop)[
        1
    ].v
    torch.testing.assert_close(cropped, whole)


def test_that_under_pure_noise_a_guess_from_the_bones_is_what_is_known():
    fine, inputs, gammas, _ = case(1.0)
    coarse = torch.nn.functional.avg_pool3d(fine, 2)
    bump = torch.zeros_like(fine)
    bump[..., 5:9, 5:9, 5:9] = 0.3
    inner = LevelOutput(torch.zeros_like(coarse), torch.zeros(1, 5, 8, 8, 8), coarse)
    outer = LevelOutput(torch.zeros_like(fine), torch.zeros(1, 5, 16, 16, 16), bump)
    done = refined([inner, outer], inputs, gammas)
    torch.testing.assert_close(x0_from_v(inputs[0], done[0].v, gammas[0]), coarse, atol=0.05, rtol=0)
    guessed = x0_from_v(inputs[1], done[1].v, gammas[1])
    torch.testing.assert_close(guessed, fine + bump, atol=0.12, rtol=0)


def test_that_a_guess_from_the_bones_fades_with_the_noise():
    _, inputs, gammas, velocities = case(0.0)
    wrong = torch.full_like(velocities[0], 0.5)
    inner = LevelOutput(velocities[0], torch.zeros(1, 5, 8, 8, 8), wrong)
    done = refined([inner], inputs[:1], gammas[:1])
    plain = x0_from_v(inputs[0], velocities[0], gammas[0])
    assert (x0_from_v(inputs[0], done[0].v, gammas[0]) - plain).abs().max() < 0.01
