"""What is evaluated: a bundle, or the averaged weights of a checkpoint, as a model that the main job runs."""

from __future__ import annotations

from pathlib import Path

from engine.domain import RefusedInput
from engine.models.bundle import MANIFEST
from engine.models.loaded import LoadedModel, load_model
from engine.models.manifest import network_of
from engine.models.schedule import Schedule
from engine.models.unallocated import unallocated_network
from training.evaluate.knee import file_digest
from training.loop.checkpoint import STATE, TENSORS, load_checkpoint
from training.loop.ema import averaged_weights

# What the name of an evaluated checkpoint begins with.
CHECKPOINT_ID = "checkpoint-of-"


def evaluated_model(path: Path) -> LoadedModel:
    """The model of a bundle's or a checkpoint's folder.

    A checkpoint is named by the digest of its tensors. Raises RefusedInput for a folder that is neither, and what
    `load_model` raises.
    """
    if (path / MANIFEST).is_file():
        return load_model(path)
    if not (path / STATE).is_file() or not (path / TENSORS).is_file():
        raise RefusedInput(f"{path}: is neither a model bundle nor a checkpoint; give one of their folders")
    checkpoint = load_checkpoint(path)
    spec = network_of(checkpoint.state["network"])
    network = unallocated_network(spec)
    averaged, needed = averaged_weights(checkpoint), list(network.state_dict())
    missing = [name for name in needed if name not in averaged]
    if missing:
        raise RefusedInput(f"{path}: has no averaged weight {missing[0]}; give a checkpoint that genu train run wrote")
    network.load_state_dict({name: averaged[name].float() for name in needed}, assign=True)
    network.requires_grad_(False).eval()
    sizes = tuple(spec.voxels(level) for level in range(spec.levels))
    step = str(checkpoint.state["step"])
    return LoadedModel(network, Schedule(), sizes, CHECKPOINT_ID + spec.name, step, file_digest(path / TENSORS))
