"""What a network is told about a case, and what it makes of it once, before the first denoising step."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Conditioning:
    """The two films of B cases, view 0 AP and view 1 lateral, in the right-knee model frame.

    films: (B, 2, F, 256, 256) normalised film channels.
    camera_from_lps: (B, 2, 3, 4) millimetres; x along columns, y along rows, z from the source, origin at the source.
    sod_mm: (B, 2) source to isocentre.
    micro: (B, 2) voxel spacing and slice thickness of the CT to be made, mm.
    """

    films: Tensor
    camera_from_lps: Tensor
    sod_mm: Tensor
    micro: Tensor

    def to(self, device: torch.device | str) -> Conditioning:
        """The same on another device."""
        moved = (self.films, self.camera_from_lps, self.sod_mm, self.micro)
        return Conditioning(*(tensor.to(device) for tensor in moved))


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """The part of the outermost active level that is computed: a cube of `voxels`, from origin_ijk (B, 3) on.

    Origins and size are even numbers of that level's voxels, so that the crop falls on whole voxels of the next level.
    """

    origin_ijk: Tensor
    voxels: int

    def __post_init__(self) -> None:
        if self.voxels % 2 or bool((self.origin_ijk % 2).any()):
            raise ValueError(f"a crop of {self.voxels} voxels at {self.origin_ijk.tolist()}, expected even numbers")


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Everything about a case that no denoising step changes.

    tokens: (B, 512, D) of both views.
    thickness: (B, 2, 4, 64, 64) and, where outer levels are active, (B, 2, 4, 128, 128): projected thickness of each
        bone, in units of 40 mm.
    volumes: for each active level, innermost first, (B, n, n, n, C): back-projected features and position.
    micro: (B, E) embedding.   crop: of the outermost active level, or None for the whole grid.
    """

    tokens: Tensor
    thickness: tuple[Tensor, ...]
    volumes: tuple[Tensor, ...]
    micro: Tensor
    crop: Crop | None


@dataclass(frozen=True, slots=True, eq=False)
class LevelOutput:
    """A level's answer.

    v: (B, 1, n, n, n) velocity, alpha eps - sigma x0.   logits: (B, 5, n, n, n), 0 background.
    tissue: (B, 1, n, n, n) what the bones say of the clean image, or None; once refined, all that is known of it before
        the noisy level is looked at: the image of the level inside and what the bones add to it.
    """

    v: Tensor
    logits: Tensor
    tissue: Tensor | None = None
