"""The innermost U-Net, with nearly all parameters and all attention (Gu et al., arXiv 2310.15111, section 3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from torch import Tensor, nn

from engine.models.blocks import AttentionLayer, Merge, Mixing, ResidualBlock, Upsampling, downsampling
from engine.models.presets import NetworkSpec


class Stack(nn.Module):
    """Residual blocks, and an attention layer after the first of them where one is given."""

    def __init__(self, blocks: int, channels: int, embedding_channels: int, attention: nn.Module | None) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(ResidualBlock(channels, embedding_channels) for _ in range(blocks))
        self.attention = attention

    def forward(self, volume: Tensor, embedding: Tensor, tokens: Tensor) -> Tensor:
        for index, block in enumerate(self.blocks):
            volume = block(volume, embedding)
            if index == 0 and self.attention is not None:
                volume = self.attention(volume, tokens)
        return volume


class InnerUNet(nn.Module):
    """From and to features of the innermost grid, voxel-major (B, n, n, n, C)."""

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        inner, width = spec.inner, spec.embedding_channels
        channels = inner.channels
        places = [_attention_layers(spec, grid) for grid in range(len(channels))]
        self.middle = Stack(2, channels[-1], width, next(places[-1]))
        up, down = ([pair[way] for pair in inner.blocks] for way in (1, 0))
        self.up = _stacks(up, channels, width, places)
        self.down = _stacks(down, channels, width, places)
        self.enter = Mixing(channels[0])
        self.merge = nn.ModuleList(Merge(wide, wide) for wide in channels)
        steps = list(pairwise(channels))
        self.halving = nn.ModuleList(downsampling(fine, coarse) for fine, coarse in steps)
        self.doubling = nn.ModuleList(Upsampling(coarse, fine) for fine, coarse in steps)

    def forward(self, volume: Tensor, embedding: Tensor, tokens: Tensor) -> Tensor:
        volume = self.enter(volume)
        skips = []
        for grid, stack in enumerate(self.down):
            volume = stack(self.halving[grid - 1](volume) if grid else volume, embedding, tokens)
            skips.append(volume)
        volume = self.middle(volume, embedding, tokens)
        for grid in reversed(range(len(skips))):
            volume = self.up[grid](self.merge[grid](volume, skips[grid]), embedding, tokens)
            volume = self.doubling[grid - 1](volume) if grid else volume
        return volume


def _stacks(
    blocks: list[int], channels: tuple[int, ...], width: int, places: list[Iterator[nn.Module | None]]
) -> nn.ModuleList:
    parts = zip(blocks, channels, places, strict=True)
    return nn.ModuleList(Stack(count, wide, width, next(place) if count else None) for count, wide, place in parts)


def _attention_layers(spec: NetworkSpec, grid: int) -> Iterator[nn.Module | None]:
    """The layers of a grid in the order of its places: middle, up path, down path."""
    inner, channels = spec.inner, spec.inner.channels[grid]
    to_self, to_tokens = inner.self_attention[grid], inner.cross_attention[grid]
    for layer in range(3):
        wanted = layer < to_self, layer < to_tokens
        sizes = channels, spec.encoder.token_channels, inner.head_channels, inner.feed_forward
        yield AttentionLayer(*sizes, *wanted) if any(wanted) else None
