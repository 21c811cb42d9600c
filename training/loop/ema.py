"""Exponential moving average of the weights, warm enough for a run of a few thousand steps."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


def decay_at(step: int, longest: float) -> float:
    """Decay after `step` updates of a stage: short memory at first, so that the start is soon forgotten."""
    return min(longest, (1 + step) / (10 + step))


class Ema:
    """Averages of all parameters by name; those that do not train are copied as they are."""

    def __init__(self, network: nn.Module) -> None:
        self.averages = {name: value.detach().clone() for name, value in network.named_parameters()}

    @torch.no_grad()
    def update(self, network: nn.Module, decay: float) -> None:
        """averages = decay * averages + (1 - decay) * weights."""
        moving = [(self.averages[name], value) for name, value in network.named_parameters() if value.requires_grad]
        for old, new in moving:
            old.lerp_(new, 1 - decay)

    def load(self, averages: Mapping[str, Tensor]) -> None:
        """Take over saved averages."""
        for name, value in self.averages.items():
            value.copy_(averages[name])
