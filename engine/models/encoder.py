"""ConvNeXt on each film: tokens for cross-attention and a stride-2 feature map for back-projection.

ConvNeXt is written out here with timm's parameter names, so that timm's weights load into it and a test holds it equal
to timm's; importing timm itself costs two seconds of every `genu generate`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.domain.anatomy import Bone
from engine.models.blocks import zeroed
from engine.models.presets import EncoderSpec

VIEWS = 2
TOKENS_PER_SIDE = 16


class LayerNorm2d(nn.LayerNorm):
    """Layer norm over the channels of (B, C, H, W)."""

    def forward(self, maps: Tensor) -> Tensor:
        return super().forward(maps.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class FeedForward(nn.Module):
    """Two linear layers with GELU between, on the last axis."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, 4 * channels)
        self.fc2 = nn.Linear(4 * channels, channels)

    def forward(self, rows: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(rows)))


class ConvNeXtBlock(nn.Module):
    """7 x 7 depthwise convolution, norm, feed-forward, scaled, added (Liu et al., arXiv 2201.03545, figure 4)."""

    def __init__(self, channels: int, layer_scale: float = 0.1) -> None:
        super().__init__()
        self.conv_dw = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.mlp = FeedForward(channels)
        self.gamma = nn.Parameter(torch.full((channels,), layer_scale))

    def forward(self, maps: Tensor) -> Tensor:
        hidden = self.mlp(self.norm(self.conv_dw(maps).permute(0, 2, 3, 1)))
        return maps + (hidden * self.gamma).permute(0, 3, 1, 2)


class ConvNeXtStage(nn.Module):
    """Halving (but for the first stage) and `depth` blocks."""

    def __init__(self, channels_in: int, channels: int, depth: int, stride: int) -> None:
        super().__init__()
        halving = (LayerNorm2d(channels_in, eps=1e-6), nn.Conv2d(channels_in, channels, 2, stride=2))
        self.downsample = nn.Sequential(*halving) if stride > 1 else nn.Identity()
        self.blocks = nn.Sequential(*(ConvNeXtBlock(channels) for _ in range(depth)))

    def forward(self, maps: Tensor) -> Tensor:
        return self.blocks(self.downsample(maps))


class ConvNeXt(nn.Module):
    """The trunk. Films (B, F, 256, 256) to maps at strides 4, 8, 16 and 32."""

    def __init__(self, spec: EncoderSpec) -> None:
        super().__init__()
        widths = spec.widths
        stem = nn.Conv2d(spec.film_channels, widths[0], 4, stride=4)
        self.stem = nn.Sequential(stem, LayerNorm2d(widths[0], eps=1e-6))
        before = (widths[0], *widths[:-1])
        shapes = zip(before, widths, spec.depths, (1, 2, 2, 2), strict=True)
        self.stages = nn.ModuleList(ConvNeXtStage(*shape) for shape in shapes)

    def forward(self, films: Tensor) -> list[Tensor]:
        maps, strides = self.stem(films), []
        for stage in self.stages:
            maps = stage(maps)
            strides.append(maps)
        return strides


class PyramidBlock(nn.Module):
    """norm, SiLU, conv, SiLU, conv (zero at first), added: neighbours of a stride's features talk to each other."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = LayerNorm2d(channels, eps=1e-6)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = zeroed(nn.Conv2d(channels, channels, 3, padding=1))

    def forward(self, maps: Tensor) -> Tensor:
        return maps + self.second(F.silu(self.first(F.silu(self.norm(maps)))))


class ViewEncoder(nn.Module):
    """One view: trunk, and a pyramid that carries its features back up to stride 2 beside the film's own edges."""

    def __init__(self, spec: EncoderSpec) -> None:
        super().__init__()
        wide, out = spec.pyramid_channels, spec.map_channels
        self.trunk = ConvNeXt(spec)
        self.laterals = nn.ModuleList(nn.Conv2d(width, wide, 1) for width in spec.widths)
        blocks = [[PyramidBlock(wide) for _ in range(spec.pyramid_blocks)] for _ in spec.widths]
        self.blocks = nn.ModuleList(nn.Sequential(*some) for some in blocks)
        self.smooth = nn.Conv2d(wide, wide, 3, padding=1)
        self.edges = nn.Conv2d(4 * spec.film_channels, out, 3, padding=1)
        self.narrow = nn.Conv2d(wide, out, 1)
        self.mix = nn.Conv2d(out, out, 3, padding=1)
        self.tokens = nn.Sequential(nn.Linear(wide, spec.token_channels), nn.LayerNorm(spec.token_channels))

    def forward(self, film: Tensor, fine: bool) -> tuple[Tensor, Tensor, Tensor | None]:
        """Film (B, F, 256, 256) to tokens (B, 256, D), a map (B, C, 64, 64) and, if wanted, one of (B, C, 128, 128)."""
        merged, token_map = None, None
        strides = zip(self.laterals, self.blocks, self.trunk(film), strict=True)
        for lateral, blocks, maps in reversed(list(strides)):
            merged = blocks(lateral(maps) if merged is None else lateral(maps) + _doubled(merged))
            token_map = merged if merged.shape[-1] == TOKENS_PER_SIDE else token_map
        assert merged is not None
        assert token_map is not None
        coarse = self.narrow(F.silu(self.smooth(F.silu(merged))))
        return self.tokens(token_map.flatten(2).transpose(1, 2)), coarse, self._fine(film, coarse) if fine else None

    def _fine(self, film: Tensor, coarse: Tensor) -> Tensor:
        sharp = self.edges(F.pixel_unshuffle(film, 2)) + _doubled(coarse)
        return sharp + self.mix(F.silu(sharp))


@dataclass(frozen=True, slots=True, eq=False)
class EncodedFilms:
    """tokens: (B, 512, D).   coarse, fine: maps (B, 2, C, 64, 64) and (B, 2, C, 128, 128), the fine one if asked for.

    thickness: (B, 2, 4, h, h) from each map there is: how much of each bone the ray to a pixel crosses, in units of
    40 mm.
    """

    tokens: Tensor
    coarse: Tensor
    fine: Tensor | None
    thickness: tuple[Tensor, ...]


class Encoder(nn.Module):
    """Both views, with weights of their own or shared."""

    def __init__(self, spec: EncoderSpec) -> None:
        super().__init__()
        self.views = nn.ModuleList(ViewEncoder(spec) for _ in range(1 if spec.shared else VIEWS))
        self.place = nn.Parameter(0.02 * torch.randn(1, VIEWS, TOKENS_PER_SIDE**2, spec.token_channels))
        self.coarse_thickness = nn.Conv2d(spec.map_channels, len(Bone), 1)
        self.fine_thickness = nn.Conv2d(spec.map_channels, len(Bone), 1)

    def forward(self, films: Tensor, fine: bool = True) -> EncodedFilms:
        """Films (B, 2, F, 256, 256); without `fine`, the stride-2 maps, half of the cost, are left out."""
        views = [
            self.views[view % len(self.views)](films[:, view].contiguous(memory_format=torch.channels_last), fine)
            for view in range(VIEWS)
        ]
        tokens, coarse, sharp = ([view[part] for view in views] for part in range(3))
        heads = ((self.coarse_thickness, coarse), *([(self.fine_thickness, sharp)] if fine else []))
        thickness = tuple(torch.stack([head(F.silu(maps)) for maps in seen], 1) for head, seen in heads)
        merged = (torch.stack(tokens, 1) + self.place).flatten(1, 2)
        return EncodedFilms(merged, torch.stack(coarse, 1), torch.stack(sharp, 1) if fine else None, thickness)

    def fine_parts(self) -> list[nn.Module]:
        """What only the stride-2 maps, and so only the outer levels, depend on."""
        views = [view for view in self.views if isinstance(view, ViewEncoder)]
        return [self.fine_thickness, *(part for view in views for part in (view.edges, view.mix))]


def _doubled(maps: Tensor) -> Tensor:
    return F.interpolate(maps, scale_factor=2.0, mode="nearest")
