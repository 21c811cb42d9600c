"""Occupancy of points by the features of the pixels they fall on: no grid, so any resolution from one network.

Source: Lin et al., SSR-KD, arXiv 2508.13947, "Methods", after Saito et al., PIFu, arXiv 1905.05172, section 3.
Different here: the encoder is this project's, all four bones share a decoder, and nothing is distilled from a teacher
or learnt from films without a CT, as there are none in the cohort.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.domain import Bone
from engine.geometry.model_frame import FIELD_OF_VIEW_MM, FILM_PIXEL_MM, FILM_PIXELS
from engine.models.back_projection import axes_mm, axis_features
from engine.models.conditioning import Conditioning
from engine.models.encoder import VIEWS, Encoder
from engine.models.nested_unet import AXIS_FEATURES
from training.baselines.spec import OccupancySpec

_CHUNK = 1 << 16
_DEPTH_MM = 100.0


class Residual(nn.Module):
    """norm, linear, SiLU, linear, added."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.first, self.second = nn.Linear(channels, channels), nn.Linear(channels, channels)

    def forward(self, rows: Tensor) -> Tensor:
        return rows + self.second(F.silu(self.first(self.norm(rows))))


class PixelAlignedOccupancy(nn.Module):
    """Films to maps once a case; then logits of any points in the model frame."""

    def __init__(self, spec: OccupancySpec) -> None:
        super().__init__()
        self.grid_voxels = spec.grid_voxels
        self.encoder = Encoder(spec.encoder)
        seen = VIEWS * (2 * spec.encoder.map_channels + 1) + 3 * AXIS_FEATURES
        self.begin = nn.Linear(seen, spec.hidden)
        self.layers = nn.Sequential(*(Residual(spec.hidden) for _ in range(spec.layers)))
        self.end = nn.Linear(spec.hidden, 1 + len(Bone))

    def forward(self, conditioning: Conditioning) -> Tensor:
        """Logits (B, 5, n, n, n) on the grid, so many points at a time."""
        maps, batch, side = self.maps(conditioning), len(conditioning.films), self.grid_voxels
        axis = axes_mm(side, torch.zeros(1, 3, dtype=torch.long, device=conditioning.films.device), side)[0]
        points = torch.stack(torch.meshgrid(*axis, indexing="ij"), -1).view(1, -1, 3).expand(batch, -1, -1)
        parts = [self.at(part, maps, conditioning) for part in points.split(_CHUNK, 1)]
        return torch.cat(parts, 1).transpose(1, 2).unflatten(2, (side, side, side))

    def maps(self, conditioning: Conditioning) -> tuple[Tensor, Tensor]:
        """Coarse and fine maps (B, 2, C, h, h) of the films."""
        films = self.encoder(conditioning.films, fine=True)
        assert films.fine is not None
        return F.silu(films.coarse), F.silu(films.fine)

    def at(self, points_mm: Tensor, maps: tuple[Tensor, Tensor], conditioning: Conditioning) -> Tensor:
        """Logits (B, N, 5) of points (B, N, 3) in millimetres of the model frame."""
        pixels, depth = pinhole(points_mm, conditioning.camera_from_lps, conditioning.sod_mm)
        seen = [sampled(level, pixels) for level in maps]
        where = axis_features(points_mm.transpose(1, 2)).transpose(1, 2).flatten(2)
        return self.end(self.layers(self.begin(torch.cat((*seen, depth / _DEPTH_MM, where), -1))))


def pinhole(points_mm: Tensor, camera_from_lps: Tensor, sod_mm: Tensor) -> tuple[Tensor, Tensor]:
    """Film columns and rows (B, V, N, 2) in film pixels, and depths (B, N, V) behind the isocentre in mm, of points."""
    rotation, offset = camera_from_lps[..., :3], camera_from_lps[..., 3]
    x, y, z = (torch.einsum("bvxc,bnc->bvnx", rotation, points_mm) + offset[:, :, None]).unbind(-1)
    scale = (sod_mm / FILM_PIXEL_MM)[..., None] / z.clamp_min(1.0)
    pixels = torch.stack((x * scale, y * scale), -1) + (FILM_PIXELS - 1) / 2
    return pixels, (z - sod_mm[..., None]).transpose(1, 2)


def sampled(maps: Tensor, pixels: Tensor) -> Tensor:
    """(B, N, V C): maps (B, V, C, h, h) at film positions (B, V, N, 2), bilinearly; zero outside a film."""
    unit = (2 * pixels + 1) / FILM_PIXELS - 1
    values = F.grid_sample(maps.flatten(0, 1), unit.flatten(0, 1)[:, None], align_corners=False)
    return values.squeeze(2).unflatten(0, maps.shape[:2]).permute(0, 3, 1, 2).flatten(2)


def drawn_points(numbers: Tensor, shares: Tensor) -> Tensor:
    """Points (B, N, 3) in mm from even random numbers (B, N, 4): half anywhere, half beside a bone's surface.

    shares: (B, 5, m, m, m). Of a case without a surface all are anywhere.
    """
    points = (numbers[..., :3] - 0.5) * FIELD_OF_VIEW_MM
    half, side = numbers.shape[1] // 2, shares.shape[-1]
    step = FIELD_OF_VIEW_MM / side
    for case, share in enumerate(shares):
        surface = ((share > 0.05) & (share < 0.95)).any(0).nonzero()
        if len(surface):
            own = numbers[case, :half]
            voxel = surface[(own[:, 3] * len(surface)).long()]
            points[case, :half] = (voxel + 2 * own[:, :3] - 0.5) * step - FIELD_OF_VIEW_MM / 2
    return points.clamp(-FIELD_OF_VIEW_MM / 2, FIELD_OF_VIEW_MM / 2)


def shares_at(points_mm: Tensor, shares: Tensor) -> Tensor:
    """Shares (B, N, 5) of a volume (B, 5, m, m, m) over the field of view at points (B, N, 3), trilinearly."""
    unit = (points_mm / (FIELD_OF_VIEW_MM / 2)).flip(-1)[:, None, None]
    values = F.grid_sample(shares, unit, padding_mode="border", align_corners=False)
    return values[:, :, 0, 0].transpose(1, 2)
