"""A baseline in the place of the nested network, so that the main job and the evaluation run it as they run a model."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.models.conditioning import Conditioning, Encoded, LevelOutput
from engine.models.schedule import alpha_sigma
from training.baselines.occupancy import PixelAlignedOccupancy
from training.baselines.spec import BaselineSpec, UNetSpec
from training.baselines.unet import ReplicationUNet

# A baseline makes no CT. Where one must stand its bones are painted, 700 HU in soft tissue of 40: network values.
PAINTED_BONE, PAINTED_TISSUE = (700 - 500) / 1500, (40 - 500) / 1500


def network_of_baseline(spec: BaselineSpec) -> nn.Module:
    """The network of a baseline: called with `Conditioning`, it answers logits (B, 5, n, n, n)."""
    return ReplicationUNet(spec) if isinstance(spec, UNetSpec) else PixelAlignedOccupancy(spec)


class PaintedKnee:
    """Answers once, whatever the noise: the same logits at every step, and a CT painted from them."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network

    def to(self, device: torch.device) -> PaintedKnee:
        """Move the weights."""
        self._network.to(device)
        return self

    @torch.no_grad()
    def encode(self, conditioning: Conditioning) -> Encoded:
        """The answer itself, (B, n, n, n, 5) logits in the place of the only level's volume."""
        logits = self._network(conditioning)
        return Encoded(logits.new_zeros(len(logits), 0, 0), (), (logits.movedim(1, -1),), conditioning.micro, None)

    def denoise(self, noisy: Sequence[Tensor], log_snr: Tensor, encoded: Encoded) -> Sequence[LevelOutput]:
        """The velocity whose clean image is the painted one."""
        (level,), logits = noisy, encoded.volumes[0].movedim(-1, 1)
        bone = 1 - logits.softmax(1)[:, :1]
        painted = PAINTED_TISSUE + bone * (PAINTED_BONE - PAINTED_TISSUE)
        alpha, sigma = (part.view(-1, 1, 1, 1, 1) for part in alpha_sigma(log_snr))
        return [LevelOutput((alpha * level - painted) / sigma, logits)]
