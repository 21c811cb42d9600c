"""What the engine finds when it starts: asked there, since only PyTorch knows, and its driver may end who asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """threads: of the processor that the network would use.   gpu: name of the CUDA device, empty where there is none.

    gpu_bytes, gpu_free_bytes: its memory, whole, and free when the engine started.
    """

    threads: int
    gpu: str = ""
    gpu_bytes: int = 0
    gpu_free_bytes: int = 0


def look() -> Machine:
    """Ask PyTorch, and import what every run needs, so that the first run finds it warm."""
    import torch

    import engine.pipeline  # noqa: F401

    threads = torch.get_num_threads()
    if not torch.cuda.is_available():
        return Machine(threads)
    free, whole = torch.cuda.mem_get_info()
    return Machine(threads, torch.cuda.get_device_name(), whole, free)
