"""Tensors that may lie in shards on many processes, as FSDP leaves them: this process's part, the whole, and back."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributed.tensor import DTensor, distribute_tensor


def own(tensor: Tensor) -> Tensor:
    """This process's part, sharing memory; all of a tensor that is not divided."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def whole(tensor: Tensor) -> Tensor:
    """All of it. All processes must ask for the same tensor at the same time."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


@torch.no_grad()
def fill(target: Tensor, full: Tensor) -> None:
    """Copy a whole tensor into one that may be divided; each process keeps its part."""
    own(target).copy_(own(divided_like(target, full)))


def divided_like(target: Tensor, full: Tensor) -> Tensor:
    """A whole tensor on the device of `target` and divided as that is, without any message between processes."""
    full = full.to(target.device)
    if not isinstance(target, DTensor):
        return full
    return distribute_tensor(full, target.device_mesh, target.placements, src_data_rank=None)
