"""A network without memory for its weights: for their names, shapes and number, and to put loaded ones in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch.overrides import TorchFunctionMode

from engine.models.network import Network
from engine.models.presets import NetworkSpec

Built = TypeVar("Built")


class _SmallOnes(TorchFunctionMode):
    """Draws of `torch.randn` stay on the CPU: arithmetic on meta tensors would import a compiler first, for seconds."""

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        return func(*args, **(kwargs | {"device": "cpu"} if func is torch.randn else kwargs))


def unallocated_network(spec: NetworkSpec) -> Network:
    """The network on PyTorch's meta device: weights have names, shapes and dtypes, and but for embeddings no values."""
    return unallocated(lambda: Network(spec))


def unallocated(build: Callable[[], Built]) -> Built:
    """The same of whatever `build` makes."""
    with torch.device("meta"), _SmallOnes():
        return build()
