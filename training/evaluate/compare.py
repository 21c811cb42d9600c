"""Several evaluations of the same knees in one table, each beside what its training took; published figures apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.domain import Bone, RefusedInput
from training.evaluate.published import PUBLISHED
from training.evaluate.report import FORMAT
from training.evaluate.summary import BONES_AND_MEAN, MEAN, interval

_REPORT = "report.json"
_MILLION, _HOUR = 1e6, 3600.0


def comparison(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """JSON values: a row a model, and of all but the first the paired difference in mean Dice, knee by knee.

    reports: of `genu train evaluate`. Raises RefusedInput where they are not of the same knees in the same films.
    """
    if len(reports) < 2:
        raise RefusedInput("one evaluation cannot be compared; give the folders of two or more")
    first = reports[0]
    for other in reports[1:]:
        _check_same(first, other)
    rows = [_row(report, first) for report in reports]
    return {"knees": len(first["knees"]), "seed": first["settings"]["seed"], "models": rows}


def read_evaluation(path: Path) -> Mapping[str, Any]:
    """The report in an evaluation's folder, or in a file. Raises RefusedInput for anything else."""
    file = path / _REPORT if path.is_dir() else path
    try:
        report = json.loads(file.read_bytes())
    except (OSError, ValueError) as wrong:
        raise RefusedInput(f"{file}: cannot be read as JSON ({wrong}); give an evaluation's folder") from wrong
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise RefusedInput(f"{file}: is no report of genu train evaluate; give an evaluation's folder")
    return report


def comparison_text(compared: Mapping[str, Any]) -> str:
    """Markdown."""
    head = ("model", "parameters, M", "steps", "cases shown", "hours", *BONES_AND_MEAN)
    head += ("mean, registered", "ASSD mm", "HD95 mm", "Dice less the first's")
    lines = [
        f"{compared['knees']} knees, the same films for all (seed {compared['seed']}). Dice and distances without"
        " registration unless said otherwise; 95 % intervals in brackets, that of the difference over paired knees.",
        "",
        _line(head),
        _line(["---"] * len(head)),
        *(_line(_cells(row)) for row in compared["models"]),
        "",
        "Published figures are of other knees, films and definitions, and so comparable with none of these:",
        *(f"- {row['system']}: {row['result']} ({row['why_not_comparable']})" for row in PUBLISHED),
    ]
    return "\n".join(lines) + "\n"


def _check_same(first: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    one, two = (
        (report["settings"]["seed"], {(knee["name"], *sorted(knee["files"].values())) for knee in report["knees"]})
        for report in (first, other)
    )
    if one != two:
        names = first["model"]["id"], other["model"]["id"]
        raise RefusedInput(
            f"{names[0]} and {names[1]} were not scored on the same knees and films; evaluate them alike"
        )


def _row(report: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    scores = report["scores"]
    before = {knee["name"]: knee["dice"] for knee in first["knees"]}
    return {
        "model": dict(report["model"]),
        "dice": {bone: scores["unregistered"][bone]["dice"] for bone in BONES_AND_MEAN},
        "dice_registered": scores["registered"][MEAN]["dice"],
        "assd_mm": scores["unregistered"][MEAN]["assd_mm"],
        "hd95_mm": scores["unregistered"][MEAN]["hd95_mm"],
        "failed": len(report["cases"]["failed"]),
        "dice_less_first": None
        if report is first
        else interval(knee["dice"] - before[knee["name"]] for knee in report["knees"]),
    }


def _cells(row: Mapping[str, Any]) -> list[str]:
    model, trained = row["model"], row["model"].get("trained", {})
    failed = f", {row['failed']} failed" if row["failed"] else ""
    return [
        f"{model['id']} {model['version']}{failed}",
        _number(trained.get("parameters"), _MILLION, 1),
        _number(trained.get("steps"), 1, 0),
        _number(trained.get("cases"), 1, 0),
        _number(trained.get("seconds"), _HOUR, 2),
        *(_mean(row["dice"][bone.word]) for bone in Bone),
        _interval(row["dice"][MEAN]),
        _mean(row["dice_registered"]),
        _interval(row["assd_mm"], 2),
        _mean(row["hd95_mm"], 2),
        _interval(row["dice_less_first"]),
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float | None, unit: float, digits: int) -> str:
    return "–" if value is None else f"{value / unit:.{digits}f}"


def _mean(found: Mapping[str, Any] | None, digits: int = 3) -> str:
    return "–" if found is None else f"{found['mean']:.{digits}f}"


def _interval(found: Mapping[str, Any] | None, digits: int = 3) -> str:
    if found is None or found["cases"] < 2:
        return _mean(found, digits)
    return f"{_mean(found, digits)} [{found['low']:.{digits}f}, {found['high']:.{digits}f}]"
