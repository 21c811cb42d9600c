"""Outer levels denoise what the level inside them leaves open.

A level's velocity is what its head says plus the share that the clean image of the level inside already explains.
With x0' that image on the finer grid, v' = (alpha x - x0') / sigma is the velocity it implies (Salimans and Ho,
arXiv 2202.00512, appendix D), and sigma² v' = sigma (alpha x - x0') is added: all of v' where noise hides everything,
none of it where the level sees for itself. An outer level so begins with the image inside it and learns the detail.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.models.conditioning import Crop, LevelOutput
from engine.models.schedule import alpha_sigma, x0_from_v


def refined(
    outputs: Sequence[LevelOutput], noisy: Sequence[Tensor], log_snrs: Sequence[Tensor], crop: Crop | None = None
) -> list[LevelOutput]:
    """The network's outputs with every outer velocity completed, innermost first.

    noisy: (B, 1, n, n, n) of each level; log_snrs: (B,) of each level; crop: of the outermost level.
    """
    done = [outputs[0]]
    for level in range(1, len(outputs)):
        inner = x0_from_v(noisy[level - 1], done[-1].v.float(), log_snrs[level - 1]).clamp(-1, 1).detach()
        known = F.interpolate(inner, scale_factor=2.0, mode="trilinear", align_corners=False)
        if crop is not None and level == len(outputs) - 1:
            known = _cut(known, crop)
        alpha, sigma = (part.view(-1, 1, 1, 1, 1) for part in alpha_sigma(log_snrs[level]))
        velocity = outputs[level].v + sigma * (alpha * noisy[level] - known)
        done.append(LevelOutput(velocity, outputs[level].logits))
    return done


def _cut(volume: Tensor, crop: Crop) -> Tensor:
    """(B, 1, n, n, n) the crop of a whole grid."""
    side, origins = crop.voxels, crop.origin_ijk.tolist()
    parts = zip(volume, origins, strict=True)
    return torch.stack([whole[:, i : i + side, j : j + side, k : k + side] for whole, (i, j, k) in parts])
