"""A generated knee as the files that stand for it in a folder or in a case."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from app.jobs.report import generation_report
from engine.domain import Bone, BoneMesh, LateralBeam, MachineFailure
from engine.io.durable import REPORT
from engine.progress import Event, Progress, Stopwatch

if TYPE_CHECKING:
    from engine.pipeline import Generated
    from engine.quality.checks import KneeChecks


def checked_knee(generated: Generated) -> Generator[Event, None, KneeChecks]:
    """Checks of every bone.

    Raises MachineFailure when a bone is missing or its surface is not closed.
    """
    yield Progress("checks", 0, 1)
    from engine.quality.checks import check_knee

    checks = check_knee(generated.meshes)
    _check_complete(checks)
    yield Progress("checks", 1, 1)
    return checks


def result_files(
    generated: Generated, checks: KneeChecks, beam: LateralBeam, watch: Stopwatch
) -> Generator[Event, None, dict[str, bytes]]:
    """Every file by its name, report.json last."""
    files = yield from watch.timed("files", _volumes_and_meshes(generated))
    timings = rounded_timings(watch, generated.record["timings"]["network_s"])
    return files | {REPORT: generation_report(generated.record, beam.value, checks.as_dict(), files, timings)}


def rounded_timings(watch: Stopwatch, network_seconds: float) -> dict[str, float]:
    """Seconds of each stage, of the network, and of all the work so far."""
    total = watch.total
    stages = {f"{stage.replace(' ', '_')}_s": seconds for stage, seconds in watch.seconds.items()}
    whole = {"network_s": network_seconds, "outside_network_s": total - network_seconds, "total_s": total}
    return {name: round(seconds, 3) for name, seconds in (stages | whole).items()}


def _volumes_and_meshes(generated: Generated) -> Generator[Event, None, dict[str, bytes]]:
    yield Progress("files", 0, 3)
    from engine.io.nifti import label_nifti_bytes, nifti_bytes

    files = {"ct.nii.gz": nifti_bytes(generated.ct)}
    yield Progress("files", 1, 3)
    files |= {"labels.nii.gz": label_nifti_bytes(generated.labels)}
    yield Progress("files", 2, 3)
    case = _case_id(generated.record)
    for mesh in generated.meshes:
        files |= _mesh_files(mesh, case)
    yield Progress("files", 3, 3)
    return files


def _mesh_files(mesh: BoneMesh, case: str) -> dict[str, bytes]:
    from export.stl import stl_bytes, stl_sidecar

    stl = stl_bytes(mesh, case)
    place = f"meshes/{mesh.bone.word}"
    return {f"{place}.stl": stl, f"{place}.json": stl_sidecar(mesh, stl, case)}


def _case_id(record: Any) -> str:
    """Twelve letters that name the case by its films alone, so that they say nothing of the patient."""
    films = "".join(film["sha256"] for film in record["inputs"])
    return hashlib.sha256(films.encode()).hexdigest()[:12]


def _check_complete(checks: KneeChecks) -> None:
    found = {mesh.bone for mesh in checks.bones}
    faults = [f"no {bone.word}" for bone in Bone if bone not in found]
    faults += [f"a {mesh.bone.word} that is no closed surface" for mesh in checks.bones if not mesh.sound]
    if faults:
        raise MachineFailure(
            f"the generated knee has {' and '.join(faults)}, so nothing was written;"
            " check side, view and spacing of the films, or try another --seed"
        )
