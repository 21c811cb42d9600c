"""The whole network: encoder, and U-Nets nested in each other that denoise all grids jointly.

Source: Gu et al., Matryoshka Diffusion Models, arXiv 2310.15111, section 3.2 and figure 2, in three dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.blocks import ScalarEmbedding
from engine.models.conditioning import Conditioning, Crop, Encoded, LevelOutput
from engine.models.encoder import Encoder
from engine.models.inner_unet import InnerUNet
from engine.models.nested_unet import NOISE_GAIN, Head, OuterLevel, Stem
from engine.models.presets import NetworkSpec

__all__ = ["Conditioning", "Crop", "Encoded", "LevelOutput", "Network"]


class Network(nn.Module):
    """`encode` once a case, then `denoise` at every step; both take as many levels as they are given."""

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.spec = spec
        width = spec.embedding_channels
        channels = (spec.inner.channels[0], *(outer.full_channels for outer in spec.outers))
        self.encoder = Encoder(spec.encoder)
        self.micro = ScalarEmbedding(2, width)
        self.noise_level = ScalarEmbedding(1, width)
        self.stems = nn.ModuleList(Stem(spec, level, wide) for level, wide in enumerate(channels))
        self.noisy = nn.ModuleList(nn.Linear(1, wide, bias=False) for wide in channels)
        for weight in self.noisy.parameters():
            nn.init.normal_(weight, std=NOISE_GAIN)
        self.inner = InnerUNet(spec)
        wraps = zip(spec.outers, channels, channels, strict=False)
        self.outers = nn.ModuleList(OuterLevel(outer, wide, out, width) for outer, wide, out in wraps)
        self.heads = nn.ModuleList(Head(wide, level == 0, spec.tissue_channels) for level, wide in enumerate(channels))

    def encode(self, conditioning: Conditioning, levels: int | None = None, crop: Crop | None = None) -> Encoded:
        """Everything that no step changes, for the innermost `levels` (all), the outermost of them on a crop."""
        active = levels or self.spec.levels
        films = self.encoder(conditioning.films, fine=active > 1)
        crops = self._crops(len(films.tokens), active, crop, films.tokens.device)
        seen = [F.silu(films.coarse), *[_beside_film(films.fine, conditioning.films)] * (active - 1)]
        stems = zip(self.stems, seen, crops, strict=False)
        volumes = tuple(stem(maps, conditioning, part) for stem, maps, part in stems)
        return Encoded(films.tokens, films.thickness, volumes, self.micro(conditioning.micro.log()), crop)

    def thickness(self, films: Tensor) -> tuple[Tensor, ...]:
        """The encoder alone: thickness (B, 2, 4, h, h) of each bone in films (B, 2, F, 256, 256), h 64 and 128."""
        return self.encoder(films).thickness

    def denoise(self, noisy: Sequence[Tensor], log_snr: Tensor, encoded: Encoded) -> list[LevelOutput]:
        """Velocity and label logits of every active level, innermost first.

        noisy: (B, 1, n, n, n) for each level, innermost first; the last may be the crop that was encoded.
        log_snr: (B,) of the innermost level.   Raises ValueError where the levels are not those that were encoded.
        """
        shapes = [volume.shape[1:4] for volume in encoded.volumes]
        if [level.shape[2:] for level in noisy] != shapes:
            raise ValueError(f"noisy grids {[tuple(level.shape[2:]) for level in noisy]}, expected {shapes}")
        embedding = F.silu(self.noise_level(log_snr[:, None]) + encoded.micro)
        _, outputs = self._level(len(noisy) - 1, noisy, embedding, encoded, None, encoded.crop)
        return outputs

    def _level(
        self,
        level: int,
        noisy: Sequence[Tensor],
        embedding: Tensor,
        encoded: Encoded,
        message: Tensor | None,
        crop: Crop | None,
    ) -> tuple[Tensor, list[LevelOutput]]:
        """Features of a level and the outputs of it and all inside it."""
        volume = encoded.volumes[level] + self.noisy[level](noisy[level].permute(0, 2, 3, 4, 1))
        volume = volume if message is None else volume + message
        if level == 0:
            features = self.inner(volume, embedding, encoded.tokens)
            return features, [self.heads[0](features)]
        outer = self.outers[level - 1]
        assert isinstance(outer, OuterLevel)
        full, half, inwards = outer.down(volume, embedding)
        inwards = inwards if crop is None or inwards is None else _placed(inwards, crop, noisy[level - 1].shape[-1])
        inner, outputs = self._level(level - 1, noisy, embedding, encoded, inwards, None)
        within = outputs[-1].logits.movedim(1, -1)
        if crop is not None:
            inner, within = _cut(inner, crop), _cut(within, crop)
        features = outer.up(full, half, inner, embedding)
        return features, [*outputs, self.heads[level](features, _finer(within))]

    def _crops(self, batch: int, levels: int, crop: Crop | None, device: torch.device) -> list[Crop]:
        start = torch.zeros(batch, 3, dtype=torch.long, device=device)
        crops = [Crop(start, self.spec.voxels(level)) for level in range(levels)]
        return crops if crop is None else [*crops[:-1], crop]


def _beside_film(fine: Tensor | None, films: Tensor) -> Tensor | None:
    """A stride-2 map and the film's own pixels, four to each of the map's: (B, 2, C + 4 F, 128, 128)."""
    if fine is None:
        return None
    pixels = F.pixel_unshuffle(films.flatten(0, 1), 2).unflatten(0, films.shape[:2])
    return torch.cat((F.silu(fine), pixels.to(fine.dtype)), dim=2)


def _finer(logits: Tensor) -> Tensor:
    """Logits (B, n, n, n, 5) of a level on the grid of the next, (B, 5, 2n, 2n, 2n): what that one starts from."""
    return F.interpolate(logits.permute(0, 4, 1, 2, 3).contiguous(), scale_factor=2.0, mode="trilinear")


def _cut(volume: Tensor, crop: Crop) -> Tensor:
    """The part of a half-size grid that a crop of the full one covers."""
    side = crop.voxels // 2
    parts = []
    for whole, (i, j, k) in zip(volume, (crop.origin_ijk // 2).tolist(), strict=True):
        parts.append(whole[i : i + side, j : j + side, k : k + side])
    return torch.stack(parts)


def _placed(part: Tensor, crop: Crop, grid_voxels: int) -> Tensor:
    """A crop's half-size volume in the whole half-size grid, zero elsewhere."""
    side = crop.voxels // 2
    placed = []
    for piece, (i, j, k) in zip(part, (crop.origin_ijk // 2).tolist(), strict=True):
        before_after = [(start, grid_voxels - side - start) for start in (k, j, i)]
        placed.append(F.pad(piece, (0, 0, *(number for pair in before_after for number in pair))))
    return torch.stack(placed)
