"""The main job: two calibrated radiographs in, a CT volume, a label map and four bones out.

Only this file knows the whole value line from `CalibratedPair` to `BoneMesh`. The network works in the right-knee
frame; the way in is engine/models/film_norm.py and the way back is `lps_grid`, both by the pair's side.
"""

from __future__ import annotations

import platform
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.domain import BoneMesh, CalibratedPair, MachineFailure, Radiograph, RefusedInput, Volume
from engine.geometry.model_frame import FIELD_OF_VIEW_MM, lps_grid
from engine.models.backend import Backend, DeviceChoice, Precision, choose_backend
from engine.models.conditioning import Conditioning, Encoded
from engine.models.film_norm import film_inputs
from engine.models.heap import keep_heap
from engine.models.loaded import LoadedModel
from engine.progress import Event, Preview, Progress, Stopwatch
from engine.sampling import SamplerStep, Spacing, noise_levels, sample
from engine.sampling.network_denoiser import NetworkDenoiser
from engine.surface import bone_surfaces, missing_bone_warnings
from engine.surface.label_map import label_map

SAMPLER = "DPM-Solver++(2M)"
DEFAULT_STEPS = 1  # docs/adr/0018-one-evaluation.md

# HU = 1500 x + 500 maps the network's [-1, 1] to [-1000, 2000].
HU_PER_UNIT, HU_AT_ZERO = 1500.0, 500.0


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """How to run the model.

    steps: network evaluations a sample. seed: of the noise, 0 or more. samples: independent runs whose clean volumes
    and label probabilities are averaged.

    Raises RefusedInput for values out of range.
    """

    steps: int = DEFAULT_STEPS
    seed: int = 0
    samples: int = 1
    device: DeviceChoice = DeviceChoice.AUTO
    precision: Precision = Precision.AUTO
    spacing: Spacing = Spacing.LOG_SNR

    def __post_init__(self) -> None:
        for name, least in (("steps", 1), ("seed", 0), ("samples", 1)):
            if getattr(self, name) < least:
                raise RefusedInput(f"--{name} {getattr(self, name)} is too small; give {least} or more")


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """A generated knee, in the patient's LPS frame with its origin at the isocentre of the two views.

    ct: HU. labels: Bone values. meshes: closed surfaces, one a bone. warnings: sentences for people. record: what
    report.json says, free of patient identity; everything in it but `timings` is the same for the same run.
    """

    ct: Volume
    labels: Volume
    meshes: tuple[BoneMesh, ...]
    warnings: tuple[str, ...]
    record: Mapping[str, Any] = field(default_factory=dict)


def generate(
    calibrated: CalibratedPair, model: LoadedModel, options: GenerateOptions = GenerateOptions()
) -> Generator[Event, None, Generated]:
    """Generate the knee of a pair. Closing the job cancels it at the next step; nothing is written here at all.

    Raises RefusedInput for a device this machine lacks and MachineFailure when the network fails, or answers with
    numbers that are not finite or not a CT's.
    """
    watch, backend = Stopwatch(), choose_backend(options.device, options.precision)
    if backend.device.type == "cpu":
        keep_heap()
    model.network.to(backend.device)
    yield Progress("films", 0, 1)
    with watch.stage("films"):
        conditioning = _conditioning(calibrated, model, backend)
    yield Progress("films", 1, 1)
    yield Progress("encoding", 0, 1)
    with watch.stage("encoding"), backend.running("encoding the radiographs"):
        encoded = model.network.encode(conditioning)
        backend.finish()
    yield Progress("encoding", 1, 1)
    drawn = yield from _sampled(model, encoded, options, backend, watch)
    return (yield from _finished(drawn, calibrated, model, options, backend, watch))


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Means over the samples in the model frame: x0 (n, n, n), probabilities (5, n, n, n); seconds in the network."""

    x0: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    network_s: float


def _conditioning(calibrated: CalibratedPair, model: LoadedModel, backend: Backend) -> Conditioning:
    films, camera_from_model, sod_mm = film_inputs(calibrated)
    voxel_mm = FIELD_OF_VIEW_MM / model.sizes[-1]
    micro = torch.tensor([voxel_mm, voxel_mm])
    films, cameras, sod, micro = (t[None].to(backend.device) for t in (films, camera_from_model[:, :3], sod_mm, micro))
    return Conditioning(films=films, camera_from_lps=cameras, sod_mm=sod, micro=micro)


def _sampled(
    model: LoadedModel, encoded: Encoded, options: GenerateOptions, backend: Backend, watch: Stopwatch
) -> Generator[Event, None, _Drawn]:
    """All samples, one after the other, so that memory does not grow with their number."""
    total, network_s = options.steps * options.samples, 0.0
    x0 = probabilities = torch.zeros((), device=backend.device)
    yield Progress("sampling", 0, total)
    for index in range(options.samples):
        denoiser = NetworkDenoiser(model, encoded, backend)
        noise = [n.to(backend.device) for n in noise_levels(options.seed, model.sizes, index)]
        job = sample(denoiser, model.schedule, noise, options.steps, options.spacing)
        clean = yield from _told(watch.timed("sampling", job), index * options.steps, total)
        with watch.stage("sampling"):
            denoiser.check_range()
            x0 = x0 + clean[-1][0, 0] / options.samples
            probabilities = probabilities + denoiser.label_probabilities() / options.samples
        network_s += denoiser.network_s
    return _Drawn(x0.cpu().numpy(), probabilities.cpu().numpy(), network_s)


def _told(
    job: Generator[SamplerStep, None, list[Tensor]], before: int, total: int
) -> Generator[Event, None, list[Tensor]]:
    """A sampler's steps as events of the main job, each with the knee at every level, innermost first.

    before: steps that were done by earlier samples.
    """
    while True:
        try:
            step = next(job)
        except StopIteration as end:
            return end.value
        yield Progress("sampling", before + step.done, total)
        for level in step.denoised:
            yield Preview("sampling", hounsfield(level[0, 0]))


def hounsfield(x0: Tensor | NDArray) -> NDArray[np.int16]:
    """HU, int16, of network values, any shape."""
    values = torch.as_tensor(x0).clamp(-1, 1) * HU_PER_UNIT + HU_AT_ZERO
    return values.round().short().cpu().numpy()


def _finished(
    drawn: _Drawn,
    calibrated: CalibratedPair,
    model: LoadedModel,
    options: GenerateOptions,
    backend: Backend,
    watch: Stopwatch,
) -> Generator[Event, None, Generated]:
    """From the right-knee frame back to the patient, bones cut out, everything written down."""
    side = calibrated.side
    with watch.stage("volume"):
        ct = Volume(*lps_grid(hounsfield(drawn.x0), side))
        probabilities = np.stack([lps_grid(channel, side)[0] for channel in drawn.probabilities])
        labels = label_map(probabilities, ct.lps_from_ijk)
    surfaces = bone_surfaces(probabilities, ct.lps_from_ijk, side, (model.sha256,))
    meshes = yield from watch.timed("surfaces", surfaces)
    if not meshes:
        raise MachineFailure("surfaces: the network drew no bone at all; use a trained model, and films of a knee")
    warnings = (*_film_warnings(calibrated), *missing_bone_warnings(meshes))
    record = _record(calibrated, model, options, backend) | {"warnings": list(warnings)}
    return Generated(ct, labels, meshes, warnings, record | {"timings": _timings(watch, drawn)})


def _film_warnings(calibrated: CalibratedPair) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence for film, _ in calibrated.views for sentence in film.warnings))


def _timings(watch: Stopwatch, drawn: _Drawn) -> dict[str, Any]:
    """Seconds a stage; the network's are those of encoding and of all its evaluations."""
    network = drawn.network_s + watch.seconds["encoding"]
    stages = {f"{name}_s": seconds for name, seconds in watch.seconds.items()}
    told = stages | {"network_s": network, "outside_network_s": sum(watch.seconds.values()) - network}
    return {name: round(seconds, 3) for name, seconds in told.items()}


def _record(
    calibrated: CalibratedPair, model: LoadedModel, options: GenerateOptions, backend: Backend
) -> dict[str, Any]:
    """What another run needs to give the same files."""
    return {
        "inputs": [_film_record(film) for film, _ in calibrated.views],
        "model": {"id": model.id, "version": model.version, "sha256": model.sha256},
        "sampler": {
            "name": SAMPLER,
            "spacing": options.spacing.value,
            "steps": options.steps,
            "samples": options.samples,
            "evaluations": options.steps * options.samples,
            "seed": options.seed,
        },
        "backend": backend.record,
        "versions": {"genu": _version("genu"), "python": platform.python_version(), "numpy": np.__version__},
    }


def _film_record(film: Radiograph) -> dict[str, Any]:
    """A film without its patient: what it is, and who said so."""
    return {
        "file": film.source_name,
        "sha256": film.sha256,
        "view": film.view.value if film.view else None,
        "side": film.side.value if film.side else None,
        "pixel_spacing_mm": list(film.pixel_spacing_mm),
        "sid_mm": film.sid_mm,
        "sod_mm": film.sod_mm,
        "columns_run_to": film.columns_run_to,
        "provenance": {name: f"{p.source.value}: {p.detail}" for name, p in sorted(film.provenance.items())},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "source tree"
