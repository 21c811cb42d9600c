"""What the planner wants exported, what it will be called, and the job that makes it. No widgets."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.cases.document import CaseDocument, Exported, Step, StepState, basis_of, step_state
from app.cases.knee import Knee, calibrated, load_knee, mesh_file
from app.cases.store import OpenCase
from app.jobs.export_bones import ExportRequest, ExportResult, export_bones, folder_name
from engine.domain import Bone, MachineFailure, RefusedInput, Side
from engine.progress import Event
from export.formats import FORMATS
from export.manifest import MANIFEST, MeshFile, origin_of

REPORT, PICTURE = "report.pdf", "view.png"


@dataclass(frozen=True, slots=True, eq=False)
class Wishes:
    """bones, formats: what to write.   folder: where the new folder is made.   report: a PDF; films: shown in it.

    picture: one of the 3-D view.
    """

    bones: tuple[Bone, ...]
    formats: tuple[str, ...]
    folder: Path
    report: bool = True
    films: bool = True
    picture: bool = False


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that will be written. format: of a mesh; "" for a paper."""

    name: str
    format: str


def bones_of(document: CaseDocument) -> tuple[Bone, ...]:
    """The bones of the generated knee."""
    files = {} if document.generated is None else document.generated.files
    return tuple(bone for bone in Bone if mesh_file(bone) in files)


def side_of_case(document: CaseDocument) -> Side:
    """The side that the planner settled. Raises RefusedInput where nobody did."""
    if document.checked is None:
        raise RefusedInput("the side of this knee is not settled; check the films first")
    return Side(document.checked.side.value)


def may_export(document: CaseDocument | None) -> bool:
    """Whether a knee stands that nothing upstream of it has changed since."""
    steps = (Step.IMPORT, Step.CHECK, Step.GENERATE)
    return document is not None and all(step_state(document, step) is StepState.DONE for step in steps)


def planned_files(document: CaseDocument, wishes: Wishes) -> list[PlannedFile]:
    """Every file that an export will write, in its order."""
    side, planned = side_of_case(document).word, []
    for name in wishes.formats:
        extension, whole = FORMATS[name].extension, FORMATS[name].whole_knee
        parts = ["knee"] if whole else [bone.word for bone in wishes.bones]
        planned += [PlannedFile(f"{document.id}_{side}_{part}.{extension}", name) for part in parts if wishes.bones]
    papers = [_paper_name(document, side, REPORT)] if wishes.report else []
    papers += [_paper_name(document, side, PICTURE)] if wishes.picture else []
    return [*planned, *(PlannedFile(name, "") for name in (*papers, MANIFEST))]


def export_job(
    case: OpenCase, document: CaseDocument, wishes: Wishes, picture: bytes = b""
) -> Generator[Event, None, ExportResult]:
    """Export the knee of `document` into a new folder inside `wishes.folder`. In a thread; errors of `export_bones`.

    picture: PNG of the 3-D view, where one is wished for.
    What is exported is what is shown: both are read from the same files of the case, each by its hash.
    """
    if not may_export(document):
        raise RefusedInput(
            "the films have changed since this knee was generated; generate it again before exporting it"
        )
    knee = load_knee(case, document)
    if knee.side is not side_of_case(document):
        raise RefusedInput("the knee is of another side than the films were settled to be; generate it again")
    meshes = tuple(mesh for mesh in knee.meshes if mesh.bone in wishes.bones)
    folder = wishes.folder / folder_name(document.id, knee.side.word)

    def papers(files: Sequence[MeshFile]) -> Mapping[str, bytes]:
        made = {}
        if wishes.picture:
            made[_paper_name(document, knee.side.word, PICTURE)] = picture
        if wishes.report:
            made[_paper_name(document, knee.side.word, REPORT)] = _report(case, document, knee, wishes, files)
        return made

    request = ExportRequest(document.id, meshes, wishes.formats, folder, origin_of(knee.report), papers)
    return (yield from export_bones(request))


def exported(document: CaseDocument, wishes: Wishes, result: ExportResult) -> Exported:
    """The record of an export of `document`, as it was when the export began."""
    formats = ", ".join(wishes.formats)
    return Exported(basis_of(document, Step.EXPORT), str(result.folder), formats, dict(result.sha256), result.at)


def _paper_name(document: CaseDocument, side: str, name: str) -> str:
    return f"{document.id}_{side}_{name}"


def _report(case: OpenCase, document: CaseDocument, knee: Knee, wishes: Wishes, files: Sequence[MeshFile]) -> bytes:
    from app.desktop.report.content import Material, case_report
    from app.desktop.report.pdf import report_pdf

    try:
        pair = calibrated(case, document)
    except (RefusedInput, MachineFailure):  # the report says so; the bones can be exported without their films
        pair = None
    meshes = tuple(mesh for mesh in knee.meshes if mesh.bone in wishes.bones)
    at = f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
    return report_pdf(case_report(Material(document, knee, meshes, pair, files, at, wishes.films)))
