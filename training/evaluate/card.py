"""What a model card and a manifest say of an evaluation: the figures of its JSON, and what they were measured on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain import RefusedInput
from training.evaluate.knee import SIMULATED, TAKEN
from training.evaluate.report import FORMAT, FORMAT_VERSION
from training.evaluate.subgroups import UNKNOWN
from training.evaluate.summary import BONES_AND_MEAN, MEAN, MEASURE_WORDS, MEASURES


def is_evaluation(values: Mapping[str, Any]) -> bool:
    """Whether JSON values are a report of `genu train evaluate`.

    Raises RefusedInput for one of another version.
    """
    if values.get("format") != FORMAT:
        return False
    if values.get("format_version") != FORMAT_VERSION:
        raise RefusedInput(
            f"the evaluation has format {values.get('format_version')!r}, this Genu reads {FORMAT_VERSION};"
            " evaluate again with this Genu"
        )
    return True


def manifest_scores(report: Mapping[str, Any]) -> dict[str, Any]:
    """For the manifest: means by bone as the program's model list reads them, and every subgroup."""
    found: dict[str, Any] = {"measured_on": measured_on(report), "evaluated_sha256": report["model"]["sha256"]}
    for kind in ("unregistered", "registered"):
        for measure in ("dice", "assd_mm"):
            cells = {word: report["scores"][kind][word][measure] for word in BONES_AND_MEAN}
            found[f"{measure}_{kind}"] = {word: cell["mean"] for word, cell in cells.items() if cell}
    interval = report["scores"]["unregistered"][MEAN]["dice"]
    found["dice_unregistered_interval_95"] = None if interval is None else [interval["low"], interval["high"]]
    found["subgroups"] = [
        {name: row[name] for name in ("property", "group", "knees")}
        | {measure: row[measure] and row[measure]["mean"] for measure in ("dice", "assd_mm")}
        for row in report["subgroups"]
    ]
    return found


def measured_on(report: Mapping[str, Any]) -> str:
    """One sentence: how many knees of what kind, and how they were generated."""
    settings = report["settings"]
    kinds = ((SIMULATED, "with films simulated"), (TAKEN, "with films of their own"))
    counts = [(sum(row["films"] == kind for row in report["knees"]), words) for kind, words in kinds]
    what = " and ".join(f"{knees_of(count)} {words}" for count, words in counts if count)
    failed = len(report["cases"]["failed"])
    missed = f"; {failed} were not made and count as no overlap" if failed else ""
    return f"{what}; from the meshes, {settings['steps']} network evaluations, seed {settings['seed']}{missed}"


def knees_of(count: int) -> str:
    """ "1 knee", "2 knees"."""
    return f"{count} knee" if count == 1 else f"{count} knees"


def card_scores(report: Mapping[str, Any]) -> str:
    """Markdown: what was measured on, scores with 95 % intervals, the ceiling and the subgroups."""
    parts = [f"Measured on {measured_on(report)}. In brackets: 95 % interval, bootstrap over knees."]
    titles = {
        "unregistered": "As generated, without any registration",
        "registered": "After one rigid motion of the knee, never scaled",
    }
    parts += [f"### {title}\n{_score_table(report['scores'][kind])}" for kind, title in titles.items()]
    parts.append(
        f"### The grid's own ceiling: the truth on this grid\n{_score_table(report['ceiling']['unregistered'])}"
    )
    parts.append(f"### Subgroups, as generated\n{_subgroup_table(report)}")
    parts.append(f"FID and KID: {report['images']['status']}.")
    return "\n\n".join(parts)


def weakest_group(report: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The known subgroup of least mean Dice; None where nothing is known."""
    known = [row for row in report["subgroups"] if row["group"] != UNKNOWN and row["dice"]]
    return min(known, key=lambda row: row["dice"]["mean"], default=None)


def _score_table(table: Mapping[str, Any]) -> str:
    rows = [
        "| " + " | ".join([word, *(_cell(table[word][m], 2 if m.endswith("_mm") else 3) for m in MEASURES)]) + " |"
        for word in BONES_AND_MEAN
    ]
    heads = "| bone | " + " | ".join(MEASURE_WORDS.values()) + " |"
    return "\n".join((heads, "|---" * (len(MEASURES) + 1) + "|", *rows))


def _subgroup_table(report: Mapping[str, Any]) -> str:
    rows = [
        "| {property} | {group} | {knees} | ".format(**row) + f"{_cell(row['dice'], 3)} | {_cell(row['assd_mm'], 2)} |"
        for row in report["subgroups"]
    ]
    return "\n".join(("| property | group | knees | Dice | ASSD mm |", "|---|---|---|---|---|", *rows))


def _cell(interval: Mapping[str, Any] | None, digits: int) -> str:
    if interval is None:
        return "-"
    if interval["cases"] < 2:
        return f"{interval['mean']:.{digits}f}"
    return f"{interval['mean']:.{digits}f} [{interval['low']:.{digits}f}, {interval['high']:.{digits}f}]"
