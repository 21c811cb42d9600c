"""The main job as every program runs it: a calibrated pair, a model and a request in, the files of a result out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from app.cases.document import GenerateRequest
from app.jobs.result import checked_knee, result_files
from engine.domain import CalibratedPair, DamagedModel, LateralBeam, MachineFailure, RefusedInput
from engine.progress import Event, Progress, Stopwatch

if TYPE_CHECKING:
    from engine.models.loaded import LoadedModel
    from engine.pipeline import Generated

Draw = Callable[[CalibratedPair, Path, GenerateRequest], "Generator[Event, None, Generated]"]

# The last model of this process, by its folder and what the folder held; read and verified anew once that changes.
_Stamp = tuple[Path, tuple[tuple[str, int, int], ...]]
_warm: dict[_Stamp, LoadedModel] = {}
_loading = Lock()


def knee_files(
    calibrated: CalibratedPair,
    folder: Path,
    request: GenerateRequest,
    beam: LateralBeam,
    watch: Stopwatch | None = None,
    draw: Draw | None = None,
) -> Generator[Event, None, dict[str, bytes]]:
    """Every file of the result by its name, report.json included; nothing is written here.

    folder: of the model bundle, whatever `request.model` says.   watch: of all the work so far, for the report.
    draw: from the pair to a knee; `knee_job` where nothing is said.

    Raises RefusedInput, DamagedModel, and MachineFailure, also for a knee that lacks a bone: that is no result.
    """
    watch = Stopwatch() if watch is None else watch
    generated = yield from watch.timed("model", (draw or knee_job)(calibrated, folder, request))
    checks = yield from watch.timed("checks", checked_knee(generated))
    return (yield from result_files(generated, checks, beam, watch))


def knee_job(calibrated: CalibratedPair, folder: Path, request: GenerateRequest) -> Generator[Event, None, Generated]:
    """Load the model, unless it is the last one of this process, and run it.

    Raises RefusedInput, DamagedModel and MachineFailure.
    """
    yield Progress("model", 0, 1)
    from engine.models.backend import DeviceChoice
    from engine.pipeline import GenerateOptions, generate

    model = warm_model(folder)
    if request.resolution not in (0, model.sizes[-1]):
        raise RefusedInput(f"--resolution {request.resolution}: {model.id} makes {model.sizes[-1]}³; leave it out")
    options = GenerateOptions(
        steps=request.steps, seed=request.seed, samples=request.samples, device=DeviceChoice(request.device)
    )
    yield Progress("model", 1, 1)
    return (yield from generate(calibrated, model, options))


def load_ahead(folder: Path) -> Thread:
    """Begin to load the model in a thread, while the films are read; what is wrong with it, `knee_job` will say.

    Not a daemon: Python must not end in the middle of an import.
    """

    def load() -> None:
        with suppress(RefusedInput, DamagedModel, MachineFailure):
            import engine.pipeline  # noqa: F401

            warm_model(folder)

    thread = Thread(target=load, name="model")
    thread.start()
    return thread


def warm_model(folder: Path) -> LoadedModel:
    """The model of a bundle's folder; one is kept, so that memory never holds two. Threads wait for each other.

    Raises what `load_model` raises.
    """
    with _loading:
        from engine.models.loaded import load_model

        stamp = _stamp(folder)
        if stamp not in _warm:
            _warm.clear()
            _warm[stamp] = load_model(folder)
        return _warm[stamp]


def _stamp(folder: Path) -> _Stamp:
    """What tells a changed folder from the one that was read."""
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [(entry.name, entry.lstat()) for entry in entries]
    return folder, tuple((name, status.st_size, status.st_mtime_ns) for name, status in found)
