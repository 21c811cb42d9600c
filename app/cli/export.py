"""`genu export`: the bones of a generated knee in another program's format, each file read back and compared."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.cli.console import drain_visibly
from engine.domain import Bone, BoneMesh, RefusedInput

REPORT = "report.json"


def add_export_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu export`."""
    from export.formats import FORMATS

    parser = commands.add_parser(
        "export",
        help="the bones as STL, PLY, OBJ or GLB, with a manifest of hashes",
        description="Write the bones of a generated knee to a new folder. STL, PLY and OBJ: one bone a file, in"
        " millimetres, patient LPS. GLB: the whole knee, in metres, +Y up. Every file is read back and compared, and"
        " manifest.json lies beside.",
    )
    parser.add_argument("result", type=Path, metavar="DIR", help="what genu generate wrote")
    parser.add_argument("--format", choices=tuple(FORMATS), required=True, help="of the files")
    parser.add_argument(
        "--bones", type=_bones, default=tuple(Bone), metavar="BONE,...", help="some of femur,tibia,patella,fibula"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder, written whole")
    parser.set_defaults(run=run_export)


def run_export(arguments: argparse.Namespace) -> int:
    """Export; 0 only when every file stands and was read back."""
    from app.jobs.export_bones import ExportRequest, export_bones
    from export.manifest import origin_of

    report = read_report(arguments.result)
    case, meshes = read_result(arguments.result, report)
    absent = [bone.word for bone in arguments.bones if bone not in {mesh.bone for mesh in meshes}]
    if absent:
        raise RefusedInput(f"{arguments.result}: holds no {absent[0]}; leave it out of --bones or generate it again")
    chosen = tuple(mesh for mesh in meshes if mesh.bone in arguments.bones)
    request = ExportRequest(case, chosen, (arguments.format,), arguments.out, origin_of(report))
    result = drain_visibly(export_bones(request))
    for file in result.files:
        print(f"{file.sha256}  {file.name}")
    count = "1 bone" if len(chosen) == 1 else f"{len(chosen)} bones"
    print(f"{result.manifest}: {count} of the {meshes[0].side.word} knee, read back and equal")
    return 0


def read_report(result: Path) -> Mapping[str, Any]:
    """report.json of a result. Raises RefusedInput naming it when it is not there or is no report."""
    path = result / REPORT
    try:
        report = json.loads(path.read_bytes())
    except OSError as error:
        raise RefusedInput(f"{path}: cannot be read ({error.strerror}); give what genu generate wrote") from error
    except (ValueError, RecursionError) as error:
        raise RefusedInput(f"{path}: is no report of Genu or is damaged; generate the knee again") from error
    if not isinstance(report, dict) or not isinstance(report.get("files"), dict):
        raise RefusedInput(f"{path}: is no report of Genu or is damaged; generate the knee again")
    return report


def read_result(result: Path, report: Mapping[str, Any]) -> tuple[str, tuple[BoneMesh, ...]]:
    """The case's identifier and its bones, each the file that the report names by hash.

    Raises RefusedInput for a bone that was changed since, or whose header does not state unit, space and side.
    """
    from export.formats import FORMATS
    from export.stl import stl_tag

    cases, meshes = set(), []
    for bone in Bone:
        name = f"meshes/{bone.word}.stl"
        path = result / name
        if name not in report["files"]:
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RefusedInput(f"{path}: cannot be read ({error.strerror}); generate the knee again") from error
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 != report["files"][name]:
            raise RefusedInput(f"{path}: was changed since {REPORT} was written; generate the knee again")
        (mesh,) = FORMATS["stl"].read(data, str(path))
        meshes.append(BoneMesh(mesh.vertices_mm, mesh.faces, mesh.bone, mesh.side, (sha256,)))
        cases.add(stl_tag(data, "CASE") or "")
    if len(cases) != 1:
        raise RefusedInput(f"{result}: holds no bones of one case; give what genu generate wrote")
    return cases.pop(), tuple(meshes)


def _bones(text: str) -> tuple[Bone, ...]:
    bones = {bone.word: bone for bone in Bone}
    words = tuple(dict.fromkeys(text.lower().split(",")))
    for word in words:
        if word not in bones:
            raise argparse.ArgumentTypeError(f"{word!r} is none of {','.join(bones)}")
    return tuple(bones[word] for word in words)
