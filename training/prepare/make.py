"""Cases made and kept: `KneeSource, seeds → folder of .npz`. Interrupted work goes on where it stopped."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from engine.progress import Event, Progress
from training.cohort.shape import load_shape_model, shape_model
from training.prepare.case_file import case_path, write_case
from training.prepare.ct_folder import CtFolder
from training.prepare.pool import processes, worked_off
from training.simulate.case import Cohort, KneeSource, simulate_case


def knee_source(ct_folder: Path | None, atlas: Path | None, cache: Path) -> KneeSource:
    """Labelled CTs where a folder is given, else the cohort of LLP26: from an .npz, or rebuilt from its package."""
    if ct_folder is not None:
        return CtFolder.of(ct_folder)
    return Cohort.of(load_shape_model(atlas) if atlas is not None else shape_model(cache))


def prepare(source: KneeSource, folder: Path, seeds: range, workers: int) -> Generator[Event, None, tuple[Path, ...]]:
    """Write the case of every seed that is not there yet; returns all paths in the seeds' order.

    Raises MachineFailure where the system ends a worker.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in seeds if not case_path(folder, seed).exists()]
    done = len(seeds) - len(missing)
    yield Progress("cases", done, len(seeds))
    with processes(workers, _begin, source, folder) as pool, closing(worked_off(_make, missing, pool)) as made:
        for _ in made:
            done += 1
            yield Progress("cases", done, len(seeds))
    return tuple(case_path(folder, seed) for seed in seeds)


_worker: tuple[KneeSource, Path] | None = None


def _begin(source: KneeSource, folder: Path) -> None:
    global _worker
    _worker = (source, folder)


def _make(seed: int) -> None:
    assert _worker is not None
    source, folder = _worker
    write_case(case_path(folder, seed), simulate_case(source, seed))
