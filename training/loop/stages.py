"""What a stage changes in the network: which parameters train, and which activations are computed a second time."""

from __future__ import annotations

import functools
from typing import Any

from torch import nn
from torch.utils.checkpoint import checkpoint

from engine.models.blocks import AttentionLayer, ResidualBlock
from engine.models.nested_unet import Head
from engine.models.network import Network
from training.configuration import Stage

_RECOMPUTED = (ResidualBlock, AttentionLayer, Head)


def begin_stage(network: Network, stage: Stage) -> None:
    """Prepare a network for a stage, whatever stage it was in before."""
    freeze(network, stage)
    recompute(network, stage)


def freeze(network: Network, stage: Stage) -> None:
    """Let exactly the parameters train that a stage uses and does not keep."""
    network.requires_grad_(False)
    network.encoder.requires_grad_(stage.frozen_levels == 0 and not stage.frozen_encoder)
    if stage.levels > 1 and stage.frozen_levels == 1 and not stage.frozen_encoder:
        # Nothing inside the frozen level reads the fine maps, so they may still learn for the first level that does.
        for part in network.encoder.fine_parts():
            part.requires_grad_(True)
    if stage.levels and not stage.frozen_levels:
        for part in (network.inner, network.micro, network.noise_level):
            part.requires_grad_(True)
    for level in range(stage.frozen_levels, stage.levels):
        for part in _own_parts(network, level):
            part.requires_grad_(True)


def recompute(network: Network, stage: Stage) -> None:
    """Gradient checkpointing (Chen et al., arXiv 1604.06174) of the blocks of the stage's `recomputed_levels`.

    A block's forward is replaced on the instance, so that names of parameters stay what checkpoints call them.
    """
    for part in network.modules():
        vars(part).pop("forward", None)
    for level in stage.recomputed_levels:
        for part in (network.inner, *_own_parts(network, 0)) if level == 0 else _own_parts(network, level):
            for block in [module for module in part.modules() if isinstance(module, _RECOMPUTED)]:
                vars(block)["forward"] = functools.partial(_recomputing, type(block).forward, block)


def _recomputing(forward: Any, block: nn.Module, *inputs: Any) -> Any:
    # Nothing in a block draws random numbers, so their state need not be kept.
    return checkpoint(forward, block, *inputs, use_reentrant=False, preserve_rng_state=False)


def _own_parts(network: Network, level: int) -> list[nn.Module]:
    """What a level has beside the levels inside it; the innermost U-Net apart."""
    parts = [network.stems[level], network.noisy[level], network.heads[level]]
    return [*parts, *([network.outers[level - 1]] if level else [])]
