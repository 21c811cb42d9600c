"""What is evaluated: a bundle, or a checkpoint's averaged weights, a baseline's too, as the main job runs a model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from engine.domain import RefusedInput
from engine.models.bundle import MANIFEST
from engine.models.loaded import LoadedModel, NestedNetwork, load_model
from engine.models.manifest import network_of
from engine.models.schedule import Schedule
from engine.models.unallocated import unallocated_network
from training.baselines.answer import PaintedKnee
from training.baselines.learn import learner_of
from training.baselines.spec import BASELINES, baseline
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
    state = checkpoint.state["network"]
    if state.get("name") in BASELINES:
        spec = baseline(state["name"])
        network, sizes = learner_of(spec).unallocated(spec), (spec.grid_voxels,)
        answering: NestedNetwork = PaintedKnee(network)
    else:
        spec = network_of(state)
        answering = network = unallocated_network(spec)
        sizes = tuple(spec.voxels(level) for level in range(spec.levels))
    _fill(network, averaged_weights(checkpoint), path)
    step = str(checkpoint.state["step"])
    return LoadedModel(answering, Schedule(), sizes, CHECKPOINT_ID + spec.name, step, file_digest(path / TENSORS))


def _fill(network: nn.Module, averaged: Mapping[str, Tensor], path: Path) -> None:
    needed = list(network.state_dict())
    missing = [name for name in needed if name not in averaged]
    if missing:
        raise RefusedInput(f"{path}: has no averaged weight {missing[0]}; give a checkpoint that genu train run wrote")
    network.load_state_dict({name: averaged[name].float() for name in needed}, assign=True)
    network.requires_grad_(False).eval()


def trained_record(path: Path) -> dict[str, float]:
    """What a checkpoint says of its training: parameters, steps, cases shown and seconds; nothing of a bundle."""
    if not (path / STATE).is_file():
        return {}
    checkpoint = load_checkpoint(path)
    parameters = sum(value.numel() for value in averaged_weights(checkpoint).values())
    known = {name: checkpoint.state[name] for name in ("cases", "seconds") if name in checkpoint.state}
    return {"parameters": parameters, "steps": checkpoint.state["step"], **known}
