"""FID and KID of generated against true slices, over three planes, at exactly 1,000 images a plane.

"2.5-D": each plane's slices on their own, then the mean of the three (Guo et al., MAISI, arXiv 2409.11169). Slices are
spread evenly over all knees. The floor is the same number between two disjoint halves of the true knees: what a
perfect model would get. Heusel et al., arXiv 1706.08500 (FID); Binkowski et al., arXiv 1801.01401 (KID); computed by
torchmetrics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.evaluate.extractor import Extractor, give_torchvision_its_operators

IMAGES = 1000
PLANES = {"sagittal": 0, "coronal": 1, "axial": 2}
WINDOW_HU = (-1000.0, 2000.0)
KID_SUBSETS = 50
_BATCH = 25

# Knee number → HU on the model's grid in LPS (n, n, n).
Volumes = Callable[[int], NDArray[np.int16]]


def image_distances(
    true: Volumes, made: Volumes, knees: int, voxels: int, extractor: Extractor, images: int = IMAGES
) -> dict[str, Any]:
    """By plane and their mean: `fid`, `kid`, and `floor_fid`, `floor_kid` between halves of the truth.

    A number for which there are too few slices to have `images` different ones is None.
    """
    halves = range(0, knees, 2), range(1, knees, 2)
    planes: dict[str, Mapping[str, float | None]] = {}
    for name, axis in PLANES.items():
        sets = [(true, range(knees)), (made, range(knees)), *((true, half) for half in halves)]
        features = [_features(source, part, axis, voxels, extractor, images) for source, part in sets]
        found = _distances(features[0], features[1])
        floor = _distances(features[2], features[3])
        planes[name] = found | {f"floor_{measure}": value for measure, value in floor.items()}
    names = ("fid", "kid", "floor_fid", "floor_kid")
    return {"planes": planes, "mean": {name: _mean([plane[name] for plane in planes.values()]) for name in names}}


def spread_slices(knees: Sequence[int], voxels: int, images: int) -> list[tuple[int, int]] | None:
    """Exactly `images` different (knee, slice), evenly over all; None where there are not so many."""
    every = len(knees) * voxels
    if every < images:
        return None
    places = np.floor((np.arange(images) + 0.5) * every / images).astype(int)
    return [(knees[place // voxels], int(place % voxels)) for place in places.tolist()]


def frechet_distance(one: Tensor, other: Tensor) -> float:
    """FID of two sets of features (N, F)."""
    give_torchvision_its_operators()
    from torchmetrics.image.fid import FrechetInceptionDistance

    metric = FrechetInceptionDistance(feature=_AsTheyAre(one.shape[1])).set_dtype(torch.float64)
    metric.update(one, real=True)
    metric.update(other, real=False)
    return max(0.0, float(metric.compute()))


def kernel_distance(one: Tensor, other: Tensor) -> float:
    """KID of two sets of features (N, F): mean over 50 subsets of half of the images each, drawn from a fixed seed."""
    give_torchvision_its_operators()
    from torchmetrics.image.kid import KernelInceptionDistance

    size = max(2, min(len(one), len(other)) // 2)
    metric = KernelInceptionDistance(feature=_AsTheyAre(one.shape[1]), subsets=KID_SUBSETS, subset_size=size)
    metric.update(one, real=True)
    metric.update(other, real=False)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return float(metric.compute()[0])


class _AsTheyAre(nn.Module):
    """Features in place of images: each slice goes through the extractor once, whatever it is compared with."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.num_features = features

    def forward(self, features: Tensor) -> Tensor:
        return features


def _features(
    source: Volumes, knees: Sequence[int], axis: int, voxels: int, extractor: Extractor, images: int
) -> Tensor | None:
    chosen = spread_slices(knees, voxels, images)
    if chosen is None:
        return None
    parts: list[Tensor] = []
    for knee in dict.fromkeys(knee for knee, _ in chosen):
        places = [place for own, place in chosen if own == knee]
        slices = torch.from_numpy(np.take(source(knee), places, axis).astype(np.float32)).movedim(axis, 0)
        low, high = WINDOW_HU
        windowed = ((slices - low) / (high - low)).clamp(0, 1)
        parts.extend(extractor.features(batch) for batch in windowed.split(_BATCH))
    return torch.cat(parts)


def _distances(one: Tensor | None, other: Tensor | None) -> dict[str, float | None]:
    if one is None or other is None:
        return {"fid": None, "kid": None}
    return {"fid": frechet_distance(one, other), "kid": kernel_distance(one, other)}


def _mean(values: Sequence[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return float(np.mean(found)) if len(found) == len(values) else None
