"""What training minimises: velocity error and labels at every level, bone thickness in the films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.models.conditioning import LevelOutput

_DICE_SMOOTHING_VOXELS = 10.0


class VelocityWeighting(Enum):
    """How much a noise level counts: all alike (plain v), or min-SNR (Hang et al., arXiv 2303.09556, section 3.4)."""

    PLAIN = "plain"
    MIN_SNR = "min_snr"


@dataclass(frozen=True, slots=True)
class LossWeights:
    """Weights of the terms. levels: of each level, innermost first; min_snr_gamma: where MIN_SNR cuts off.

    tissue: of the image guessed from the bones; taught directly, since through the velocity it learns in noise.
    dice_per_case: take the soft Dice of each case by itself, so that the loss does not depend on how a batch is split;
        otherwise of all cases that are computed together, which is steadier on crops that miss a bone.
    """

    velocity: float = 1.0
    tissue: float = 1.0
    cross_entropy: float = 0.5
    dice: float = 0.5
    thickness: float = 1.0
    levels: tuple[float, ...] = (1.0, 1.0, 1.0)
    weighting: VelocityWeighting = VelocityWeighting.PLAIN
    min_snr_gamma: float = 5.0
    dice_per_case: bool = False


def velocity_loss(predicted: Tensor, target: Tensor, log_snr: Tensor, weights: LossWeights) -> Tensor:
    """Mean squared error of v, (B, 1, n, n, n) each, at the level's own log_snr (B,)."""
    errors = (predicted.float() - target).square().mean(dim=(1, 2, 3, 4))
    if weights.weighting is VelocityWeighting.MIN_SNR:
        snr = log_snr.exp()
        errors = errors * snr.clamp_max(weights.min_snr_gamma) / (snr + 1)
    return errors.mean()


def on_grid_of(logits: Tensor, shares: Tensor) -> Tensor:
    """Logits (B, 5, n, n, n) on the grid of shares (B, 5, m, m, m), m a multiple of n: as the next level reads them."""
    if logits.shape[2:] == shares.shape[2:]:
        return logits
    return F.interpolate(logits, size=shares.shape[2:], mode="trilinear")


def label_losses(logits: Tensor, shares: Tensor, dice_per_case: bool = False) -> tuple[Tensor, Tensor]:
    """Cross-entropy of all five classes, and one minus the soft Dice of the bones in the whole batch or in each case.

    logits: (B, 5, n, n, n). shares: (B, 5, m, m, m), the parts of a voxel's volume, which sum to one; on a finer grid
    than the logits they ask that the bone's surface lie right between voxels, and that a bone thinner than a voxel be.
    """
    chances = on_grid_of(logits.float(), shares).movedim(1, -1).log_softmax(-1)
    shares = shares.movedim(1, -1)
    cross_entropy = -(shares * chances).sum(-1).mean()
    voxels = 1 if dice_per_case else 0
    bones, true_bones = chances[..., 1:].exp().flatten(voxels, 3), shares[..., 1:].flatten(voxels, 3)
    overlap = 2 * (bones * true_bones).sum(voxels) + _DICE_SMOOTHING_VOXELS
    dice = overlap / (bones.square().sum(voxels) + true_bones.square().sum(voxels) + _DICE_SMOOTHING_VOXELS)
    return cross_entropy, 1 - dice.mean()


def thickness_loss(predicted: Sequence[Tensor], target: Tensor) -> Tensor:
    """Mean Huber loss of projected thickness, (B, 2, 4, h, h) each against (B, 2, 4, 128, 128), in units of 40 mm."""
    return torch.stack([_thickness_loss(maps, target) for maps in predicted]).mean()


def _thickness_loss(predicted: Tensor, target: Tensor) -> Tensor:
    pooling = target.shape[-1] // predicted.shape[-1]
    pooled = F.avg_pool2d(target.flatten(0, 1), pooling) if pooling > 1 else target.flatten(0, 1)
    return F.huber_loss(predicted.flatten(0, 1).float(), pooled, delta=0.1) / 0.1


def level_loss(
    output: LevelOutput, clean: Tensor, target: Tensor, shares: Tensor, log_snr: Tensor, weights: LossWeights
) -> dict[str, Tensor]:
    """The weighted terms of one level by name; their sum is its loss. clean: x0; target: v; (B, 1, n, n, n) each."""
    cross_entropy, dice = label_losses(output.logits, shares, weights.dice_per_case)
    terms = {
        "v": weights.velocity * velocity_loss(output.v, target, log_snr, weights),
        "ce": weights.cross_entropy * cross_entropy,
        "dice": weights.dice * dice,
    }
    if output.tissue is not None:
        terms["tissue"] = weights.tissue * F.mse_loss(output.tissue.float(), clean)
    return terms


@torch.no_grad()
def label_dice(logits: Tensor, shares: Tensor) -> Tensor:
    """Hard Dice (4,) of the bones over a batch: largest logit against largest share, on the grid of the shares."""
    classes, refined = logits.shape[1], on_grid_of(logits, shares)
    guess, truth = (F.one_hot(part.argmax(1), classes).flatten(0, 3)[:, 1:].bool() for part in (refined, shares))
    return 2 * (guess & truth).sum(0) / (guess.sum(0) + truth.sum(0)).clamp_min(1)
