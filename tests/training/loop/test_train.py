import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.domain import RefusedInput
from engine.models.conditioning import Conditioning
from tests.training.loop.small_run import TINY, batch
from training.configuration import Stage, TrainConfig
from training.loop.checkpoint import checkpoints, load_checkpoint
from training.loop.events import Saved, StepDone, Validated
from training.loop.lines import lines
from training.loop.loss import label_dice
from training.loop.ranks import Alone
from training.loop.state import Run
from training.loop.train import train


def short_config(**changes):
    stages = (Stage("encoder", 0, 1, 2, 1e-3, 1), Stage("inner", 1, 2, 2, 1e-3, 1), Stage("outer", 2, 2, 2, 1e-3, 1))
    return TrainConfig(TINY, stages, seed=3, **changes)


def batches_of(config):
    """Batches that differ from step to step."""

    def batch_at(step):
        stage, _ = config.stage_at(step)
        made = batch(stage.levels, stage.batch_size)
        return replace(made, films=made.films + 0.1 * step)

    return batch_at


def finished(config, folder, steps=None):
    """Train in `folder`, to the end or only so far; the tensors of the last checkpoint."""
    job = train(config, batches_of(config), folder)
    for event in job:
        if isinstance(event, Saved) and event.step == steps:
            break
    job.close()
    return load_checkpoint(checkpoints(folder)[-1]).tensors


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    return finished(short_config(), tmp_path_factory.mktemp("unbroken"))


def labels_from_noise(network, case):
    """Dice (4,) of what the network says of the films when the volume is all noise."""
    told = Conditioning(case.films, case.camera_from_lps, case.sod_mm, case.micro)
    noise = torch.randn(case.hu[0].shape, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        output = network.denoise([noise], torch.full((len(noise),), -10.0), network.encode(told, 1))[0]
    return label_dice(output.logits, case.labels[0])


@pytest.mark.slow
def test_that_the_tiny_network_learns_one_pair_by_heart():
    config = TrainConfig(TINY, (Stage("inner", 1, 300, 2, 1e-2, 10),), workers=1)
    case, run = batch(1, 2), Run(config, Alone(torch.device("cpu")))
    while run.step < config.steps:
        run.advance(case)
        if run.step % 20 == 0 and labels_from_noise(run.network, case).mean() > 0.95:
            break
    run.close()
    assert run.step < config.steps


def test_that_a_run_cut_short_and_resumed_ends_with_the_weights_of_an_unbroken_one(unbroken, tmp_path):
    config = short_config(checkpoint_minutes=0)
    finished(config, tmp_path, steps=2)
    assert [path.name for path in checkpoints(tmp_path)] == ["step-000000001", "step-000000002"]
    assert same(finished(config, tmp_path), unbroken)


def test_that_a_run_killed_at_any_moment_ends_with_the_weights_of_an_unbroken_one(unbroken, tmp_path):
    program = (
        f"import sys; sys.path[:0] = [{os.path.dirname(__file__)!r}, {os.getcwd()!r}]\n"
        "from pathlib import Path; import test_train as t\n"
        f"t.finished(t.short_config(checkpoint_minutes=0), Path({str(tmp_path)!r}))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program])
    try:
        while child.poll() is None and not checkpoints(tmp_path):
            time.sleep(0.01)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert checkpoints(tmp_path)
    assert same(finished(short_config(), tmp_path), unbroken)


def test_that_another_seed_ends_with_other_weights(unbroken, tmp_path):
    assert not same(finished(replace(short_config(), seed=4), tmp_path), unbroken)


def test_that_numbers_are_rounded_after_a_run_as_before_it(tmp_path):
    events = train(short_config(), batches_of(short_config()), tmp_path)
    next(events)
    assert sys.float_info.min / 2 == 0
    events.close()
    assert sys.float_info.min / 2 > 0


def test_that_an_unfinished_checkpoint_is_passed_over(unbroken, tmp_path):
    (tmp_path / "step-000000004").mkdir()
    (tmp_path / "step-000000004" / "tensors.safetensors").write_bytes(b"cut")
    (tmp_path / ".unfinished-step-000000005").mkdir()
    assert same(finished(short_config(), tmp_path), unbroken)


def test_that_another_networks_folder_is_refused(tmp_path):
    config = TrainConfig(TINY, (Stage("encoder", 0, 1, 1, 1e-3),))
    finished(config, tmp_path)
    other = replace(config, network=replace(TINY, embedding_channels=48))
    with pytest.raises(RefusedInput, match="another network"):
        next(train(other, batches_of(other), tmp_path))


def test_that_a_warm_start_takes_over_what_was_trained_and_nothing_else(tmp_path):
    first = TrainConfig(TINY, (Stage("encoder", 0, 1, 1, 1e-3),), seed=1)
    trained = finished(first, tmp_path / "first")
    source = checkpoints(tmp_path / "first")[-1]
    run = Run(replace(first, seed=2), Alone(torch.device("cpu")))
    untouched = {name: value.clone() for name, value in run.ema.averages.items()}
    run.take_over(load_checkpoint(source))
    run.close()
    name = "encoder.fine_thickness.weight"
    assert torch.equal(run.ema.averages[name], trained[f"ema.{name}"])
    assert torch.equal(run.ema.averages["inner.enter.linear.weight"], untouched["inner.enter.linear.weight"])


def test_that_frozen_levels_and_the_encoder_behind_them_keep_their_weights(tmp_path):
    config = TrainConfig(TINY, (Stage("outer", 2, 1, 1, 1e-2, 1, frozen_levels=1),))
    run = Run(config, Alone(torch.device("cpu")))
    before = {name: value.clone() for name, value in run.network.named_parameters()}
    run.advance(batch(2, 1))
    run.close()
    moved = {
        name.split(".")[0] for name, value in run.network.named_parameters() if not torch.equal(value, before[name])
    }
    assert {"heads", "stems"} <= moved
    assert not moved & {"inner", "micro", "noise_level"}
    assert torch.equal(run.network.heads[0].out.bias, before["heads.0.out.bias"])
    assert torch.equal(run.network.encoder.views[0].trunk.stem[0].weight, before["encoder.views.0.trunk.stem.0.weight"])


def test_that_two_workers_find_the_gradient_that_one_finds():
    terms = []
    for workers in (1, 2):
        run = Run(TrainConfig(TINY, (Stage("encoder", 0, 1, 2, 1e-3),), workers=workers), Alone(torch.device("cpu")))
        terms.append(run.advance(batch(0, 2)).terms)
        run.close()
    assert terms[0] == pytest.approx(terms[1], rel=1e-4)


def test_that_the_log_and_the_events_tell_steps_losses_and_scores(tmp_path):
    config = TrainConfig(TINY, (Stage("encoder", 0, 2, 1, 1e-3),), log_every=2, validate_every=2)
    events = list(train(config, batches_of(config), tmp_path, lambda network, step: {"dice": 0.5}))
    assert [type(event) for event in events] == [StepDone, StepDone, Validated, Saved]
    lines = (tmp_path / "train.log").read_text().splitlines()
    assert lines[0].startswith("step 2/2 encoder thickness ")
    assert lines[1] == "step 2 validation dice 0.5"
    state = json.loads((events[-1].path / "state.json").read_text())
    assert state["step"] == 2


def test_that_the_seconds_that_steps_wait_for_their_batches_are_kept(tmp_path):
    config = TrainConfig(TINY, (Stage("encoder", 0, 2, 1, 1e-3),), log_every=2, prefetch=1)
    at_once = batch(0, 1)

    def late(step):
        time.sleep(0.5)
        return at_once

    for name, batch_at, least in (("fast", lambda step: at_once, 0.0), ("slow", late, 0.5)):
        waited = [e.waited for e in train(config, batch_at, tmp_path / name) if isinstance(e, StepDone)]
        assert least <= waited[0] < least + 0.4
        words = (tmp_path / name / "train.log").read_text().split()
        assert float(words[words.index("waited") + 1]) == pytest.approx(np.mean(waited), rel=1e-3)


@pytest.mark.parametrize(
    ("waited", "told"), [(0.04, "encoder 10/20 1.00 s"), (0.06, "1.00 s and 0.06 s for its batch")]
)
def test_that_a_loader_which_steps_wait_for_is_told(waited, told):
    (line,) = lines(StepDone(10, 20, "encoder", {}, 1.0, waited), Alone(torch.device("cpu")))
    assert line.strip().endswith(told)


def test_that_pictures_of_a_validation_go_to_tensorboard(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    config = TrainConfig(TINY, (Stage("encoder", 0, 1, 1, 1e-3),), validate_every=1)
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    events = list(train(config, batches_of(config), tmp_path, lambda network, step: {"dice": 0.5, "knee": picture}))
    assert [event.pictures for event in events if isinstance(event, Validated)] == [{"knee": picture}]
    board = EventAccumulator(str(tmp_path / "tensorboard"))
    board.Reload()
    shown = board.Images("knee")[0]
    assert (shown.step, shown.height, shown.width) == (1, 3, 4)


def test_that_the_learning_rate_warms_up_and_falls_to_its_final_share():
    stage = Stage("inner", 1, 100, 1, 1e-3, warm_up_steps=10, final_share=0.1)
    rates = [stage.learning_rate_at(step) for step in (0, 9, 10, 55, 100)]
    assert rates == pytest.approx([1e-4, 1e-3, 1e-3, 5.5e-4, 1e-4])
