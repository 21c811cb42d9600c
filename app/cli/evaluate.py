"""`genu evaluate`: how well a generated knee matches a label map of the truth."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.report import as_json
from engine.domain import Bone, BoneMesh, RefusedInput, Side

if TYPE_CHECKING:
    from rich.table import Table

    from engine.quality.scores import Evaluation, KneeScores


def add_evaluate_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu evaluate`."""
    parser = commands.add_parser(
        "evaluate",
        help="Dice, IoU, ASSD, HD95 and NSD of every bone against the truth",
        description="Score the STL files of a result, as they are and after rigid registration.",
    )
    parser.add_argument("result", type=Path, metavar="PRED_DIR", help="what genu generate wrote")
    parser.add_argument("truth", type=Path, metavar="TRUTH_LABELS", help="NIfTI: 1 femur 2 tibia 3 patella 4 fibula")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the JSON there as well")
    parser.set_defaults(run=run_evaluate)


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Score and print."""
    meshes = read_meshes(arguments.result)
    from engine.io.durable import write_file_atomically
    from engine.io.nifti import read_nifti
    from engine.quality.evaluate import evaluate_knee

    evaluation = evaluate_knee(meshes, read_nifti(arguments.truth))
    content = as_json(evaluation.as_dict())
    if arguments.out:
        write_file_atomically(content, arguments.out)
    if arguments.json:
        print(content.decode(), end="")
    else:
        _print_tables(evaluation)
    return 0


def read_meshes(result: Path) -> list[BoneMesh]:
    """The bones in `result/meshes`, as their STL files say.

    Raises RefusedInput where there is none, or one that does not state millimetres, LPS and a side.
    """
    from export.stl import read_stl, stl_tag

    meshes = []
    for bone in Bone:
        path = result / "meshes" / f"{bone.word}.stl"
        if not path.exists():
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RefusedInput(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
        vertices, faces = read_stl(data, str(path))
        sides = {side.word: side for side in Side}
        said = stl_tag(data, "SPACE"), stl_tag(data, "UNIT"), stl_tag(data, "SIDE")
        if said[:2] != ("LPS", "mm") or said[2] not in sides:
            raise RefusedInput(f"{path}: its header does not state SPACE=LPS, UNIT=mm and a side; export it with Genu")
        meshes.append(BoneMesh(vertices, faces, bone, sides[said[2]]))
    if not meshes:
        raise RefusedInput(f"{result}: holds no meshes/<bone>.stl; give the folder that genu generate wrote")
    return meshes


def _print_tables(evaluation: Evaluation) -> None:
    from rich.console import Console

    motion = evaluation.motion
    moved = f"{motion.translation_mm:.1f} mm, {motion.rotation_deg:.1f}°"
    console = Console()
    console.print(_table("As generated", evaluation.unregistered))
    console.print(_table(f"After rigid registration of the knee ({moved})", evaluation.registered))
    console.print(_table("After rigid registration of each bone", evaluation.registered_per_bone))
    for warning in evaluation.warnings:
        console.print(f"warning: {warning}", markup=False)


def _table(title: str, scores: KneeScores) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for heading in ("bone", "Dice", "IoU", "ASSD mm", "HD95 mm", "NSD 1 mm", "NSD 2 mm"):
        table.add_column(heading, justify="left" if heading == "bone" else "right")
    for row in scores.bones:
        surface = row.surface
        measures = (surface.assd_mm, surface.hd95_mm, surface.nsd_1mm, surface.nsd_2mm) if surface else (None,) * 4
        table.add_row(row.bone.word, f"{row.dice:.3f}", f"{row.iou:.3f}", *_rounded(measures))
    table.add_section()
    table.add_row("mean", f"{scores.mean_dice:.3f}", f"{scores.mean_iou:.3f}", *_rounded((scores.mean_assd_mm,)))
    return table


def _rounded(measures: tuple[float | None, ...]) -> list[str]:
    return ["-" if value is None else f"{value:.2f}" for value in measures]
