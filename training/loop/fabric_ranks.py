"""Many processes by Lightning Fabric: DDP, or FSDP2 (torch's fully_shard), on GPUs by NCCL and on CPUs by gloo."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from datetime import timedelta

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from lightning_fabric.strategies.model_parallel import ModelParallelStrategy
from lightning_fabric.strategies.strategy import Strategy as FabricStrategy
from torch import distributed, nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import fully_shard

from engine.domain import RefusedInput
from engine.models.backend import Precision
from engine.models.blocks import AttentionLayer, ResidualBlock
from engine.models.encoder import ConvNeXtStage
from training.loop.ranks import (
    Backward,
    Cluster,
    Strategy,
    T,
    Terms,
    Whole,
    computes_bfloat16,
    own_device,
)

# Longer than rank 0 needs to write a checkpoint or to validate while the others wait.
_PATIENCE = timedelta(minutes=30)
# What is gathered at once under FSDP; the rest of the network is small and stays one group.
_SHARDED = (ResidualBlock, AttentionLayer, ConvNeXtStage)


def launched(cluster: Cluster, precision: Precision) -> FabricRanks:
    """This process among those that torchrun started. Raises RefusedInput where it did not, or started others."""
    device, (devices, nodes) = own_device(), _world(cluster)
    fabric = Fabric(
        accelerator="cuda" if device.type == "cuda" else "cpu",
        devices=devices,
        num_nodes=nodes,
        strategy=_STRATEGIES[cluster.strategy](devices * nodes),
        precision="bf16-mixed" if computes_bfloat16(device, precision) else "32-true",
    )
    fabric.launch()
    return FabricRanks(fabric, cluster.strategy)


def _world(cluster: Cluster) -> tuple[int, int]:
    """Processes of each machine, and machines, as torchrun tells its children."""
    asked = f"--strategy {cluster.strategy.value}"
    if not distributed.is_torchelastic_launched():
        raise RefusedInput(f"{asked} needs processes that torchrun starts; see docs/train-on-a-cluster.md")
    devices, nodes = (int(os.environ[name]) for name in ("LOCAL_WORLD_SIZE", "GROUP_WORLD_SIZE"))
    for name, wanted, there in (("--devices", cluster.devices, devices), ("--nodes", cluster.nodes, nodes)):
        if wanted and wanted != there:
            raise RefusedInput(f"{name} {wanted}: torchrun started {there}; leave {name} out or start torchrun so")
    return devices, nodes


def _ddp(_size: int) -> FabricStrategy:
    # The encoder's fine maps train only once a level reads them, so some parameters get no gradient in some stages.
    return DDPStrategy(find_unused_parameters=True, timeout=_PATIENCE)


def _fsdp(size: int) -> FabricStrategy:
    return ModelParallelStrategy(_as_it_is, data_parallel_size=size, tensor_parallel_size=1, timeout=_PATIENCE)


def _as_it_is(module: nn.Module, _mesh: DeviceMesh) -> nn.Module:
    """Sharded earlier, by `FabricRanks.shard`: averages and optimiser are made of shards."""
    return module


_STRATEGIES: Mapping[Strategy, Callable[[int], FabricStrategy]] = {Strategy.DDP: _ddp, Strategy.FSDP: _fsdp}


class FabricRanks:
    """This process among those that Fabric knows."""

    def __init__(self, fabric: Fabric, strategy: Strategy) -> None:
        self._fabric, self._strategy = fabric, strategy
        self.rank, self.size, self.device = fabric.global_rank, fabric.world_size, fabric.device

    def shard(self, whole: Whole) -> None:
        """Under FSDP, leave this process its part of each parameter."""
        if not isinstance(self._fabric.strategy, ModelParallelStrategy):
            return
        mesh = self._fabric.strategy.device_mesh["data_parallel"]
        # Some blocks return views, which nothing here changes in place.
        warnings.filterwarnings("ignore", message="FSDP2-wrapped module .* returned a view")
        for part in [part for part in whole.modules() if isinstance(part, _SHARDED)]:
            fully_shard(part, mesh=mesh)
        fully_shard(whole, mesh=mesh)

    def backward(self, whole: Whole) -> Backward:
        """Through Fabric's wrapper, which averages the gradients of all processes."""
        wrapped = self._fabric.setup_module(whole)

        def backward(function: Callable[[nn.Module], Terms], share: float, last: bool) -> Terms:
            with self._fabric.no_backward_sync(wrapped, enabled=not last):
                terms = wrapped(function)
                self._fabric.backward(share * torch.stack(list(terms.values())).sum())
            return terms

        return backward

    def agreed(self, value: T) -> T:
        """The value of rank 0."""
        return self._fabric.broadcast(value)

    def mean(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Means over the processes, in float64."""
        numbers = torch.tensor(list(terms.values()), dtype=torch.float64, device=self.device)
        means = self._fabric.all_reduce(numbers, reduce_op="mean")
        assert isinstance(means, torch.Tensor)
        return dict(zip(terms, means.tolist(), strict=True))
