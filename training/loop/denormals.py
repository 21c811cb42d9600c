"""Numbers too small for full precision, which processors compute with at a tenth of their speed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Denormal results are 0 inside, on this thread and on those that torch starts; afterwards as before.

    Saturated softmaxes leave gradients and moments near 1e-40; unflushed they made steps at 32³ four times as slow.
    """
    before = sys.float_info.min / 2 == 0.0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)
