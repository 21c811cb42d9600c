"""Where a network runs and in which precision: chosen once a run, and recorded with it."""

from __future__ import annotations

import platform
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

import torch

from engine.domain import MachineFailure, RefusedInput


class DeviceChoice(Enum):
    """What the user may ask for; AUTO is the GPU where there is one."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class Precision(Enum):
    """Of the convolutions and matrix products; AUTO is bfloat16 where the hardware multiplies it in its own units."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True, slots=True)
class Backend:
    """A device and whether its matrix products run in bfloat16."""

    device: torch.device
    bfloat16: bool

    @property
    def record(self) -> dict[str, str | int]:
        """What two runs must share to be bit-equal, for the report."""
        on_gpu = self.device.type == "cuda"
        return {
            "device": self.device.type,
            "name": torch.cuda.get_device_name(self.device) if on_gpu else torch.backends.cpu.get_cpu_capability(),
            "precision": (Precision.BFLOAT16 if self.bfloat16 else Precision.FLOAT32).value,
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
            "machine": platform.machine(),
        }

    def finish(self) -> None:
        """Wait until the device has done all it was given, so that a clock can be read."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    @contextmanager
    def running(self, what: str) -> Generator[None]:
        """Run network code without gradients, in this precision, with algorithms that repeat bit by bit.

        Must not be held across a `yield` of a job: its state belongs to the thread, not to the job. Raises
        MachineFailure naming `what` when the device runs out of memory or fails.
        """
        autocast = torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16)
        repeatable = torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False)
        try:
            with torch.inference_mode(), autocast, repeatable:
                yield
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise MachineFailure(f"{what}: the {self.device.type} is out of memory; close other programs") from error
        except RuntimeError as error:
            raise _failure(what, error) from error


def choose_backend(device: DeviceChoice = DeviceChoice.AUTO, precision: Precision = Precision.AUTO) -> Backend:
    """The backend for a wish.

    Raises RefusedInput when CUDA is asked for by name and this machine has none.
    """
    if device is DeviceChoice.CUDA and not torch.cuda.is_available():
        raise RefusedInput("--device cuda: PyTorch finds no CUDA device on this machine; use --device cpu or auto")
    on_gpu = device is not DeviceChoice.CPU and torch.cuda.is_available()
    chosen = torch.device("cuda" if on_gpu else "cpu")
    return Backend(
        chosen, multiplies_bfloat16(chosen) if precision is Precision.AUTO else precision is Precision.BFLOAT16
    )


def multiplies_bfloat16(device: torch.device) -> bool:
    """Whether the device has matrix units for bfloat16 (tensor cores, AMX); without them it is slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.cpu.get_capabilities().get("amx_bf16", False))


def _failure(what: str, error: RuntimeError) -> MachineFailure:
    if isinstance(error, MachineFailure):
        return error
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    if "not enough memory" in reason or "can't allocate memory" in reason:
        return MachineFailure(f"{what}: this machine is out of memory; close other programs")
    return MachineFailure(f"{what}: the network failed ({reason[:160]}); try --device cpu")
