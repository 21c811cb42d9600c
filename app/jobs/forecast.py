"""What a run will need, said before it starts: device, memory against what is there, time. Knows no PyTorch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from app.cases.document import GenerateRequest
from app.jobs.machine import Machine
from app.jobs.models import ModelEntry

CPU, CUDA = "cpu", "cuda"


class Concern(Enum):
    """What the planner should know before the start; those in BLOCKING keep the run from starting."""

    MODEL_DAMAGED = "model damaged"
    NO_SUCH_RESOLUTION = "no such resolution"
    GPU_MISSING = "a GPU was asked for and there is none"
    NO_GPU = "no GPU, so the processor"
    MEMORY_SHORT = "less memory than needed"
    MEMORY_UNKNOWN = "the system does not tell its memory"


BLOCKING = frozenset({Concern.MODEL_DAMAGED, Concern.NO_SUCH_RESOLUTION, Concern.GPU_MISSING})


class Basis(Enum):
    """Where a figure comes from."""

    THIS_MACHINE = "the last run on this machine"
    MEASURED = "measured by the project"
    ESTIMATED = "estimated from the size of the network"


@dataclass(frozen=True, slots=True)
class Pace:
    """Of a run: seconds a network evaluation, and seconds for all the rest."""

    evaluation_s: float
    rest_s: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """device: "cpu", "cuda", or empty until the engine has answered.   device_name: for people, may be empty.

    needed_bytes, available_bytes: of the device's memory; None where unknown.   seconds: None where nobody can know.
    """

    device: str
    device_name: str
    needed_bytes: int
    needed_basis: Basis
    available_bytes: int | None
    seconds: float | None
    seconds_basis: Basis
    concerns: tuple[Concern, ...]

    @property
    def possible(self) -> bool:
        """Whether the run may start."""
        return not BLOCKING.intersection(self.concerns)


# By network preset, 128³. Measured in November 2026 on two cores of a Xeon with AVX-512 at 2.8 GHz, float32, on the
# sample case: resident memory of the engine peaks at 1,947 MiB in its first run and at 2,327 in later ones; an
# evaluation takes 0.85 to 1.15 s; everything else 5 to 6 s in a cold process, of which PyTorch and the model take 4.
_MEASURED_CPU_BYTES = {"compact": 2_400 << 20}
_MEASURED_CPU_PACE = {"compact": Pace(1.15, 6.0)}

# For other networks, and for GPUs, of which none was at hand: Python and PyTorch, the weights as read and in float32,
# and as many tensors of the outermost level as fit the measured peak above.
_BASE_BYTES, _CUDA_BASE_BYTES = 260 << 20, 700 << 20
_WEIGHTS_TIMES, _OUTER_TENSORS, _FLOAT_BYTES = 4, 12, 4


def forecast(
    request: GenerateRequest,
    model: ModelEntry,
    machine: Machine | None,
    available: int | None,
    paces: Mapping[tuple[str, str], Pace] | None = None,
) -> Forecast:
    """What `request` will need. machine: as the engine found it, None until then.   available: bytes of main memory.

    paces: of runs on this machine, by model key and device.
    """
    device = _device(request.device, machine)
    gpu = machine if device == CUDA and machine is not None and machine.gpu else None
    needed, basis = needed_bytes(model, device)
    there = gpu.gpu_free_bytes if gpu else available
    seconds, seconds_basis = _seconds(request, model, device, paces or {})
    return Forecast(
        device=device,
        device_name=gpu.gpu if gpu else "",
        needed_bytes=needed,
        needed_basis=basis,
        available_bytes=there,
        seconds=seconds,
        seconds_basis=seconds_basis,
        concerns=tuple(_concerns(request, model, machine, needed, there)),
    )


def needed_bytes(model: ModelEntry, device: str) -> tuple[int, Basis]:
    """Peak memory of a run on the device; samples follow one another and need no more."""
    if device != CUDA and model.preset in _MEASURED_CPU_BYTES:
        return _MEASURED_CPU_BYTES[model.preset], Basis.MEASURED
    voxels = model.voxels[-1] ** 3 if model.voxels else 0
    activations = _OUTER_TENSORS * model.outer_channels * voxels * _FLOAT_BYTES
    base = _CUDA_BASE_BYTES if device == CUDA else _BASE_BYTES
    return base + _WEIGHTS_TIMES * model.weights_bytes + activations, Basis.ESTIMATED


def pace_of(report: bytes) -> tuple[str, Pace] | None:
    """Device and pace of a run, from its report.json; None where it does not tell."""
    try:
        said = json.loads(report)
        timings, evaluations = said["timings"], int(said["sampler"]["evaluations"])
        pace = Pace(float(timings["network_s"]) / evaluations, float(timings["outside_network_s"]))
        return str(said["backend"]["device"]), pace
    except (ValueError, KeyError, TypeError, ZeroDivisionError):
        return None


def _device(wish: str, machine: Machine | None) -> str:
    if wish != "auto":
        return wish
    return "" if machine is None else CUDA if machine.gpu else CPU


def _seconds(
    request: GenerateRequest, model: ModelEntry, device: str, paces: Mapping[tuple[str, str], Pace]
) -> tuple[float | None, Basis]:
    pace, basis = paces.get((model.key, device)), Basis.THIS_MACHINE
    if pace is None:
        pace, basis = _MEASURED_CPU_PACE.get(model.preset) if device == CPU else None, Basis.MEASURED
    if pace is None:
        return None, Basis.ESTIMATED
    return pace.evaluation_s * request.steps * request.samples + pace.rest_s, basis


def _concerns(
    request: GenerateRequest, model: ModelEntry, machine: Machine | None, needed: int, available: int | None
) -> list[Concern]:
    found = {
        Concern.MODEL_DAMAGED: bool(model.damage),
        Concern.NO_SUCH_RESOLUTION: bool(model.voxels) and request.resolution not in (0, model.voxels[-1]),
        Concern.GPU_MISSING: request.device == CUDA and machine is not None and not machine.gpu,
        Concern.NO_GPU: request.device == "auto" and machine is not None and not machine.gpu,
        Concern.MEMORY_SHORT: available is not None and available < needed,
        Concern.MEMORY_UNKNOWN: available is None,
    }
    return [concern for concern, stands in found.items() if stands]
