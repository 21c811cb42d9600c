"""Pictures of a network's knees while it trains: what it makes of two films beside what is there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engine.models.conditioning import Conditioning
from engine.models.network import Network
from engine.models.schedule import Schedule
from engine.sampling.multistep import sample
from engine.sampling.network_denoiser import level_log_snrs, unclipped_levels
from engine.sampling.noise import noise_levels
from training.configuration import Batch
from training.loop.events import Picture

_STEPS = 4


@torch.no_grad()
def made_beside_true(network: Network, case: Batch, seed: int = 0) -> Picture:
    """The first case's middle slices across i, j and k, made above true, of the outermost level of `case.hu`.

    (2 n, 3 n) grey values, black -1000 HU and white 2000 HU; a slice's first axis runs down, its second right.
    """
    device = next(network.parameters()).device
    case, shapes = case.part(slice(0, 1)).to(device), [level.shape[-1] for level in case.hu]
    told = Conditioning(case.films, case.camera_from_lps, case.sod_mm, case.micro)
    encoded, schedule = network.encode(told, len(shapes)), Schedule()

    def denoiser(x: Sequence[Tensor], t: float) -> list[Tensor]:
        log_snrs = level_log_snrs(schedule, x, t)
        outputs = network.denoise(x, log_snrs[0], encoded)
        return [level.clamp(-1, 1) for level in unclipped_levels(outputs, x, log_snrs)]

    noise = [level.to(device) for level in noise_levels(seed, shapes)]
    *_, last = sample(denoiser, schedule, noise, _STEPS)
    return np.concatenate([_middle_slices(volume[-1][0, 0]) for volume in (last.denoised, case.hu)])


def _middle_slices(volume: Tensor) -> Picture:
    """(n, 3 n) of a volume (n, n, n) in [-1, 1]."""
    slices = [volume.select(axis, len(volume) // 2) for axis in range(3)]
    return ((torch.cat(slices, 1).clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu().numpy()
