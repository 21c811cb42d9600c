import math

import pytest
import torch

from engine.models.conditioning import LevelOutput
from training.loop.ema import decay_at
from training.loop.loss import (
    LossWeights,
    VelocityWeighting,
    label_dice,
    label_losses,
    level_loss,
    thickness_loss,
    velocity_loss,
)
from training.loop.objective import random_numbers, spread_times


def one_hot(classes):
    return torch.nn.functional.one_hot(classes, 5).movedim(-1, 1).float()


def test_that_certain_and_right_labels_cost_nothing():
    truth = one_hot(torch.randint(0, 5, (1, 8, 8, 8)))
    cross_entropy, dice = label_losses(50 * truth, truth)
    assert cross_entropy == pytest.approx(0, abs=1e-6)
    assert dice == pytest.approx(0, abs=1e-6)


def test_that_undecided_labels_cost_the_entropy_of_five_classes():
    truth = one_hot(torch.zeros(1, 4, 4, 4, dtype=torch.long))
    assert label_losses(torch.zeros(1, 5, 4, 4, 4), truth)[0] == pytest.approx(math.log(5))


def test_that_dice_counts_the_overlap_of_each_bone():
    truth, guess = torch.zeros(1, 1, 1, 4, dtype=torch.long), torch.zeros(1, 1, 1, 4, dtype=torch.long)
    truth[..., :2], guess[..., 1:3] = 1, 1
    found = label_dice(one_hot(guess), one_hot(truth))
    assert found[0] == pytest.approx(0.5)


@pytest.mark.parametrize(("log_snr", "share"), [(math.log(20.0), 5 / 21), (math.log(0.5), 0.5 / 1.5)])
def test_that_min_snr_weighs_velocity_by_the_papers_formula(log_snr, share):
    predicted, target = torch.zeros(1, 1, 2, 2, 2), torch.full((1, 1, 2, 2, 2), 2.0)
    weights = LossWeights(weighting=VelocityWeighting.MIN_SNR)
    assert velocity_loss(predicted, target, torch.tensor([log_snr]), weights) == pytest.approx(4 * share, rel=1e-5)


def test_that_thickness_is_pooled_to_the_grid_of_its_prediction():
    target = torch.rand(1, 2, 4, 128, 128)
    pooled = torch.nn.functional.avg_pool2d(target[0], 2)[None]
    assert thickness_loss([pooled], target) == pytest.approx(0, abs=1e-7)


def test_that_the_average_forgets_its_start_and_then_remembers_long():
    assert decay_at(0, 0.998) == pytest.approx(0.1)
    assert decay_at(100_000, 0.998) == 0.998


def test_that_noise_emphasis_draws_noisy_times_as_often_as_it_says():
    draws = torch.cat([spread_times(4, random_numbers(0, step), 2.0) for step in range(4000)])
    assert draws.min() >= 0
    assert draws.max() < 1 + 1e-6
    for share in (0.25, 0.5, 0.9):  # of t = 1 - (1 - u)^2
        assert float((draws < 1 - (1 - share) ** 2).float().mean()) == pytest.approx(share, abs=0.01)
    even = torch.cat([spread_times(4, random_numbers(0, step)) for step in range(4000)])
    assert float((even < 0.75).float().mean()) == pytest.approx(0.75, abs=0.01)


def test_that_logits_are_judged_on_the_finer_grid_of_their_labels():
    fine = torch.zeros(1, 8, 8, 8, dtype=torch.long)
    fine[..., 4:] = 1  # its face lies between two coarse voxels, the other's in the middle of one
    shifted = torch.roll(fine, 1, -1)
    shifted[..., 0] = 0
    coarse = torch.zeros(1, 5, 4, 4, 4)
    coarse[:, 1] = torch.tensor([-30.0, -10.0, 10.0, 30.0])
    coarse[:, 2:] = -50
    right, wrong = (sum(map(float, label_losses(coarse, one_hot(truth)))) for truth in (fine, shifted))
    assert right < 0.02
    assert wrong > 10 * right
    assert label_dice(coarse, one_hot(fine))[0] == 1
    assert label_dice(coarse, one_hot(shifted))[0] < 1


def test_that_the_guess_from_the_bones_is_taught_directly():
    clean, shares, log_snr = torch.rand(1, 1, 4, 4, 4), torch.rand(1, 5, 4, 4, 4).softmax(1), torch.zeros(1)
    output = LevelOutput(torch.zeros_like(clean), torch.zeros_like(shares), clean + 0.5)
    terms = level_loss(output, clean, torch.zeros_like(clean), shares, log_snr, LossWeights(tissue=2.0))
    assert terms["tissue"].item() == pytest.approx(2 * 0.25)
    assert terms["v"].item() == 0
