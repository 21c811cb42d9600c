"""However a batch is split and whatever is computed twice, the gradient is the same."""

from dataclasses import replace

import pytest
import torch

from engine.models.backend import Precision
from engine.models.network import Network
from tests.training.loop.small_run import TINY, batch
from training.configuration import Stage, TrainConfig
from training.loop.gradients import Gradients
from training.loop.loss import LossWeights
from training.loop.objective import draw_noise
from training.loop.ranks import Alone, Whole
from training.loop.stages import begin_stage

STAGE = Stage("outer", 2, 1, 4, 1e-3)


@pytest.fixture(scope="module")
def network():
    """No weight zero, as those of last layers are at first, or gradients would not reach what is before them."""
    made, generator = Network(TINY), torch.Generator().manual_seed(1)
    with torch.no_grad():
        for value in made.parameters():
            value.add_(0.05 * torch.randn(value.shape, generator=generator))
    return made


def found(network, stage, workers=1):
    """Gradients by name and terms of a batch of four unlike cases."""
    config = TrainConfig(
        TINY, (stage,), seed=2, workers=workers, precision=Precision.FLOAT32, weights=LossWeights(dice_per_case=True)
    )
    four = batch(2, 4)
    four = replace(four, films=four.films * torch.linspace(0.5, 1, 4)[:, None, None, None, None])
    network.zero_grad(set_to_none=True)
    begin_stage(network, stage)
    gradients = Gradients(Whole(network), config, stage, Alone(torch.device("cpu")))
    terms = gradients.find(four, draw_noise(four, stage, 2, 0))
    gradients.close()
    return {name: value.grad for name, value in network.named_parameters() if value.grad is not None}, terms


@pytest.fixture(scope="module")
def at_once(network):
    return found(network, STAGE)


def assert_same(one, other):
    assert one[1] == pytest.approx(other[1], rel=1e-5)
    assert one[0].keys() == other[0].keys()
    for name, value in one[0].items():
        assert (value - other[0][name]).norm() <= 1e-4 * value.norm() + 1e-7, name


@pytest.mark.parametrize("workers", [1, 2])
def test_that_two_times_two_cases_accumulate_to_the_gradient_of_four(network, at_once, workers):
    assert_same(found(network, replace(STAGE, micro_batch=2 // workers), workers), at_once)


@pytest.mark.parametrize("workers", [1, 2])
def test_that_every_gradient_lies_in_memory_as_its_weight_does(network, workers):
    # Fused Adam reads both as they lie and asks nothing: a gradient with channels last moved the wrong weights.
    found(network, STAGE, workers)
    assert all(value.grad is None or value.grad.stride() == value.stride() for value in network.parameters())


def test_that_activations_computed_again_give_the_same_gradient_and_are_not_kept(network, at_once):
    again = replace(STAGE, recomputed_levels=(0, 1))
    assert_same(found(network, again), at_once)
    begin_stage(network, STAGE)
    assert not any("forward" in vars(part) for part in network.modules())
