from dataclasses import replace

import pytest

from engine.domain import RefusedInput
from engine.models.presets import PRESETS
from training.budget import Machines, budget_text, budgets
from training.configuration import Stage
from training.loop.cost import stage_cost
from training.loop.ranks import Strategy
from training.plan import PLANS, PlannedStage

TINY = PRESETS["tiny"]
STAGE = Stage("8", 1, 1000, 16, 1e-3, micro_batch=2)
PLAN = (PlannedStage(STAGE),)


def only(machines):
    (budget,) = budgets(TINY, PLAN, machines)
    return budget


def test_that_gpus_share_a_batch_in_passes_of_at_most_a_micro_batch():
    assert [(only(Machines(gpus=n)).passes, only(Machines(gpus=n)).cases) for n in (1, 4, 8, 16)] == [
        (8, 2),
        (2, 2),
        (1, 2),
        (1, 1),
    ]


def test_that_the_published_share_of_a_gpu_is_one_pass_on_sixteen():
    shares = [(part.stage.batch_size // 16, part.stage.micro_batch) for part in PLANS["m3d-400"]]
    assert shares == [(14, 14), (5, 5), (1, 1)]
    assert [part.stage.batch_size for part in PLANS["m3d-400"]] == [224, 80, 16]


def test_that_memory_is_twenty_bytes_a_trained_parameter_and_eight_of_the_others_and_activations():
    cost = stage_cost(TINY, STAGE, None, True)
    budget = only(Machines(gpus=4))
    frozen = cost.parameters - cost.trained
    assert frozen > 0
    assert budget.bytes == 20 * cost.trained + 8 * frozen + 2 * cost.kept_bytes


def test_that_fsdp_divides_all_but_the_activations():
    whole, parts = (only(Machines(gpus=4, strategy=strategy)) for strategy in (Strategy.DDP, Strategy.FSDP))
    assert parts.bytes - parts.activations == pytest.approx((whole.bytes - whole.activations) / 4)
    assert parts.activations == whole.activations


def test_that_time_is_flops_over_what_the_gpus_do_in_a_second():
    budget = only(Machines(gpus=4, tflops=0.001, utilisation=0.5))
    flops = 16 * stage_cost(TINY, STAGE, None, True).flops
    assert budget.flops == flops
    assert budget.seconds_per_step == pytest.approx(flops / 2e9)
    assert budget.days == pytest.approx(1000 * flops / 2e9 / 86400)


def test_that_a_stage_which_does_not_fit_is_told_with_what_would_help():
    assert "does not fit: try --strategy fsdp" in budget_text(TINY, PLAN, Machines(memory_gb=0.01))
    assert "does not fit" not in budget_text(TINY, PLAN, Machines())


def test_that_gpus_which_cannot_share_a_batch_are_refused_by_the_stage():
    with pytest.raises(RefusedInput, match=r"stage 8: a batch of 16 .* 3 GPUs"):
        only(Machines(gpus=3))


@pytest.mark.parametrize("change", [{"gpus": 0}, {"tflops": 0}, {"utilisation": 1.5}, {"memory_gb": float("-inf")}])
def test_that_machines_that_cannot_be_are_refused(change):
    with pytest.raises(RefusedInput, match="--utilisation"):
        replace(Machines(), **change)
