"""Processes that train one network together: their number, this one's rank, and what they must agree on.

The world is torchrun's; Lightning Fabric speaks for it (training/loop/fabric_ranks.py). One process needs neither.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeVar

import torch
from torch import Tensor, nn

from engine.domain import RefusedInput
from engine.models.backend import Precision, multiplies_bfloat16
from training.configuration import TrainConfig

T = TypeVar("T")
Terms = dict[str, Tensor]


class Strategy(Enum):
    """How processes share the work: one alone, each with all weights (DDP), or each with a part of them (FSDP)."""

    SINGLE = "single"
    DDP = "ddp"
    FSDP = "fsdp"


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a run is given. devices: of each machine; nodes: machines; 0 for as many as torchrun started."""

    strategy: Strategy = Strategy.SINGLE
    devices: int = 0
    nodes: int = 0


class Whole(nn.Module):
    """The network inside a module whose forward runs any function of it.

    Wrappers for many processes hook forward, while a step of training calls several methods of the network.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, function: Callable[[nn.Module], Terms]) -> Terms:
        return function(self.network)


class Backward(Protocol):
    """Adds the gradient of `share` times the sum of a function's terms; returns the terms.

    last: of the pieces of a step, after which the processes' gradients are averaged.
    """

    def __call__(self, function: Callable[[nn.Module], Terms], share: float, last: bool) -> Terms: ...


class Ranks(Protocol):
    """This process among all."""

    @property
    def rank(self) -> int:
        """0 for the one that logs and writes."""
        ...

    @property
    def size(self) -> int:
        """Number of processes."""
        ...

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        ...

    def shard(self, whole: Whole, /) -> None:
        """Leave this process its part of each parameter, if parameters are divided."""
        ...

    def backward(self, whole: Whole, /) -> Backward | None:
        """How gradients are found once it is settled which parameters train; None: as this process alone likes."""
        ...

    def agreed(self, value: T) -> T:
        """The value of rank 0, in all processes; none goes on before all have asked."""
        ...

    def mean(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Means over the processes."""
        ...


@dataclass(frozen=True, slots=True)
class Alone:
    """One process on one device."""

    device: torch.device
    rank: int = 0
    size: int = 1

    def shard(self, _whole: Whole) -> None:
        """Nothing to divide."""

    def backward(self, _whole: Whole) -> Backward | None:
        """As it likes."""
        return None

    def agreed(self, value: T) -> T:
        """Its own value."""
        return value

    def mean(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Its own terms."""
        return dict(terms)


def ranks_of(cluster: Cluster, precision: Precision = Precision.AUTO) -> Ranks:
    """This process among those of `cluster`; to be called once, before any batch is made.

    Raises RefusedInput where many processes are asked for that torchrun did not start, where it started many that would
    each train alone in the same folder, or where what they need is missing.
    """
    if cluster.strategy is Strategy.SINGLE:
        started = int(os.environ.get("WORLD_SIZE", "1"))  # torchrun's
        if started > 1:
            raise RefusedInput(
                f"torchrun started {started} processes that would train alone; give --strategy ddp or fsdp"
            )
        return Alone(own_device())
    try:
        from training.loop.fabric_ranks import launched  # takes seconds to import, and one process does without
    except ModuleNotFoundError as error:
        asked = f"--strategy {cluster.strategy.value} needs {error.name}, which is not installed"
        raise RefusedInput(f"{asked}; install genu with its extra train") from error
    return launched(cluster, precision)


def own_device() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def check_shares(config: TrainConfig, size: int) -> None:
    """Raises RefusedInput naming a stage whose batch cannot be shared evenly among `size` processes."""
    for stage in config.stages:
        if stage.batch_size % size:
            fitting = [n for n in range(1, stage.batch_size + 1) if stage.batch_size % n == 0]
            raise RefusedInput(
                f"stage {stage.name}: a batch of {stage.batch_size} cannot be shared evenly by {size} processes; "
                f"start {', '.join(map(str, fitting))} of them"
            )


def computes_bfloat16(device: torch.device, precision: Precision) -> bool:
    """Whether matrix products run in bfloat16 under torch's autocast; AUTO: where the device has units for it."""
    return multiplies_bfloat16(device) if precision is Precision.AUTO else precision is Precision.BFLOAT16
