"""Exponential moving average of the weights, warm enough for a run of a few thousand steps."""

from __future__ import annotations

import torch
from torch import nn

from engine.models.network import Network
from training.loop.checkpoint import Checkpoint
from training.loop.shards import own


def decay_at(step: int, longest: float) -> float:
    """Decay after `step` updates of a stage: short memory at first, so that the start is soon forgotten."""
    return min(longest, (1 + step) / (10 + step))


class Ema:
    """Averages of all parameters by name, divided among processes as those are; frozen ones are copied as they are."""

    def __init__(self, network: nn.Module) -> None:
        self.averages = {name: value.detach().clone() for name, value in network.named_parameters()}

    @torch.no_grad()
    def update(self, network: nn.Module, decay: float) -> None:
        """averages = decay * averages + (1 - decay) * weights, each process its own part."""
        for name, value in network.named_parameters():
            if value.requires_grad:
                own(self.averages[name]).lerp_(own(value), 1 - decay)


def averaged_network(network: Network, checkpoint: Checkpoint) -> Network:
    """The network with a checkpoint's averaged weights."""
    prefix = "ema."
    weights = {name[len(prefix) :]: value for name, value in checkpoint.tensors.items() if name.startswith(prefix)}
    network.load_state_dict(weights)
    return network
