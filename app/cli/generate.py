"""`genu generate`: two films in, a CT volume, a label map and four bones out, whole or not at all."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from app.assets import DEFAULT_MODEL, model_folder
from app.cli import options
from app.cli.console import StageClock, drain_visibly
from app.cli.report import generation_report, process_seconds
from engine.domain import Bone, BoneMesh, CalibratedPair, LateralBeam, MachineFailure, RefusedInput
from engine.geometry.calibrate import calibrate
from engine.io.durable import REPORT, check_folder, write_folder_atomically
from engine.progress import Event, Progress

if TYPE_CHECKING:
    from engine.pipeline import Generated
    from engine.quality.checks import KneeChecks

RESOLUTIONS = (128, 512)
NEEDED_BYTES = 64 << 20


def add_generate_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu generate`."""
    parser = commands.add_parser(
        "generate",
        help="CT volume and four bone models from an AP and a lateral radiograph",
        description="Generate a knee from two films: DX, CR or RG DICOM, or PNG or TIFF with --spacing.",
    )
    parser.add_argument("films", nargs="*", type=Path, metavar="FILM", help="the AP film, then the lateral film")
    parser.add_argument("--ap", type=Path, metavar="FILE", help="the AP film, whatever the file says")
    parser.add_argument("--lateral", type=Path, metavar="FILE", help="the lateral film, whatever the file says")
    options.add_out(parser, "the result")
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH", help="shipped model or a bundle's folder")
    parser.add_argument("--resolution", type=int, choices=RESOLUTIONS, help="voxels along each side; 512 comes later")
    parser.add_argument("--steps", type=options.count, metavar="N", help="network evaluations a sample")
    parser.add_argument("--seed", type=options.seed, default=0, metavar="N", help="which of the knees that fit")
    parser.add_argument("--samples", type=options.count, default=1, metavar="N", help="average N knees")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="where the network runs")
    parser.add_argument("--side", type=options.side, metavar="L|R", help="of the knee, whatever the files say")
    parser.add_argument(
        "--spacing", type=options.spacing_mm, metavar="MM", help="between pixels at the detector; MM or ROW,COLUMN"
    )
    options.add_beam(parser)
    parser.set_defaults(run=run_generate)


def run_generate(arguments: argparse.Namespace) -> int:
    """Generate and write; 0 only when the whole folder stands."""
    clock = StageClock()
    clock.add("starting", process_seconds())
    _check_request(arguments)
    folder = model_folder(arguments.model)
    with clock.stage("reading"):
        calibrated = read_calibrated(arguments)
    generated = drain_visibly(knee_job(calibrated, folder, arguments), clock)
    files = result_files(generated, arguments.beam, clock)
    write_folder_atomically(files, arguments.out)
    for warning in generated.warnings:
        print(f"warning: {warning}")
    print(f"{arguments.out}: CT, labels and {len(generated.meshes)} bones of the {calibrated.side.word} knee")
    return 0


def read_calibrated(arguments: argparse.Namespace) -> CalibratedPair:
    """The films that the command line names, as a calibrated pair.

    Raises RefusedInput.
    """
    from engine.io.radiograph_file import pair_radiographs

    pair = pair_radiographs(
        *arguments.films,
        ap=arguments.ap,
        lateral=arguments.lateral,
        side=arguments.side,
        spacing_mm=arguments.spacing,
    )
    return calibrate(pair, arguments.beam)


def knee_job(
    calibrated: CalibratedPair, folder: Path, arguments: argparse.Namespace
) -> Generator[Event, None, Generated]:
    """Load the model and run it, as one job.

    Raises RefusedInput, DamagedModel and MachineFailure.
    """
    yield Progress("model", 0, 1)
    from engine.models.backend import DeviceChoice
    from engine.models.loaded import load_model
    from engine.pipeline import DEFAULT_STEPS, GenerateOptions, generate

    model = load_model(folder)
    if arguments.resolution not in (None, model.sizes[-1]):
        raise RefusedInput(f"--resolution {arguments.resolution}: {model.id} makes {model.sizes[-1]}³; leave it out")
    wishes = GenerateOptions(
        steps=arguments.steps or DEFAULT_STEPS,
        seed=arguments.seed,
        samples=arguments.samples,
        device=DeviceChoice(arguments.device),
    )
    yield Progress("model", 1, 1)
    return (yield from generate(calibrated, model, wishes))


def result_files(generated: Generated, beam: LateralBeam, clock: StageClock) -> dict[str, bytes]:
    """Every file of the result folder by its name.

    Raises MachineFailure when a bone is missing or its surface is not closed: that is no result.
    """
    from engine.io.nifti import label_nifti_bytes, nifti_bytes
    from engine.quality.checks import check_knee

    with clock.stage("checks"):
        checks = check_knee(generated.meshes)
        _check_complete(checks)
    with clock.stage("files"):
        files = {"ct.nii.gz": nifti_bytes(generated.ct), "labels.nii.gz": label_nifti_bytes(generated.labels)}
        for mesh in generated.meshes:
            files |= _mesh_files(mesh, _case_id(generated))
    timings = rounded_timings(clock, generated.record["timings"]["network_s"])
    return files | {REPORT: generation_report(generated.record, beam.value, checks.as_dict(), files, timings)}


def _mesh_files(mesh: BoneMesh, case: str) -> dict[str, bytes]:
    from export.stl import stl_bytes, stl_sidecar

    stl = stl_bytes(mesh, case)
    place = f"meshes/{mesh.bone.word}"
    return {f"{place}.stl": stl, f"{place}.json": stl_sidecar(mesh, stl, case)}


def _case_id(generated: Generated) -> str:
    """Twelve letters that name the case by its films alone, so that they say nothing of the patient."""
    films = "".join(film["sha256"] for film in generated.record["inputs"])
    return hashlib.sha256(films.encode()).hexdigest()[:12]


def rounded_timings(clock: StageClock, network_seconds: float) -> dict[str, float]:
    """Seconds of each stage, of the network, and of the whole process so far."""
    total = process_seconds()
    stages = {f"{stage.replace(' ', '_')}_s": seconds for stage, seconds in clock.seconds.items()}
    whole = {"network_s": network_seconds, "outside_network_s": total - network_seconds, "total_s": total}
    return {name: round(seconds, 3) for name, seconds in (stages | whole).items()}


def _check_request(arguments: argparse.Namespace) -> None:
    """Refuse before any work what would be refused after it."""
    if len(arguments.films) > 2:
        raise RefusedInput(f"{arguments.films[2]} is a third film; give an AP and a lateral film")
    if arguments.resolution == 512:
        raise RefusedInput("--resolution 512 needs a super-resolution model, which comes in a later version; use 128")
    check_folder(arguments.out)
    parent = next(place for place in arguments.out.resolve().parents if place.exists())
    try:
        tempfile.TemporaryFile(dir=parent).close()
    except OSError as error:
        raise RefusedInput(f"{arguments.out}: cannot be written ({error.strerror}); choose another place") from error
    free = shutil.disk_usage(parent).free
    if free < NEEDED_BYTES:
        raise MachineFailure(
            f"{arguments.out}: its disk has {free >> 20} MiB free and a result may need {NEEDED_BYTES >> 20};"
            " make room or choose another disk"
        )


def _check_complete(checks: KneeChecks) -> None:
    found = {mesh.bone for mesh in checks.bones}
    faults = [f"no {bone.word}" for bone in Bone if bone not in found]
    faults += [f"a {mesh.bone.word} that is no closed surface" for mesh in checks.bones if not mesh.sound]
    if faults:
        raise MachineFailure(
            f"the generated knee has {' and '.join(faults)}, so nothing was written;"
            " check side, view and spacing of the films, or try another --seed"
        )
