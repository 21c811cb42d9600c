"""`genu drr`: an AP and a lateral DX DICOM film from a CT volume."""

from __future__ import annotations

import argparse
from collections.abc import Generator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.cli import options
from app.cli.console import drain_visibly
from app.jobs.report import as_json, hashes
from engine.domain import Camera, Identity, Provenance, Radiograph, RadiographPair, Source, View, Volume
from engine.geometry.calibrate import DEFAULT_OBJECT_TO_DETECTOR_MM, DEFAULT_SID_MM, calibrate
from engine.io.durable import REPORT, check_folder, write_folder_atomically
from engine.progress import Event, Progress

# Stored value of a pixel: attenuation (line integral of mu) times this.
VALUES_PER_ATTENUATION = 1000.0
LARGEST_VALUE = 65535

# Rows projected at once: a 512³ volume and 640 columns then take about 300 MB.
_BAND_ROWS = 64
_NAMES = {View.AP: "ap.dcm", View.LATERAL: "lateral.dcm"}


def add_drr_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu drr`."""
    parser = commands.add_parser(
        "drr",
        help="AP and lateral DX DICOM from a CT volume",
        description="Project a CT volume (NIfTI in HU, or a folder with one DICOM series) to the two films of a knee.",
    )
    parser.add_argument("ct", type=Path, metavar="CT", help=".nii, .nii.gz, or a folder of DICOM slices")
    options.add_out(parser, "ap.dcm and lateral.dcm")
    parser.add_argument("--side", type=options.side, required=True, metavar="L|R", help="which knee the volume shows")
    parser.add_argument(
        "--sid", type=options.millimetres, default=DEFAULT_SID_MM, metavar="MM", help="source to detector"
    )
    parser.add_argument("--sod", type=options.millimetres, metavar="MM", help="source to isocentre; SID - 100")
    parser.add_argument("--spacing", type=options.spacing_mm, default=(0.3, 0.3), metavar="MM", help="at the detector")
    parser.add_argument("--size", type=options.size, default=(640, 640), metavar="N", help="pixels; N or ROWS,COLUMNS")
    parser.add_argument("--isocentre", type=options.point_mm, metavar="X,Y,Z", help="LPS mm; the volume's centre")
    parser.add_argument(
        "--lateral-angle",
        type=options.degrees,
        default=0.0,
        metavar="DEG",
        help="turn the lateral's source about the leg's axis, away from its true place",
    )
    options.add_beam(parser)
    parser.set_defaults(run=run_drr)


def run_drr(arguments: argparse.Namespace) -> int:
    """Project and write both films; 0 only when the folder stands."""
    check_folder(arguments.out)
    blank = calibrate(blank_pair(arguments), arguments.beam)
    from engine.io.ct import read_ct

    ct = read_ct(arguments.ct)
    isocentre = np.array(arguments.isocentre or ct.lps([(np.array(ct.hu.shape) - 1) / 2])[0])
    views = (
        (blank.pair.ap, blank.ap_camera),
        (blank.pair.lateral, turned(blank.lateral_camera, arguments.lateral_angle)),
    )
    films = drain_visibly(exposures(ct, [(film, moved(camera, isocentre)) for film, camera in views]))
    write_folder_atomically(drr_files(films, arguments, isocentre), arguments.out)
    print(f"{arguments.out}: {' and '.join(_NAMES.values())} of the {arguments.side.word} knee")
    return 0


def blank_pair(arguments: argparse.Namespace) -> RadiographPair:
    """The two films before exposure: geometry, and pixels of zero.

    Raises RefusedInput for an impossible geometry.
    """
    said = Provenance(Source.USER, "genu drr")
    ap = Radiograph(
        pixels=np.zeros(arguments.size, np.float32),
        view=View.AP,
        side=arguments.side,
        pixel_spacing_mm=arguments.spacing,
        sid_mm=arguments.sid,
        sod_mm=arguments.sod or arguments.sid - DEFAULT_OBJECT_TO_DETECTOR_MM,
        columns_run_to="L",
        source_name=_NAMES[View.AP],
        sha256="",
        identity=Identity(patient_id="SIMULATED", patient_name="Simulated^Film"),
        provenance=dict.fromkeys(("view", "side", "pixel_spacing_mm", "sid_mm", "sod_mm"), said),
    )
    return RadiographPair(ap, replace(ap, view=View.LATERAL, columns_run_to="A", source_name=_NAMES[View.LATERAL]))


def turned(camera: Camera, degrees: float) -> Camera:
    """The camera turned about the patient's long axis (z) through the isocentre, to the left as seen from the front."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    unturned_from_lps = np.array([[cosine, sine, 0, 0], [-sine, cosine, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    return replace(camera, camera_from_lps=camera.camera_from_lps @ unturned_from_lps)


def moved(camera: Camera, isocentre_lps_mm: NDArray[np.float64]) -> Camera:
    """The camera of an isocentre at the origin, carried to another one, (3,)."""
    origin_from_lps = np.eye(4)
    origin_from_lps[:3, 3] = -isocentre_lps_mm
    return replace(camera, camera_from_lps=camera.camera_from_lps @ origin_from_lps)


def exposures(ct: Volume, views: Sequence[tuple[Radiograph, Camera]]) -> Generator[Event, None, list[Radiograph]]:
    """The films with attenuation as pixels, in whole numbers, bone bright."""
    films = []
    for film, camera in views:
        bands = yield from _bands(ct, camera, film)
        values = np.rint(np.concatenate(bands) * VALUES_PER_ATTENUATION)
        films.append(replace(film, pixels=values.clip(0, LARGEST_VALUE).astype(np.float32)))
    return films


def _bands(ct: Volume, camera: Camera, film: Radiograph) -> Generator[Event, None, list[NDArray[np.float32]]]:
    from engine.geometry.projection import project_line_integrals

    assert film.view is not None
    rows, columns = film.pixels.shape
    starts = range(0, rows, _BAND_ROWS)
    bands: list[NDArray[np.float32]] = []
    yield Progress(film.view.value, 0, len(starts))
    for start in starts:
        intrinsics = camera.intrinsics - np.array([[0, 0, 0], [0, 0, start], [0, 0, 0]])
        shape = min(_BAND_ROWS, rows - start), columns
        band = replace(camera, intrinsics=intrinsics)
        bands.append(project_line_integrals(ct.hu, ct.lps_from_ijk, band, shape)[0])
        yield Progress(film.view.value, len(bands), len(starts))
    return bands


def drr_files(
    films: Sequence[Radiograph], arguments: argparse.Namespace, isocentre: NDArray[np.float64]
) -> dict[str, bytes]:
    """Both films and the report by file name."""
    from export.dicom_dx import dx_bytes

    files = {film.source_name: dx_bytes(film) for film in films}
    report = {
        "genu": version("genu"),
        "synthetic": True,
        "ct": arguments.ct.name,
        "side": arguments.side.value,
        "lateral_beam": arguments.beam.value,
        "lateral_angle_degrees": arguments.lateral_angle,
        "isocentre_lps_mm": isocentre.tolist(),
        "values_per_attenuation": VALUES_PER_ATTENUATION,
        "files": hashes(files),
    }
    return files | {REPORT: as_json(report)}
