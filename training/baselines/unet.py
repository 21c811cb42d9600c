"""A deterministic 3-D U-Net over both films, each replicated into the volume in channels of its own.

Source: Kasten et al., End-To-End CNN for 3D Reconstruction of Knee Bones From Bi-Planar X-Ray Images, arXiv 2004.00871,
sections 3.1 and 3.2. Different here: films are replicated along their rays instead of an axis, as these films are of a
point source; layer norm instead of batch norm; soft Dice beside the cross-entropy; no loss of reprojection.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.domain import Bone
from engine.models.back_projection import axes_mm, back_project, project
from engine.models.blocks import Merge, Upsampling, channel_norm, convolution, downsampling
from engine.models.conditioning import Conditioning
from engine.models.encoder import VIEWS
from training.baselines.spec import UNetSpec

_FILM_POOLING, _FILM_CHANNELS = 2, 3


class Convolutions(nn.Module):
    """A number of 3 x 3 x 3 convolutions, each with norm and SiLU, of a voxel-major volume."""

    def __init__(self, channels_in: int, channels: int, count: int) -> None:
        super().__init__()
        wide = [channels_in, *[channels] * count]
        self.layers = nn.ModuleList(convolution(*pair) for pair in pairwise(wide))

    def forward(self, volume: Tensor) -> Tensor:
        for layer in self.layers:
            volume = F.silu(channel_norm(layer(volume)))
        return volume


class ReplicationUNet(nn.Module):
    """Films to logits (B, 5, n, n, n) in one pass."""

    def __init__(self, spec: UNetSpec) -> None:
        super().__init__()
        wide = spec.channels
        shapes = list(zip((_FILM_CHANNELS * VIEWS, *wide), wide, spec.convolutions, strict=False))
        self.grid_voxels = spec.grid_voxels
        self.down = nn.ModuleList(Convolutions(*shape) for shape in shapes)
        self.halving = nn.ModuleList(downsampling(channels, channels) for channels in wide[:-1])
        self.doubling = nn.ModuleList(Upsampling(outer, inner) for outer, inner in zip(wide[1:], wide, strict=False))
        self.merge = nn.ModuleList(Merge(channels, channels) for channels in wide[:-1])
        outwards = list(zip(wide, wide, spec.convolutions, strict=True))[:-1]
        self.up = nn.ModuleList(Convolutions(*shape) for shape in outwards)
        self.head = nn.Linear(wide[0], 1 + len(Bone))

    def forward(self, conditioning: Conditioning) -> Tensor:
        volume = replicated(conditioning, self.grid_voxels)
        skips = []
        for convolve, halve in zip(self.down, [*self.halving, None], strict=True):
            volume = convolve(volume)
            if halve is not None:
                skips.append(volume)
                volume = halve(volume)
        for level in reversed(range(len(skips))):
            volume = self.merge[level](self.doubling[level](volume), skips[level])
            volume = self.up[level](volume)
        return self.head(volume).permute(0, 4, 1, 2, 3)


def replicated(conditioning: Conditioning, grid_voxels: int) -> Tensor:
    """(B, n, n, n, 2 F): at each voxel the channels of the films where it falls on them, AP's before the lateral's."""
    films = conditioning.films
    batch, views, channels = films.shape[:3]
    small = F.avg_pool2d(films.flatten(0, 1), _FILM_POOLING).unflatten(0, (batch, views))
    apart = small.new_zeros(batch, views, views * channels, *small.shape[-2:])
    for view in range(views):
        apart[:, view, view * channels : (view + 1) * channels] = small[:, view]
    origin = torch.zeros(batch, 3, dtype=torch.long, device=films.device)
    pixels = project(axes_mm(grid_voxels, origin, grid_voxels), conditioning.camera_from_lps, conditioning.sod_mm)
    return back_project(apart, pixels)
