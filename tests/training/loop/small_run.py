"""Cases of four balls for the tiny network: what tests of the loop train on."""

import torch

from engine.models.presets import PRESETS
from training.configuration import Batch

TINY = PRESETS["tiny"]
# Four balls, no two alike and none on an axis: centre x, y, z and radius, mm.
BALLS = ((10.0, 0.0, 40.0, 35.0), (0.0, 0.0, -45.0, 33.0), (0.0, -50.0, 20.0, 22.0), (-40.0, 25.0, -40.0, 20.0))


def shares(side):
    """(1, 5, n, n, n) of the four balls, edges soft by a voxel."""
    step = 160 / side
    axis = (torch.arange(side) + 0.5) * step - 80
    points = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), -1)
    balls = [((r - (points - torch.tensor(c)).norm(dim=-1)) / step + 0.5).clamp(0, 1) for *c, r in BALLS]
    bones = torch.stack(balls)
    return torch.cat((1 - bones.sum(0, keepdim=True).clamp_max(1), bones))[None]


def thickness():
    """(2, 4, 256, 256) chords of the balls along parallel rays, in 40 mm."""
    place = (torch.arange(256) - 127.5) * 0.75
    views = []
    for across in (0, 1):
        squares = [r * r - (place[None] - c[across]) ** 2 - (place[:, None] + c[2]) ** 2 for *c, r in BALLS]
        views.append(torch.stack([2 * square.clamp_min(0).sqrt() / 40 for square in squares]))
    return torch.stack(views)


def batch(levels, size):
    ap = torch.tensor([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 9000]])
    lateral = torch.tensor([[0, 1.0, 0, 0], [0, 0, -1, 0], [-1, 0, 0, 9000]])
    chords = thickness()
    films = torch.stack((chords.sum(1) - 0.5, chords.sum(1).sqrt(), chords[:, 0] - chords[:, 1]), 1)
    labels = tuple(shares(TINY.voxels(level)).repeat(size, 1, 1, 1, 1) for level in range(levels))
    return Batch(
        films=films.repeat(size, 1, 1, 1, 1),
        camera_from_lps=torch.stack((ap, lateral)).repeat(size, 1, 1, 1),
        sod_mm=torch.full((size, 2), 9000.0),
        micro=torch.full((size, 2), 20.0),
        hu=tuple(0.8 * level[:, 1:].sum(1, keepdim=True) - 0.6 for level in labels),
        labels=labels,
        thickness=torch.nn.functional.avg_pool2d(chords, 2).repeat(size, 1, 1, 1, 1),
        crop_origin_ijk=torch.zeros(size, 3, dtype=torch.long),
    )
