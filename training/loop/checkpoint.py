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

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.domain import MachineFailure
from engine.io.durable import told

TENSORS, STATE = "tensors.safetensors", "state.json"
_KEPT = 2


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A state of training. tensors: by name.   state: plain JSON values, `step` among them."""

    tensors: Mapping[str, Tensor]
    state: Mapping[str, Any]


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write `checkpoint` as a new folder inside `folder` and drop all but the newest two; returns its path.

    Raises MachineFailure or RefusedInput where the disk does not take it; the last one is whole then.
    """
    final = folder / f"step-{checkpoint.state['step']:09d}"
    unfinished = folder / f".unfinished-{final.name}"
    try:
        _write(checkpoint, unfinished)
        shutil.rmtree(final, ignore_errors=True)
        unfinished.rename(final)
        _sync(folder)
    except OSError as error:
        raise told(str(final), error) from error
    except SafetensorError as error:  # its own word for what the system said while the tensors were written
        raise MachineFailure(f"{final} could not be written: {error}; make room or choose another disk") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for old in checkpoints(folder)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def _write(checkpoint: Checkpoint, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in checkpoint.tensors.items()}
    save_file(tensors, folder / TENSORS)
    (folder / STATE).write_text(json.dumps(checkpoint.state, indent=1))
    for path in (folder / TENSORS, folder / STATE, folder):
        _sync(path)


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
