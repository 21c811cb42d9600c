from dataclasses import replace

import pytest
import torch

from tests.training.loop.small_run import batch, shares
from training.baselines.learn import learner_of, told
from training.baselines.spec import BASELINES
from training.configuration import Stage, TrainConfig
from training.loop.checkpoint import checkpoints, load_checkpoint
from training.loop.events import Saved
from training.loop.loss import label_dice
from training.loop.ranks import Alone
from training.loop.state import Run
from training.loop.train import train

NAMES = ["tiny-unet", "tiny-occupancy"]


def case(size=2):
    """The cases of the tiny network with labels twice as fine, as cases on disk have them."""
    one = batch(1, size)
    return replace(one, labels=(shares(16).repeat(size, 1, 1, 1, 1),))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_that_a_baseline_learns_one_pair_by_heart(name):
    spec = BASELINES[name]
    config = TrainConfig(spec, (Stage("labels", 1, 400, 2, 1e-2, 10),), workers=1)
    run, pair = Run(config, Alone(torch.device("cpu")), learner_of(spec)), case()
    dice = 0.0
    while run.step < config.steps and dice < 0.9:
        run.advance(pair)
        if run.step % 25 == 0:
            with torch.no_grad():
                dice = float(label_dice(run.network(told(pair)), pair.labels[0]).mean())
    run.close()
    assert dice >= 0.9


@pytest.mark.parametrize("name", NAMES)
def test_that_a_run_cut_short_and_resumed_ends_with_the_weights_and_the_count_of_an_unbroken_one(name, tmp_path):
    spec = BASELINES[name]
    config = TrainConfig(spec, (Stage("labels", 1, 3, 2, 1e-3, 1),), checkpoint_minutes=0, workers=1)

    def trained(folder, steps):
        job = train(config, lambda _step: case(), folder, learner=learner_of(spec))
        for event in job:
            if isinstance(event, Saved) and event.step == steps:
                break
        job.close()
        return load_checkpoint(checkpoints(folder)[-1])

    unbroken = trained(tmp_path / "unbroken", 3)
    trained(tmp_path / "cut", 1)
    resumed = trained(tmp_path / "cut", 3)
    assert unbroken.tensors.keys() == resumed.tensors.keys()
    assert all(torch.equal(value, resumed.tensors[key]) for key, value in unbroken.tensors.items())
    assert resumed.state["cases"] == unbroken.state["cases"] == 6
    assert resumed.state["seconds"] > 0
