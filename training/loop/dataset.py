"""Batches for the training loop: a pure function of the step, so that a resumed run sees what an unbroken one would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.domain import View
from engine.models.film_norm import normalised
from training.cohort.tissue import SPACING_MM
from training.configuration import Batch
from training.prepare.case_file import FILM_ARRAYS, pooled
from training.prepare.case_store import CaseStore, case_store
from training.simulate.film import expose, shown_again

THICKNESS_PIXELS = 128
FINEST = 128  # voxels along each side of the stored grids, and half of it


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """Cases as `train prepare` wrote them, and how to draw from them.

    store: .npz files or shards. seed: of order and exposure. base_voxels: of the network's innermost grid.
    """

    store: CaseStore
    seed: int
    base_voxels: int = 32

    @classmethod
    def of(cls, folder: Path, seed: int, base_voxels: int = 32) -> CaseFolder:
        """All cases of a folder in the order of their names. Raises RefusedInput where there is none."""
        return cls(case_store(folder), seed, base_voxels)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where each case lies, in the order of their names."""
        return self.store.paths

    def batch(self, step: int, size: int, levels: int, crop: int | None = None) -> Batch:
        """The batch of a step: `size` cases at the `levels` innermost levels (0: films only).

        crop: side in voxels of the outermost level's crop, None for all of it. Every case comes once per epoch.
        """
        first = step * size
        items = [self.item(n, levels, crop) for n in range(first, first + size)]
        return stacked(items)

    def item(self, number: int, levels: int, crop: int | None) -> Batch:
        """The case at a place in the endless sequence of epochs, as a batch of one."""
        count = len(self.store)
        epoch, place = divmod(number, count)
        order = np.random.default_rng([self.seed, epoch]).permutation(count)
        rng = np.random.default_rng([self.seed, epoch, place])
        with self.store.case(int(order[place])) as case:
            return _read(case, [self.base_voxels << level for level in range(levels)], crop, rng)


def _read(case: Mapping[str, NDArray], sides: Sequence[int], crop: int | None, rng: np.random.Generator) -> Batch:
    integrals = torch.from_numpy(case["integrals"].astype(np.float32))
    films = normalised(torch.stack([_film(case, view, rng) for view in View]))
    hu, labels, origin = _levels(case, sides, crop, rng)
    return Batch(
        films=films[None],
        camera_from_lps=torch.from_numpy(case["camera_from_lps"][:, :3])[None],
        sod_mm=torch.from_numpy(case["sod_mm"])[None],
        micro=_micro(case)[None],
        hu=hu,
        labels=labels,
        thickness=_thickness(integrals)[None],
        crop_origin_ijk=origin[None],
    )


def _film(case: Mapping[str, NDArray], view: View, rng: np.random.Generator) -> Tensor:
    """The real film of a view where the case has one, else one exposed from its line integrals."""
    name = FILM_ARRAYS[view]
    if name in case:
        return shown_again(torch.from_numpy(case[name].astype(np.float32)), rng)
    return expose(torch.from_numpy(case["integrals"][list(View).index(view)].astype(np.float32)), rng)


def _micro(case: Mapping[str, NDArray]) -> Tensor:
    """(2,) in-plane spacing and slice thickness as scanned; the grid's own where nothing was scanned."""
    return torch.from_numpy(case["micro_mm"]) if "micro_mm" in case else torch.tensor([SPACING_MM, SPACING_MM])


def _thickness(integrals: Tensor) -> Tensor:
    """(2, 4, 128, 128): attenuation of each bone alone, about 1 for 40 mm of spongy bone: what the encoder learns."""
    size = (THICKNESS_PIXELS, THICKNESS_PIXELS)
    return torch.nn.functional.interpolate(integrals[:, 1:], size=size, mode="bilinear", antialias=True)


def _levels(
    case: Mapping[str, NDArray], sides: Sequence[int], crop: int | None, rng: np.random.Generator
) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...], Tensor]:
    """HU in [-1, 1] of each grid and five-class soft labels of the next finer one; only the outermost may be a crop."""
    origin = np.zeros(3, np.int64)
    hus, labels = [], []
    for side in sides:
        part = crop if side == sides[-1] and crop is not None and crop < side else None
        if part is not None:
            origin = _crop_origin(case[f"occupancy_{_stored(side)}"], side, part, rng)
        finer = min(2 * side, FINEST)
        hu, classes = case[f"hu_{_stored(side)}"], case[f"occupancy_{_stored(finer)}"]
        if part is not None:
            hu, classes = (whole[(..., *_box(origin, part, whole.shape[-1] // side))] for whole in (hu, classes))
        hus.append(network_value(_reduced(hu, _stored(side) // side)))
        labels.append(soft_classes(_reduced(classes, _stored(finer) // finer)))
    return tuple(hus), tuple(labels), torch.from_numpy(origin)


def _stored(side: int) -> int:
    """The side of the stored grid that a grid is read from; the finest alone needs the large arrays."""
    return FINEST if side > FINEST // 2 else FINEST // 2


def _reduced(volume: np.ndarray, factor: int) -> np.ndarray:
    return pooled(volume, factor) if factor > 1 else volume


def _box(origin: np.ndarray, crop: int, factor: int) -> tuple[slice, slice, slice]:
    """A crop of a grid in voxels of one that is `factor` times as fine."""
    i, j, k = (slice(int(o) * factor, (int(o) + crop) * factor) for o in origin)
    return i, j, k


def _crop_origin(occupancy: np.ndarray, side: int, crop: int, rng: np.random.Generator) -> np.ndarray:
    """Origin (3,) of a crop that holds some bone, on a multiple of four voxels."""
    places = (side - crop) // 4 + 1
    origin = np.zeros(3, np.int64)
    for _ in range(8):
        origin = 4 * rng.integers(0, places, 3)
        if occupancy[:, *_box(origin, crop, occupancy.shape[-1] // side)][:, ::8, ::8, ::8].any():
            break
    return origin


def network_value(hu: np.ndarray) -> Tensor:
    """(1, 1, n, n, n): HU clipped to [-1000, 2000] and scaled to [-1, 1]."""
    return torch.from_numpy((np.clip(hu, -1000, 2000).astype(np.float32) - 500) / 1500)[None, None]


def soft_classes(occupancy: np.ndarray) -> Tensor:
    """(1, 5, n, n, n): background and four bones, from bones' occupancy in 0 … 255."""
    bones = torch.from_numpy(occupancy.astype(np.float32) / 255)
    return torch.cat([(1 - bones.sum(0, keepdim=True)).clamp_min(0), bones])[None]


def stacked(items: Sequence[Batch]) -> Batch:
    """Batches as one, along their first axis."""

    def cat(name: str) -> Tensor:
        return torch.cat([getattr(item, name) for item in items])

    def cat_levels(name: str) -> tuple[Tensor, ...]:
        return tuple(torch.cat(level) for level in zip(*(getattr(item, name) for item in items), strict=True))

    names = ("films", "camera_from_lps", "sod_mm", "micro", "thickness", "crop_origin_ijk")
    return Batch(hu=cat_levels("hu"), labels=cat_levels("labels"), **{name: cat(name) for name in names})
