"""What the loop trains: how a network is built, what trains of it in a stage, what chance and which loss a step has.

The loop itself (batches, ranks, optimiser, averages, checkpoints, logs) knows no network; the nested one is the
default, and the baselines of training/baselines are trained by the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from engine.models.network import Network
from engine.models.unallocated import unallocated_network
from training.configuration import Batch, Stage, TrainConfig
from training.loop.objective import Noise, draw_noise, loss_terms
from training.loop.stages import begin_stage


@dataclass(frozen=True, slots=True)
class Learner:
    """One kind of network. Its specification stands in `TrainConfig.network`.

    build: specification to network with random weights; unallocated: to one without memory for them.
    begin_stage: settles which of a network's parameters train in a stage.
    draw: `objective.draw_noise` or another pure function of batch, stage, seed, step, rank and number of ranks.
    loss_terms: of a network, a batch, its noise, stage and config, by name; the loss is their sum.
    """

    build: Callable[[Any], nn.Module]
    unallocated: Callable[[Any], nn.Module]
    begin_stage: Callable[[Any, Stage], None]
    draw: Callable[[Batch, Stage, int, int, int, int], Noise]
    loss_terms: Callable[[Any, Batch, Noise, Stage, TrainConfig], dict[str, Tensor]]


NESTED = Learner(Network, unallocated_network, begin_stage, draw_noise, loss_terms)
