"""A model ready to run: the network of a bundle with its weights in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from engine.models.bundle import Bundle, read_bundle
from engine.models.conditioning import Conditioning, Encoded, LevelOutput
from engine.models.schedule import Schedule
from engine.models.unallocated import unallocated_network


class NestedNetwork(Protocol):
    """What a run asks of a network, all levels innermost first."""

    def to(self, device: torch.device) -> object:
        """Move the weights."""
        ...

    def encode(self, conditioning: Conditioning) -> Encoded:
        """Everything about the radiographs that no denoising step changes."""
        ...

    def denoise(self, noisy: Sequence[Tensor], log_snr: Tensor, encoded: Encoded) -> Sequence[LevelOutput]:
        """v and label logits of every level; log_snr (B,) is the innermost level's."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """A network and what a run must know of it. sizes: voxels along each side of its levels, innermost first.

    sha256: digest of the bundle, which names it in every report.
    """

    network: NestedNetwork
    schedule: Schedule
    sizes: tuple[int, ...]
    id: str
    version: str
    sha256: str


def load_model(folder: Path) -> LoadedModel:
    """The model of the bundle in `folder`, on the CPU in float32; a run moves it to its device.

    Raises what `read_bundle` raises.
    """
    return loaded(read_bundle(folder))


def loaded(bundle: Bundle) -> LoadedModel:
    """The model of a bundle that has been read, and so checked."""
    manifest, spec = bundle.manifest, bundle.manifest.network
    network = unallocated_network(spec)
    network.load_state_dict({name: tensor.float() for name, tensor in bundle.weights.items()}, assign=True)
    network.requires_grad_(False).eval()
    sizes = tuple(spec.voxels(level) for level in range(spec.levels))
    return LoadedModel(network, manifest.schedule, sizes, manifest.id, manifest.version, bundle.sha256)
