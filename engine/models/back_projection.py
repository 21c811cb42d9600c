"""Feature maps of the films carried along their rays into the volume.

A linear layer over the concatenated samples of both views is the sum of the samples of linearly projected maps, so the
projection to a level's few channels happens in 2-D, and one gather of eight rows a voxel (two views, four neighbours)
gives what concatenation and a 1 x 1 x 1 convolution would give, an order of magnitude cheaper.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.geometry.model_frame import FIELD_OF_VIEW_MM, FILM_PIXEL_MM, FILM_PIXELS


def axes_mm(grid_voxels: int, origin_ijk: Tensor, crop_voxels: int) -> Tensor:
    """(B, 3, n) model millimetres of a crop's voxel centres along i, j and k; origin_ijk (B, 3), n = crop_voxels."""
    step = FIELD_OF_VIEW_MM / grid_voxels
    index = torch.arange(crop_voxels, device=origin_ijk.device, dtype=torch.float32)
    return (origin_ijk[:, :, None] + index + 0.5) * step - FIELD_OF_VIEW_MM / 2


def over_grid(along_axes: Tensor) -> Tensor:
    """(..., n, n, n) sums f(i) + g(j) + h(k) of functions of one axis each, (..., 3, n)."""
    i, j, k = along_axes.unbind(-2)
    return i[..., :, None, None] + (j[..., None, :, None] + k[..., None, None, :])


def project(axes: Tensor, camera_from_lps: Tensor, sod_mm: Tensor) -> Tensor:
    """Film row and column, (2, B, V, n, n, n) in film pixels, of the grid with axes (B, 3, n) in model millimetres.

    column = (x_c sod / z_c) / 0.75 + 127.5 and likewise the row: a pinhole whose pixel is measured at the isocentre.
    """
    rotation, offset = camera_from_lps[..., :3], camera_from_lps[..., 3]
    along = rotation[..., None] * axes[:, None, None] + offset[..., None, None] / 3
    x, y, z = over_grid(along).unbind(2)
    scale = (sod_mm / FILM_PIXEL_MM)[..., None, None, None] / z.clamp_min(1.0)
    return torch.stack((y * scale, x * scale)) + (FILM_PIXELS - 1) / 2


def back_project(maps: Tensor, rows_columns: Tensor) -> Tensor:
    """Sum over the views of the maps sampled bilinearly at film positions; nothing is added from outside a film.

    maps: (B, V, C, h, w), any pooling of the film's 256 pixels.   rows_columns: (2, B, V, n, n, n) film pixels.
    Returns (B, n, n, n, C).
    """
    gather = _gathered if maps.device.type == "cpu" else _sampled_by_grid
    return gather(maps, rows_columns.flatten(3)).view(len(maps), *rows_columns.shape[3:], maps.shape[2])


def _sampled_by_grid(maps: Tensor, rows_columns: Tensor) -> Tensor:
    unit = ((2 * rows_columns + 1) / FILM_PIXELS - 1).flip(0).movedim(0, -1)
    sampled = F.grid_sample(maps.flatten(0, 1), unit.flatten(0, 1)[:, None].to(maps.dtype), align_corners=False)
    return sampled.unflatten(0, maps.shape[:2]).squeeze(3).sum(1).transpose(1, 2).contiguous()


def _gathered(maps: Tensor, rows_columns: Tensor) -> Tensor:
    """Eight rows (two views, four neighbours) of a table of all pixels; a border of zeros stands for the outside."""
    padded = F.pad(maps.float().permute(0, 1, 3, 4, 2), (0, 0, 1, 1, 1, 1))
    indices, weights = _neighbours(rows_columns, maps.shape[-1])
    gathered: Tensor = WeightedGather.apply(padded.reshape(-1, maps.shape[2]), indices, weights)  # type: ignore[assignment]
    return gathered


def _neighbours(rows_columns: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """Rows (B N, 4 V) int32 of the table of padded pixels, and their bilinear weights."""
    batch, views = rows_columns.shape[1:3]
    position = ((rows_columns + 0.5) * (side / FILM_PIXELS) + 0.5).clamp_(0, side + 1)
    low = position.floor().clamp_max_(side)
    down, right = (position - low).unbind(0)
    up, left = 1 - down, 1 - right
    wide = side + 2
    start = torch.arange(batch * views, dtype=torch.int32).view(batch, views, 1) * (wide * wide)
    first = (low[0] * wide + low[1]).to(torch.int32) + start
    steps = torch.tensor((0, 1, wide, wide + 1), dtype=torch.int32)
    indices = first.transpose(1, 2)[..., None] + steps
    weights = torch.stack((up * left, up * right, down * left, down * right), -1).transpose(1, 2)
    return indices.reshape(-1, 4 * views), weights.reshape(-1, 4 * views)


class WeightedGather(torch.autograd.Function):
    """out[n] = sum_k weights[n, k] table[indices[n, k]], with its transpose as a sparse matrix product.

    PyTorch's own backward of a bag of embeddings and of grid_sample scatters on one core: five times slower.
    """

    @staticmethod
    def forward(ctx: Any, table: Tensor, indices: Tensor, weights: Tensor) -> Tensor:
        ctx.save_for_backward(indices, weights)
        ctx.rows = len(table)
        return F.embedding_bag(indices, table, per_sample_weights=weights, mode="sum")

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        indices, weights = ctx.saved_tensors
        return _transpose(indices, weights, ctx.rows) @ gradients[0].contiguous(), None, None


def _transpose(indices: Tensor, weights: Tensor, rows: int) -> Tensor:
    """The (rows, N) sparse matrix of a gather's backward pass; scipy turns the (N, rows) one round in linear time."""
    from scipy.sparse import csr_matrix

    bags, terms = indices.shape
    starts = torch.arange(0, bags * terms + 1, terms, dtype=torch.int32).numpy()
    forward = csr_matrix((weights.numpy().ravel(), indices.numpy().ravel(), starts), shape=(bags, rows))
    turned = forward.tocsc()
    parts = (torch.from_numpy(part) for part in (turned.indptr, turned.indices, turned.data))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse")
        return torch.sparse_csr_tensor(*parts, size=(rows, bags))


def axis_features(axes: Tensor) -> Tensor:
    """(B, 3, n, 5) of axes (B, 3, n) in millimetres: the normalised position, two octaves of its sine and cosine."""
    unit = axes / (FIELD_OF_VIEW_MM / 2)
    waves = [function(math.pi * octave * unit) for octave in (1, 2) for function in (torch.sin, torch.cos)]
    return torch.stack((unit, *waves), dim=-1)
