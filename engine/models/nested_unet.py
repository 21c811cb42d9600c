"""The parts that wrap one grid around the levels inside it: stem, outer level and head.

Source: Gu et al., Matryoshka Diffusion Models, arXiv 2310.15111, section 3.2 and figure 2, in three dimensions.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.domain.anatomy import Bone
from engine.models.back_projection import axes_mm, axis_features, back_project, project
from engine.models.blocks import (
    Merge,
    Mixing,
    ResidualBlock,
    Upsampling,
    channel_norm,
    downsampling,
    zeroed,
)
from engine.models.conditioning import Conditioning, Crop, LevelOutput
from engine.models.encoder import VIEWS
from engine.models.presets import ConditioningMode, NetworkSpec, OuterSpec

AXIS_FEATURES = 5
# At first the films must be louder than the noise, or hundreds of steps pass before they are heard; and a voxel is
# bone once in thirty.
_FEATURE_GAIN, NOISE_GAIN, _BONE_LOGIT = 2.0, 0.15, -2.5
_TISSUE_FEATURES = 4


class Stem(nn.Module):
    """What is known of each voxel before any noise: back-projected features of both films and the voxel's position."""

    def __init__(self, spec: NetworkSpec, level: int, channels: int) -> None:
        super().__init__()
        self.grid_voxels = spec.voxels(level)
        back_projected = spec.conditioning is ConditioningMode.BACK_PROJECTION
        seen = spec.encoder.map_channels + (0 if level == 0 else 4 * spec.encoder.film_channels)
        self.views = nn.ModuleList(nn.Conv2d(seen, channels, 1) for _ in range(VIEWS if back_projected else 0))
        for name, value in self.views.named_parameters():
            if name.endswith("weight"):
                nn.init.normal_(value, std=_FEATURE_GAIN * seen**-0.5)
        self.position = nn.Parameter(0.1 * torch.randn(3, AXIS_FEATURES, channels))

    def forward(self, maps: Tensor, conditioning: Conditioning, crop: Crop) -> Tensor:
        """Maps (B, 2, seen, h, w) to a voxel-major volume (B, n, n, n, C)."""
        axes = axes_mm(self.grid_voxels, crop.origin_ijk, crop.voxels)
        along = torch.einsum("bxnf,xfc->bxnc", axis_features(axes), self.position)
        i, j, k = along.unbind(1)
        volume = i[:, :, None, None] + (j[:, None, :, None] + k[:, None, None])
        if not len(self.views):
            return volume
        narrow = torch.stack([view(maps[:, index]) for index, view in enumerate(self.views)], 1)
        pixels = project(axes, conditioning.camera_from_lps, conditioning.sod_mm)
        return volume + back_project(narrow, pixels)


class Tissue(nn.Module):
    """A guess of the clean image from the bones beside each voxel: cortex, marrow, and what the features know of skin.

    The label head says where the bones are long before the velocity can; no gradient goes back into it.
    """

    def __init__(self, features: int, channels: int) -> None:
        super().__init__()
        self.narrow = nn.Linear(features, _TISSUE_FEATURES)
        self.beside = nn.Conv3d(1 + len(Bone) + _TISSUE_FEATURES, channels, 3, padding=1)
        self.around = nn.Conv3d(channels, channels, 3, padding=1)
        self.out = zeroed(nn.Conv3d(channels, 1, 1))

    def forward(self, features: Tensor, logits: Tensor) -> Tensor:
        """Features (B, n, n, n, C) and logits (B, 5, n, n, n) to (B, 1, n, n, n)."""
        seen = self.narrow(F.silu(channel_norm(features))).permute(0, 4, 1, 2, 3)
        near = torch.cat((logits.detach().softmax(1).to(seen.dtype), seen), 1).contiguous()
        return self.out(F.silu(self.around(F.silu(self.beside(near)))))


class Head(nn.Module):
    """Features to velocity and label logits. Outer levels add to the logits of the level inside, refined to their grid,
    so that they begin with its bones and learn the detail only."""

    def __init__(self, channels: int, innermost: bool, tissue_channels: int = 0) -> None:
        super().__init__()
        self.out = nn.Linear(channels, 2 + len(Bone))
        self.tissue = Tissue(channels, tissue_channels) if tissue_channels else None
        zeroed(self.out)
        nn.init.constant_(self.out.bias[2:], _BONE_LOGIT if innermost else 0.0)

    def forward(self, features: Tensor, coarser: Tensor | None = None) -> LevelOutput:
        answer = self.out(F.silu(channel_norm(features))).permute(0, 4, 1, 2, 3)
        logits = answer[:, 1:] if coarser is None else answer[:, 1:] + coarser
        tissue = None if self.tissue is None else self.tissue(features, logits)
        return LevelOutput(v=answer[:, :1], logits=logits, tissue=tissue)


class OuterLevel(nn.Module):
    """The part of the network on one outer grid and on its half, wrapped around the levels inside."""

    def __init__(self, spec: OuterSpec, inner_in: int, inner_out: int, embedding_channels: int) -> None:
        super().__init__()
        full, half = spec.full_channels, spec.half_channels
        self.enter = Mixing(full)
        self.full_down = _residual_blocks(spec.full_blocks[0], full, embedding_channels)
        self.halving = downsampling(full, half)
        self.half_down = _residual_blocks(spec.half_blocks[0], half, embedding_channels)
        self.inwards = zeroed(nn.Linear(half, inner_in)) if spec.inward else None
        self.outwards = zeroed(nn.Linear(inner_out, half))
        self.half_up = _residual_blocks(spec.half_blocks[1], half, embedding_channels)
        self.doubling = Upsampling(half, full)
        self.merge = Merge(full, full)
        self.full_up = _residual_blocks(spec.full_blocks[1], full, embedding_channels)

    def down(self, volume: Tensor, embedding: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Features of the full grid, of the half grid, and the message to the inner level's input (or None)."""
        full = _through(self.full_down, self.enter(volume), embedding)
        half = _through(self.half_down, self.halving(full), embedding)
        return full, half, None if self.inwards is None else self.inwards(half)

    def up(self, full: Tensor, half: Tensor, inner: Tensor, embedding: Tensor) -> Tensor:
        """Features of the full grid from its own, its half's and the inner level's."""
        half = _through(self.half_up, half + self.outwards(channel_norm(inner)), embedding)
        return _through(self.full_up, self.merge(self.doubling(half), full), embedding)


def _residual_blocks(count: int, channels: int, embedding_channels: int) -> nn.ModuleList:
    return nn.ModuleList(ResidualBlock(channels, embedding_channels) for _ in range(count))


def _through(blocks: nn.ModuleList, volume: Tensor, embedding: Tensor) -> Tensor:
    for block in blocks:
        volume = block(volume, embedding)
    return volume
