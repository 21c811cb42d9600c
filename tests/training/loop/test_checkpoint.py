import resource

import pytest
import torch

from engine.domain import MachineFailure
from training.loop.checkpoint import Checkpoint, checkpoints, load_checkpoint, save_checkpoint


def made(step):
    return Checkpoint({"weights.a": torch.full((100_000,), float(step))}, {"step": step})


def test_that_a_disk_without_room_is_named_and_leaves_the_last_checkpoint_whole(tmp_path):
    save_checkpoint(tmp_path, made(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(MachineFailure, match=r"step-000000002.* could not be written"):
            save_checkpoint(tmp_path, made(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir()] == ["step-000000001"]
    assert torch.equal(load_checkpoint(checkpoints(tmp_path)[-1]).tensors["weights.a"], made(1).tensors["weights.a"])


def test_that_two_checkpoints_are_kept(tmp_path):
    for step in (1, 2, 3):
        save_checkpoint(tmp_path, made(step))
    assert [path.name for path in checkpoints(tmp_path)] == ["step-000000002", "step-000000003"]
