"""The noise a run starts from: one stream for every seed, sample and level."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor, from_numpy


def noise_levels(seed: int, sizes: Sequence[int], index: int = 0, channels: int = 1) -> list[Tensor]:
    """White noise (1, channels, n, n, n) float32 on the CPU for every side n of `sizes`, innermost first.

    Levels are independent (Gu et al., Matryoshka Diffusion, arXiv 2310.15111, section 3.2), and so are samples of
    different `index`. NumPy draws them one by one (PCG64), so neither the number of threads nor the device changes
    them.
    """
    return [_noise(seed, (index, level), (1, channels, n, n, n)) for level, n in enumerate(sizes)]


def _noise(seed: int, key: tuple[int, int], shape: tuple[int, ...]) -> Tensor:
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
    return from_numpy(stream.standard_normal(shape, dtype=np.float32))
