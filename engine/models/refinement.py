"""Outer levels denoise what the level inside them leaves open.

A level's velocity is what its head says plus what follows from the clean image of the level inside. That image on the
finer grid, x0', misses detail of some variance s²; the noisy level knows the rest. Their best linear estimate is
x0 = (sigma² x0' + alpha s² x) / (sigma² + alpha² s²), and the velocity it implies, (alpha x - x0) / sigma, is added
(Salimans and Ho, arXiv 2202.00512, appendix D; the weights are a Wiener filter's). An outer level whose head is silent
so shows the image inside it, and its head learns the detail.

Where the network also guesses the image from the bones, that guess is part of what is known: at an outer level added to
the image inside, at the innermost alone, with s = 1, so that it counts as the noise does and fades with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.models.conditioning import Crop, LevelOutput
from engine.models.schedule import alpha_sigma, x0_from_v

# Mean squared difference of a level from the upsampled one inside it, in network values (150 HU).
DETAIL_VARIANCE = 0.01


def refined(
    outputs: Sequence[LevelOutput], noisy: Sequence[Tensor], log_snrs: Sequence[Tensor], crop: Crop | None = None
) -> list[LevelOutput]:
    """The network's outputs with every outer velocity completed, innermost first.

    noisy: (B, 1, n, n, n) of each level; log_snrs: (B,) of each level; crop: of the outermost level.
    """
    done = [_innermost(outputs[0], log_snrs[0])]
    for level in range(1, len(outputs)):
        inner = x0_from_v(noisy[level - 1], done[-1].v.float(), log_snrs[level - 1]).clamp(-1, 1).detach()
        known = F.interpolate(inner, scale_factor=2.0, mode="trilinear", align_corners=False)
        if crop is not None and level == len(outputs) - 1:
            known = _cut(known, crop)
        guess = outputs[level].tissue
        known = known if guess is None else known + guess.float()
        alpha, sigma = _alpha_sigma(log_snrs[level])
        estimate = (sigma**2 * known + alpha * DETAIL_VARIANCE * noisy[level]) / (sigma**2 + alpha**2 * DETAIL_VARIANCE)
        velocity = outputs[level].v + (alpha * noisy[level] - estimate) / sigma
        done.append(LevelOutput(velocity, outputs[level].logits, None if guess is None else known))
    return done


def _innermost(output: LevelOutput, log_snr: Tensor) -> LevelOutput:
    """With s = 1 the noisy level is left what it says, and the guess adds minus sigma times itself to the velocity."""
    if output.tissue is None:
        return output
    return LevelOutput(output.v - _alpha_sigma(log_snr)[1] * output.tissue.float(), output.logits, output.tissue)


def _alpha_sigma(log_snr: Tensor) -> tuple[Tensor, Tensor]:
    alpha, sigma = (part.view(-1, 1, 1, 1, 1) for part in alpha_sigma(log_snr))
    return alpha, sigma


def _cut(volume: Tensor, crop: Crop) -> Tensor:
    """(B, 1, n, n, n) the crop of a whole grid."""
    side, origins = crop.voxels, crop.origin_ijk.tolist()
    parts = zip(volume, origins, strict=True)
    return torch.stack([whole[:, i : i + side, j : j + side, k : k + side] for whole, (i, j, k) in parts])
