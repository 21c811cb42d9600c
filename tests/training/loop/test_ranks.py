"""Many processes train as one does. Each test starts two of them, which costs seconds before the first step."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.domain import RefusedInput
from engine.models.bundle import read_bundle
from tests.training.loop import rank_program
from tests.training.loop.rank_program import CONFIG, batches, losses
from training.bundle import BundleRequest, bundle_checkpoint
from training.configuration import Stage
from training.loop.checkpoint import checkpoints, load_checkpoint
from training.loop.ranks import check_shares
from training.loop.train import train
from training.loop.workers import case_numbers

# Or torchrun hands the addresses of dead workers to those it starts in their place (docs/train-on-a-cluster.md).
FRESH_STORE = {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}


def started(strategy, folder, *more, restarts=0):
    """Run the program on two processes and wait; the loss of every step."""
    folder.mkdir(exist_ok=True)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    words = [*launcher, f"--max-restarts={restarts}", rank_program.__file__, strategy, str(folder), *map(str, more)]
    root = Path(__file__).parents[3]
    own = {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", **FRESH_STORE}
    environment = os.environ | own
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads((folder / "losses.json").read_text())


def last(folder):
    return load_checkpoint(checkpoints(folder)[-1]).tensors


def assert_close(one, other):
    """Losses of the same steps agree to 1e-4 of themselves."""
    assert len(one) == len(other)
    for mine, its in zip(one, other, strict=True):
        assert mine == pytest.approx(its, rel=1e-4)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Losses and folder of one process."""
    folder = tmp_path_factory.mktemp("alone")
    return losses(train(CONFIG, batches(0, 1), folder)), folder


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Losses and folder of two processes with DDP."""
    folder = tmp_path_factory.mktemp("pair")
    return started("ddp", folder), folder


@pytest.mark.slow
def test_that_two_processes_have_the_loss_curve_of_one(alone, pair):
    assert_close(alone[0], pair[0])


@pytest.mark.slow
def test_that_a_killed_worker_restarts_and_the_run_ends_with_the_weights_of_an_unbroken_one(pair, tmp_path):
    told = started("ddp", tmp_path, 4, restarts=1)
    assert (tmp_path / "killed").exists()
    assert len(told) == CONFIG.steps - 4
    unbroken, restarted = last(pair[1]), last(tmp_path)
    assert unbroken.keys() == restarted.keys()
    assert all(torch.equal(unbroken[name], restarted[name]) for name in unbroken)


@pytest.mark.slow
def test_that_a_checkpoint_of_shards_is_that_of_one_process_and_goes_on_and_packs_in_one(alone, tmp_path):
    assert_close(alone[0], started("fsdp", tmp_path))
    sharded, plain = last(tmp_path), last(alone[1])
    assert {name: value.shape for name, value in sharded.items()} == {n: v.shape for n, v in plain.items()}
    longer = replace(CONFIG, stages=(*CONFIG.stages, Stage("more", 1, 1, 4, 1e-3, 1)))

    def batch_at(step):
        return batches(0, 1)(2)

    ended = [losses(train(longer, batch_at, folder)) for folder in (tmp_path, alone[1])]
    assert_close(*ended)
    bundle_checkpoint(checkpoints(tmp_path)[-1], tmp_path / "bundle", BundleRequest(id="shards", version="1"))
    packed = read_bundle(tmp_path / "bundle").weights
    averages = last(tmp_path)
    assert all(torch.equal(value, averages[f"ema.{name}"].half()) for name, value in packed.items())


def test_that_ranks_together_take_the_cases_of_one_in_the_same_order():
    for step in range(CONFIG.steps):
        shared = [list(case_numbers(CONFIG, step, rank, 2)) for rank in (0, 1)]
        assert [n for pair in zip(*shared, strict=True) for n in pair] == list(case_numbers(CONFIG, step))


def test_that_a_batch_which_cannot_be_shared_evenly_is_refused_by_its_stage():
    with pytest.raises(RefusedInput, match=r"stage encoder: a batch of 4 .* by 3 processes; start 1, 2, 4"):
        check_shares(CONFIG, 3)
