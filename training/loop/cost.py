"""What a case of a stage costs, counted on tensors without values: no weight or activation is ever allocated."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import _engine_run_backward, saved_tensors_hooks
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode, sdpa_backward_flop_count, sdpa_flop_count

from engine.models.network import Network
from engine.models.presets import NetworkSpec
from engine.models.unallocated import unallocated_network
from training.configuration import Batch, Stage, TrainConfig
from training.loop.objective import Noise, loss_terms
from training.loop.stages import begin_stage

_FILM, _THICKNESS, _CLASSES, _FINEST = 256, 128, 5, 128


@dataclass(frozen=True, slots=True)
class StageCost:
    """flops: of one case, forward, backward and what is computed twice; a multiply-add counts as two.

    kept_bytes: activations of one case that are kept for its gradient.   parameters: of the whole network; trained:
    of them in this stage.
    """

    flops: int
    kept_bytes: int
    parameters: int
    trained: int


@functools.cache
def stage_cost(spec: NetworkSpec, stage: Stage, crop: int | None, bfloat16: bool) -> StageCost:
    """The cost of a case of a stage, its outermost level on a crop of so many voxels along each side.

    bfloat16: whether matrix products run in it under autocast, which halves most of what is kept.
    """
    config, network = TrainConfig(spec, (stage,)), unallocated_network(spec).to("meta")
    begin_stage(network, stage)
    with torch.device("meta"), _WithoutValues(bfloat16):
        flops, kept = counted(network, *_blank(spec, stage, crop), stage, config)
    sizes = [(value.numel(), value.requires_grad) for value in network.parameters()]
    return StageCost(flops, kept, sum(n for n, _ in sizes), sum(n for n, trains in sizes if trains))


def counted(network: Network, batch: Batch, noise: Noise, stage: Stage, config: TrainConfig) -> tuple[int, int]:
    """FLOPs of a batch's gradient, and bytes kept between its forward and its backward pass, as they happen."""
    kept = _Kept(network)
    with FlopCounterMode(display=False, custom_mapping=_ATTENTION_ON_A_CPU) as counter:
        with saved_tensors_hooks(kept.add, lambda one: one):
            loss = torch.stack(list(loss_terms(network, batch, noise, stage, config).values())).sum()
        # As torch.autograd.backward, which would lay the mode without values aside: what is computed again needs it.
        _engine_run_backward(
            (loss,), (torch.ones_like(loss),), False, False, (), allow_unreachable=True, accumulate_grad=True
        )
    network.zero_grad(set_to_none=True)
    return counter.get_total_flops(), kept.size


class _Kept:
    """Adds up the memory behind tensors, each once, weights left out."""

    def __init__(self, network: Network) -> None:
        self._seen = {_memory(value) for value in network.parameters()}
        self._alive: list[Tensor] = []  # or the next tensor might get the address of one that is gone
        self.size = 0

    def add(self, tensor: Tensor) -> Tensor:
        if _memory(tensor) not in self._seen:
            self._seen.add(_memory(tensor))
            self._alive.append(tensor)
            self.size += tensor.untyped_storage().nbytes()
        return tensor


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage()._cdata


class _WithoutValues(TorchFunctionMode):
    """Answers what code asks of values that are not there (no condition holds, every number is zero), and does what
    autocast would do on a GPU, which it does not for tensors without values."""

    def __init__(self, bfloat16: bool) -> None:
        super().__init__()
        self._bfloat16 = bfloat16

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is Tensor.__bool__:
            return False
        if func is Tensor.tolist:
            return _zeros(list(args[0].shape))
        if self._bfloat16 and func in _IN_BFLOAT16 | _IN_FLOAT32:
            args = tuple(_as(torch.bfloat16 if func in _IN_BFLOAT16 else torch.float32, one) for one in args)
        if func is F.scaled_dot_product_attention:  # without values torch would write out the matrix of all pairs
            return _FUSED_ATTENTION(*args)[0]
        return func(*args, **(kwargs or {}))


# torch.amp's lists, as far as the network uses them.
_IN_BFLOAT16 = {F.linear, F.conv2d, F.conv3d, F.scaled_dot_product_attention}
_IN_FLOAT32 = {F.layer_norm, torch.layer_norm, Tensor.softmax, Tensor.log_softmax}
_FUSED_ATTENTION = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu


def _as(dtype: torch.dtype, value: Any) -> Any:
    return value.to(dtype) if isinstance(value, Tensor) and value.is_floating_point() else value


def _zeros(shape: list[int]) -> Any:
    return [_zeros(shape[1:]) for _ in range(shape[0])] if shape else 0


def _blank(spec: NetworkSpec, stage: Stage, crop: int | None) -> tuple[Batch, Noise]:
    """A case of the shapes that the stage trains on."""
    sides = [spec.voxels(level) for level in range(stage.levels)]
    sides = [*sides[:-1], min(crop or sides[-1], sides[-1])] if sides else []
    finer = [
        side * min(2 * spec.voxels(level), _FINEST) // min(spec.voxels(level), _FINEST)
        for level, side in enumerate(sides)
    ]
    batch = Batch(
        films=torch.zeros(1, 2, spec.encoder.film_channels, _FILM, _FILM),
        camera_from_lps=torch.zeros(1, 2, 3, 4),
        sod_mm=torch.zeros(1, 2),
        micro=torch.zeros(1, 2),
        hu=tuple(torch.zeros(1, 1, side, side, side) for side in sides),
        labels=tuple(torch.zeros(1, _CLASSES, side, side, side) for side in finer),
        thickness=torch.zeros(1, 2, _CLASSES - 1, _THICKNESS, _THICKNESS),
        crop_origin_ijk=torch.zeros(1, 3, dtype=torch.long),
    )
    return batch, Noise(torch.zeros(1), tuple(torch.zeros_like(level) for level in batch.hu))


def _attention(query: Any, key: Any, value: Any, *_rest: Any, **_more: Any) -> int:
    return sdpa_flop_count(query, key, value)


def _attention_gradient(gradient: Any, query: Any, key: Any, value: Any, *_rest: Any, **_more: Any) -> int:
    return sdpa_backward_flop_count(gradient, query, key, value)


# Torch's counter knows the attention kernels of GPUs only.
_ATTENTION_ON_A_CPU = {
    _FUSED_ATTENTION: _attention,
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: _attention_gradient,
}
