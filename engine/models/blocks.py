"""The pieces of the 3-D networks. Volumes are voxel-major, (B, I, J, K, C): the layout in which linear layers and layer
norms need no copy, and which a convolution takes as channels_last_3d.

Layer norm over the channels of a voxel, not group norm: as cheap forward and backward, and the same on a crop as on
the whole grid, because it looks at one voxel only.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def zeroed(module: nn.Module) -> nn.Module:
    """The module with all parameters zero, for the last layer of a residual branch and for adapters."""
    for parameter in module.parameters():
        nn.init.zeros_(parameter)
    return module


def channel_norm(volume: Tensor) -> Tensor:
    """Layer norm over the last axis, without gain and offset."""
    return F.layer_norm(volume, volume.shape[-1:])


class VoxelConv(nn.Conv3d):
    """A 3-D convolution of voxel-major volumes: (B, I, J, K, C) to (B, I', J', K', C')."""

    def forward(self, volume: Tensor) -> Tensor:
        return super().forward(volume.permute(0, 4, 1, 2, 3)).permute(0, 2, 3, 4, 1)


def convolution(channels_in: int, channels_out: int) -> VoxelConv:
    """3 x 3 x 3, same size."""
    return VoxelConv(channels_in, channels_out, 3, padding=1)


def downsampling(channels_in: int, channels_out: int) -> VoxelConv:
    """2 x 2 x 2 with stride 2: half the voxels along each side."""
    return VoxelConv(channels_in, channels_out, 2, stride=2)


class Upsampling(nn.Module):
    """Twice the voxels along each side: a linear layer to the eight children of a voxel.

    A transposed convolution of stride 2 and kernel 2, written as the matrix product it is (eight times faster here).
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.eighths = nn.Linear(channels_in, 8 * channels_out)

    def forward(self, volume: Tensor) -> Tensor:
        batch, i, j, k, _ = volume.shape
        split = self.eighths(volume).view(batch, i, j, k, 2, 2, 2, -1)
        return split.permute(0, 1, 4, 2, 5, 3, 6, 7).reshape(batch, 2 * i, 2 * j, 2 * k, -1)


class ResidualBlock(nn.Module):
    """norm, scale and shift by the embedding, SiLU, conv, SiLU, conv (zero at first), added to the input."""

    def __init__(self, channels: int, embedding_channels: int) -> None:
        super().__init__()
        self.modulation = zeroed(nn.Linear(embedding_channels, 2 * channels))
        self.first = convolution(channels, channels)
        self.second = zeroed(convolution(channels, channels))

    def forward(self, volume: Tensor, embedding: Tensor) -> Tensor:
        scale, shift = self.modulation(embedding)[:, None, None, None].chunk(2, dim=-1)
        hidden = F.silu(torch.addcmul(shift, channel_norm(volume), 1 + scale))
        return volume + self.second(F.silu(self.first(hidden)))


class Mixing(nn.Module):
    """norm, SiLU and a linear layer, added: makes of the sum of both views what only both together say."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Linear(channels, channels)

    def forward(self, volume: Tensor) -> Tensor:
        return volume + self.linear(F.silu(channel_norm(volume)))


class Merge(nn.Module):
    """A volume and its skip, concatenated and mixed back to the same channels."""

    def __init__(self, channels: int, skip_channels: int) -> None:
        super().__init__()
        self.mix = nn.Linear(channels + skip_channels, channels)

    def forward(self, volume: Tensor, skip: Tensor) -> Tensor:
        return self.mix(torch.cat((volume, skip), dim=-1))


class Attention(nn.Module):
    """Multi-head attention of queries (B, N, C) to a context (B, M, D); the last layer starts at zero."""

    def __init__(self, channels: int, context_channels: int, head_channels: int) -> None:
        super().__init__()
        self.heads = max(1, channels // head_channels)
        self.query = nn.Linear(channels, channels)
        self.key_value = nn.Linear(context_channels, 2 * channels)
        self.out = zeroed(nn.Linear(channels, channels))

    def forward(self, queries: Tensor, context: Tensor) -> Tensor:
        query = self._split(self.query(queries))
        key, value = (self._split(half) for half in self.key_value(context).chunk(2, dim=-1))
        answer = F.scaled_dot_product_attention(query, key, value)
        return self.out(answer.transpose(1, 2).flatten(2))

    def _split(self, rows: Tensor) -> Tensor:
        return rows.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class AttentionLayer(nn.Module):
    """Self-attention and cross-attention, each if asked for, and a feed-forward layer, of a voxel-major volume."""

    def __init__(
        self, channels: int, token_channels: int, head_channels: int, feed_forward: int, to_self: bool, to_tokens: bool
    ) -> None:
        super().__init__()
        self.to_self = Attention(channels, channels, head_channels) if to_self else None
        self.to_tokens = Attention(channels, token_channels, head_channels) if to_tokens else None
        wide = feed_forward * channels
        self.feed = nn.Sequential(nn.Linear(channels, wide), nn.SiLU(), zeroed(nn.Linear(wide, channels)))
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(3))

    def forward(self, volume: Tensor, tokens: Tensor) -> Tensor:
        rows = volume.flatten(1, 3)
        if self.to_self is not None:
            normed = self.norms[0](rows)
            rows = rows + self.to_self(normed, normed)
        if self.to_tokens is not None:
            rows = rows + self.to_tokens(self.norms[1](rows), tokens)
        rows = rows + self.feed(self.norms[2](rows))
        return rows.view(volume.shape)


class ScalarEmbedding(nn.Module):
    """Numbers (B, N) as (B, E): sines and cosines of each, then a small network."""

    def __init__(self, numbers: int, channels: int, longest_period: float = 100.0, waves: int = 16) -> None:
        super().__init__()
        self.longest_period, self.waves = longest_period, waves
        self.network = nn.Sequential(nn.Linear(2 * waves * numbers, channels), nn.SiLU(), nn.Linear(channels, channels))

    def forward(self, numbers: Tensor) -> Tensor:
        exponents = torch.linspace(0, -1, self.waves, device=numbers.device)
        phases = numbers[..., None].float() * (2 * math.pi) ** 0.5 * self.longest_period**exponents
        return self.network(torch.cat((phases.sin(), phases.cos()), dim=-1).flatten(1))
