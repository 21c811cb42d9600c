"""What `--plan` counts without values is what a run then takes."""

from dataclasses import replace
from multiprocessing import get_context

import pytest

from engine.models.network import Network
from engine.models.presets import ConditioningMode
from tests.training.loop.small_run import TINY, batch, shares
from training.configuration import Stage, TrainConfig
from training.loop.cost import counted, stage_cost
from training.loop.objective import draw_noise
from training.loop.stages import begin_stage

# On a CPU back-projection is a sparse product that the counter takes for a dense one; a GPU samples instead.
SPEC = replace(TINY, conditioning=ConditioningMode.CROSS_ATTENTION)
STAGE = Stage("outer", 2, 1, 1, 1e-3)


def resident(field):
    """VmRSS or VmHWM of this process in bytes."""
    with open("/proc/self/status") as lines:
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith(field))


def real(cases):
    """Labels on grids twice as fine, as cases on disk have them."""
    labels = tuple(shares(2 * TINY.voxels(level)).repeat(cases, 1, 1, 1, 1) for level in range(2))
    return replace(batch(2, cases), labels=labels)


@pytest.fixture(scope="module")
def taken():
    """FLOPs and kept bytes of a real step on one case."""
    network = Network(SPEC)
    begin_stage(network, STAGE)
    case = real(1)
    return counted(network, case, draw_noise(case, STAGE, 0, 0), STAGE, TrainConfig(SPEC, (STAGE,)))


def test_that_the_flops_of_the_plan_are_those_of_a_real_step(taken):
    assert stage_cost(SPEC, STAGE, None, bfloat16=False).flops == taken[0]


def test_that_the_kept_activations_of_the_plan_are_those_of_a_real_step_within_a_fifth(taken):
    assert stage_cost(SPEC, STAGE, None, bfloat16=False).kept_bytes == pytest.approx(taken[1], rel=0.2)


def growth(cases):
    """Bytes by which this process grows at its peak in one step."""
    network = Network(SPEC)
    begin_stage(network, STAGE)
    many = real(cases)
    noise = draw_noise(many, STAGE, 0, 0)
    before = resident("VmRSS")
    counted(network, many, noise, STAGE, TrainConfig(SPEC, (STAGE,)))
    return resident("VmHWM") - before


def test_that_a_process_grows_by_the_plans_activations_within_a_factor_of_two():
    cases = 32
    with get_context("spawn").Pool(1) as fresh:  # in this one, other tests have left memory that is used again
        grown = fresh.apply(growth, (cases,))
    planned = cases * stage_cost(SPEC, STAGE, None, bfloat16=False).kept_bytes
    assert 0.5 < grown / planned < 2


def test_that_recomputing_keeps_less_and_computes_more():
    plain, again = (stage_cost(TINY, replace(STAGE, recomputed_levels=levels), None, True) for levels in ((), (0, 1)))
    assert again.kept_bytes < 0.9 * plain.kept_bytes
    assert plain.flops < again.flops < 1.4 * plain.flops


def test_that_bfloat16_keeps_less_and_computes_as_much():
    narrow, wide = (stage_cost(TINY, STAGE, None, bfloat16) for bfloat16 in (True, False))
    assert narrow.flops == wide.flops
    assert 0.4 * wide.kept_bytes < narrow.kept_bytes < wide.kept_bytes


def test_that_a_crop_costs_less_than_the_whole_and_frozen_levels_train_less():
    whole, crop = (stage_cost(TINY, STAGE, side, False) for side in (None, 8))
    frozen = stage_cost(TINY, replace(STAGE, frozen_levels=1), None, False)
    assert crop.flops < whole.flops
    assert crop.trained == whole.trained > frozen.trained
