"""`genu export`: the bones of a generated knee in another program's format, each file read back and compared."""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.console import drain_visibly
from engine.domain import Bone, BoneMesh, RefusedInput

if TYPE_CHECKING:
    from app.cases.store import OpenCase

REPORT = "report.json"
Reader = Callable[[str], bytes]


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
    parser.add_argument("result", type=Path, metavar="DIR", help="what genu generate wrote, or a case's folder")
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

    with opened(arguments.result) as read:
        report = read_report(arguments.result, read)
        case, meshes = read_result(arguments.result, report, read)
    if is_case(arguments.result):  # by the name that the desktop gives its exports
        case = arguments.result.resolve().name
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


def is_case(result: Path) -> bool:
    """Whether a folder is a case of the desktop."""
    return (result / "case.json").is_file()


@contextmanager
def opened(result: Path) -> Iterator[Reader]:
    """What reads a file of a result by its name: of a folder, or of the knee of a case.

    Raises RefusedInput for a case without a knee of its films as they are now.
    """
    if not is_case(result):
        yield lambda name: (result / name).read_bytes()
        return
    from app.cases.store import CaseStore

    place = result.resolve()
    if place.parent.name != "cases":
        raise RefusedInput(f"{result}: is not in a folder of cases; give the case where Genu keeps it")
    with closing(CaseStore(place.parent.parent)) as store, closing(store.open(place.name)) as case:
        yield _reader_of_case(result, case)


def _reader_of_case(result: Path, case: OpenCase) -> Reader:
    from app.cases.document import Step, StepState, step_state

    generated = case.document.generated
    if generated is None or step_state(case.document, Step.GENERATE) is not StepState.DONE:
        raise RefusedInput(f"{result}: has no knee of its films as they are now; generate it in the desktop first")

    def read(name: str) -> bytes:
        if name not in generated.files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        return case.blob(generated.files[name])

    return read


def read_report(result: Path, read: Reader) -> Mapping[str, Any]:
    """report.json of a result. Raises RefusedInput naming it when it is not there or is no report."""
    path = result / REPORT
    try:
        report = json.loads(read(REPORT))
    except OSError as error:
        raise RefusedInput(f"{path}: cannot be read ({error.strerror}); give what genu generate wrote") from error
    except (ValueError, RecursionError) as error:
        raise RefusedInput(f"{path}: is no report of Genu or is damaged; generate the knee again") from error
    if not isinstance(report, dict) or not isinstance(report.get("files"), dict):
        raise RefusedInput(f"{path}: is no report of Genu or is damaged; generate the knee again")
    return report


def read_result(result: Path, report: Mapping[str, Any], read: Reader) -> tuple[str, tuple[BoneMesh, ...]]:
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
            data = read(name)
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
