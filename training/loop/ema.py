"""Exponential moving average of the weights, warm enough for a run of a few thousand steps."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn

from training.loop.checkpoint import Checkpoint
from training.loop.shards import own

Trained = TypeVar("Trained", bound=nn.Module)

# What the names of averages in a checkpoint begin with.
AVERAGED = "ema."


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


def averaged_weights(checkpoint: Checkpoint) -> dict[str, Tensor]:
    """The averages in a checkpoint by the names that the weights have in the network."""
    found = checkpoint.tensors.items()
    return {name.removeprefix(AVERAGED): value for name, value in found if name.startswith(AVERAGED)}


def averaged_network(network: Trained, checkpoint: Checkpoint) -> Trained:
    """The network with a checkpoint's averaged weights."""
    network.load_state_dict(averaged_weights(checkpoint))
    return network
