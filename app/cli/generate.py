"""`genu generate`: two films in, a CT volume, a label map and four bones out, whole or not at all."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

from app.assets import DEFAULT_MODEL
from app.cases.document import GenerateRequest
from app.cli import options
from app.cli.console import drain_visibly, process_seconds
from app.jobs.knee_job import knee_files, knee_job, load_ahead
from app.jobs.models import model_folder
from engine.domain import Bone, CalibratedPair, MachineFailure, RefusedInput
from engine.geometry.calibrate import calibrate
from engine.io.durable import REPORT, check_folder, write_folder_atomically
from engine.progress import Stopwatch

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
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|PATH", help="model at hand or a bundle's folder")
    parser.add_argument("--resolution", type=int, choices=RESOLUTIONS, help="voxels along each side; 512 comes later")
    parser.add_argument(
        "--steps", type=options.count, default=GenerateRequest().steps, metavar="N", help="network evaluations a sample"
    )
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
    watch = Stopwatch(time.monotonic() - process_seconds())
    watch.add("starting", watch.total)
    _check_request(arguments)
    folder = model_folder(arguments.model)
    load_ahead(folder)
    with watch.stage("reading"):
        calibrated = read_calibrated(arguments)
    files = drain_visibly(knee_files(calibrated, folder, _request(arguments), arguments.beam, watch, knee_job))
    write_folder_atomically(files, arguments.out)
    for warning in json.loads(files[REPORT])["warnings"]:
        print(f"warning: {warning}")
    print(f"{arguments.out}: CT, labels and {len(Bone)} bones of the {calibrated.side.word} knee")
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


def _request(arguments: argparse.Namespace) -> GenerateRequest:
    return GenerateRequest(
        model=arguments.model,
        resolution=arguments.resolution or 0,
        steps=arguments.steps,
        seed=arguments.seed,
        samples=arguments.samples,
        device=arguments.device,
    )


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
