"""Checkpoints that a kill at any moment cannot spoil: a new folder is written aside, synced, then renamed into place.

step-000001200/tensors.safetensors   weights.*, ema.*, adam.exp_avg.*, adam.exp_avg_sq.*, adam.step.*
step-000001200/state.json            step, network, and whatever the loop needs to go on
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

TENSORS, STATE = "tensors.safetensors", "state.json"
_KEPT = 2


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A state of training. tensors: by name.   state: plain JSON values, `step` among them."""

    tensors: Mapping[str, Tensor]
    state: Mapping[str, Any]


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write `checkpoint` as a new folder inside `folder` and drop all but the newest two; returns its path."""
    final = folder / f"step-{checkpoint.state['step']:09d}"
    unfinished = folder / f".unfinished-{final.name}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.tensors.items()}
    save_file(tensors, unfinished / TENSORS)
    (unfinished / STATE).write_text(json.dumps(checkpoint.state, indent=1))
    for path in (unfinished / TENSORS, unfinished / STATE, unfinished):
        _sync(path)
    shutil.rmtree(final, ignore_errors=True)
    unfinished.rename(final)
    _sync(folder)
    for old in checkpoints(folder)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def checkpoints(folder: Path) -> list[Path]:
    """Complete checkpoints in `folder`, oldest first."""
    return sorted(path for path in folder.glob("step-*") if (path / STATE).is_file())


def load_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in a folder that `save_checkpoint` wrote."""
    return Checkpoint(load_file(path / TENSORS), json.loads((path / STATE).read_text()))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
