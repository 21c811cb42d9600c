"""The evaluation as one HTML file: no script, nothing fetched, every word from outside as text."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from training.evaluate.plots import distribution_plot, subgroup_plot
from training.evaluate.summary import BONES_AND_MEAN, KINDS, MEAN, MEASURE_WORDS, MEASURES, Record

KIND_WORDS = {
    "unregistered": "As generated",
    "registered": "After one rigid motion of the knee (never scaled)",
    "registered_per_bone": "After a rigid motion of each bone (never scaled)",
}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: #1d2329; background: #fff;
  max-width: 62rem; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .4rem 0; } .note { color: #55606b; font-size: .9rem; }
.banner { background: #fff6e0; border-left: 4px solid #d99a00; padding: .5rem .8rem; margin: 1rem 0; }
.warning { background: #fdeceb; border-left: 4px solid #c0392b; padding: .5rem .8rem; margin: .6rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .4rem 0 1rem; font-variant-numeric: tabular-nums; font-size: .87rem; }
th, td { padding: .28rem .65rem; border-bottom: 1px solid #e1e5e9; text-align: right; vertical-align: top; }
th { border-bottom: 2px solid #aeb7c0; font-weight: 600; }
th:first-child, td:first-child, .left th, .left td { text-align: left; }
.grouped th:nth-child(2), .grouped td:nth-child(2) { text-align: left; }
td small { color: #66717c; white-space: nowrap; display: block; }
tr.mean td { border-top: 2px solid #aeb7c0; font-weight: 600; } tr.mean small { font-weight: 400; }
img { max-width: 100%; height: auto; } figure { margin: .8rem 0; break-inside: avoid; }
figcaption { font-size: .9rem; } code { font-size: .82rem; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } .wide { overflow: visible; } }
"""

Row = Sequence[str]


def html_report(report: Mapping[str, Any], records: Sequence[Record], pictures: Sequence[tuple[str, bytes]]) -> str:
    """The page. report: of `report_of`; records: what it was made from; pictures: name and PNG of the worst knees."""
    sections = (
        _head(report),
        _failures(report["cases"]),
        _scores(report),
        _image(distribution_plot(records), "Spread over the knees: a dot a knee, a bar at the median, as generated."),
        _ceiling(report),
        _subgroups(report),
        _hounsfield(report["hu_error"]),
        _images(report["images"]),
        _pictures(pictures),
        _knees(report["knees"]),
        _published(report["published"]),
        _settings(report),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation of {escape(report['model']['id'])}</title><style>{_STYLE}</style></head>\n<body>"
        + "\n".join(sections)
        + "</body></html>\n"
    )


def number(value: float | None, digits: int = 3) -> str:
    """A number for people, a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def with_interval(interval: Mapping[str, Any] | None, digits: int = 3) -> str:
    """HTML: a mean with its interval below it; one knee alone has none."""
    if interval is None:
        return number(None)
    if interval["cases"] < 2:
        return number(interval["mean"], digits)
    low, high = number(interval["low"], digits), number(interval["high"], digits)
    return f"{number(interval['mean'], digits)} <small>{low} to {high}</small>"


def _head(report: Mapping[str, Any]) -> str:
    model, settings, cases = report["model"], report["settings"], report["cases"]
    dice, assd = (report["scores"]["unregistered"][MEAN][name] for name in ("dice", "assd_mm"))
    least = f"mean Dice {number(dice and dice['mean'])}"
    most = f"ASSD {number(assd and assd['mean'], 2)} mm" if assd else "no mean surface distance"
    knees = cases["scored"] + len(cases["failed"])
    return (
        f"<h1>Evaluation of {escape(model['id'])} {escape(model['version'])}</h1>"
        f"<p>{knees} knees, {settings['steps']} network evaluations each, seed {settings['seed']}: "
        f"<strong>{least}, {most}</strong> without any registration.</p>"
        '<p class="banner">Research use only. Scores hold for the knees that were evaluated and for no others.</p>'
    )


def _failures(cases: Mapping[str, Any]) -> str:
    parts = []
    for name, words in (
        ("failed", "were not made. They count with no overlap, and in no distance"),
        ("refused", "could not be read and are not in the scores"),
    ):
        if cases[name]:
            items = "".join(f"<li>{escape(row['name'])}: {escape(row['reason'])}</li>" for row in cases[name])
            parts.append(f'<div class="warning">{len(cases[name])} knees {words}:<ul>{items}</ul></div>')
    return "".join(parts)


def _scores(report: Mapping[str, Any]) -> str:
    motion = report["residual_motion"]
    turned, moved = motion["rotation_deg"], motion["translation_mm"]
    parts = ["<h2>Scores</h2>", _note("Mean over knees, below it the 95 % interval (bootstrap over knees).")]
    for kind in KINDS:
        parts.append(f"<h3>{KIND_WORDS[kind]}</h3>")
        if kind == "registered" and turned and moved:
            parts.append(
                _note(
                    f"Motion that was left to make: {turned['mean']:.2f}° (at most {turned['max']:.2f}°)"
                    f" and {moved['mean']:.2f} mm (at most {moved['max']:.2f} mm)."
                )
            )
        parts.append(_score_table(report["scores"][kind]))
    return "".join(parts)


def _score_table(table: Mapping[str, Any]) -> str:
    rows = [
        (word, *(with_interval(table[word][m], 2 if m.endswith("_mm") else 3) for m in MEASURES), _count(table[word]))
        for word in BONES_AND_MEAN
    ]
    return _table(("bone", *MEASURE_WORDS.values(), "knees"), rows, last_is_mean=True)


def _count(measures: Mapping[str, Any]) -> str:
    """Knees with an overlap, and beside it those with a distance where that is fewer."""
    overlap, distance = (measures[name]["cases"] if measures[name] else 0 for name in ("dice", "assd_mm"))
    return f"{overlap}" if overlap == distance else f"{overlap} <small>distances: {distance}</small>"


def _ceiling(report: Mapping[str, Any]) -> str:
    voxels = report["model"]["voxels"]
    return (
        "<h2>The grid's own ceiling</h2>"
        + _note(
            f"The truth itself on the model's grid of {voxels}³ voxels, meshed and scored by the same code: no model on"
            " this grid can do better."
        )
        + _score_table(report["ceiling"]["unregistered"])
    )


def _subgroups(report: Mapping[str, Any]) -> str:
    rows = [
        (
            escape(row["property"]),
            escape(row["group"]),
            str(row["knees"]),
            with_interval(row["dice"]),
            with_interval(row["assd_mm"], 2),
        )
        for row in report["subgroups"]
    ]
    bounds = report["condylar_width_bounds_mm"]
    note = "Means over the four bones, as generated. What nobody stated of a knee is unknown, and never guessed."
    if bounds:
        note += f" Thirds of condylar width meet at {bounds[0]:.1f} and {bounds[1]:.1f} mm."
    plot = subgroup_plot(report["subgroups"], report["scores"]["unregistered"][MEAN]["dice"])
    return (
        "<h2>Subgroups</h2>"
        + _note(note)
        + _table(("property", "group", "knees", "Dice", "ASSD mm"), rows, kind="grouped")
        + _image(plot, "Dice by subgroup; the dashed line is the mean of all knees.")
    )


def _hounsfield(table: Mapping[str, Any]) -> str:
    rows = [
        (region, with_interval(row["mean_absolute_hu"], 0), with_interval(row["bias_hu"], 0))
        for region, row in table.items()
        if row["mean_absolute_hu"]
    ]
    body = _table(("region", "mean absolute error", "bias"), rows) if rows else "<p>No knee has a true CT.</p>"
    return "<h2>Error of HU</h2>" + _note("In Hounsfield units, at the true CT's voxels; body is above -500 HU.") + body


def _images(images: Mapping[str, Any]) -> str:
    parts = ["<h2>FID and KID</h2>"]
    if "extractor" in images:
        used = images["extractor"]
        parts.append(
            _note(
                f"Slices of three planes (2.5-D), exactly {images['images_per_plane']:,} a plane. Extractor"
                f" {escape(used['architecture'])}, {escape(used['file'])},"
                f" SHA-256 <code>{escape(used['sha256'])}</code>."
            )
        )
    if images["status"] != "measured":
        status = escape(images["status"])
        return "".join(parts) + f"<p>FID: {status}</p><p>KID: {status}</p>"
    names = ("fid", "floor_fid", "kid", "floor_kid")
    planes = [*images["planes"].items(), (MEAN, images["mean"])]
    rows = [(plane, *(number(row[n], 2 if "fid" in n else 4) for n in names)) for plane, row in planes]
    heads = ("plane", "FID", "FID, real against real", "KID", "KID, real against real")
    return "".join(parts) + _table(heads, rows, last_is_mean=True)


def _pictures(pictures: Sequence[tuple[str, bytes]]) -> str:
    if not pictures:
        return ""
    shown = [_image(picture, escape(name)) for name, picture in pictures]
    note = "Least mean Dice first. Outlines: generated in colour, true dashed in white, over the generated CT."
    return "<h2>The worst knees</h2>" + _note(note) + "".join(shown)


def _knees(knees: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            escape(row["name"]),
            row["status"],
            *(number(row[name], 2 if name == "assd_mm" else 3) for name in _KNEE_COLUMNS),
        )
        for row in knees
    ]
    return "<h2>Every knee</h2>" + _table(("knee", "state", *_KNEE_COLUMNS.values()), rows)


_KNEE_COLUMNS = {
    "dice": "Dice",
    "dice_registered": "Dice, registered",
    "assd_mm": "ASSD mm",
    "ceiling_dice": "Dice of the ceiling",
}


def _published(rows: Sequence[Mapping[str, str]]) -> str:
    names = ("system", "result", "why_not_comparable")
    body = [tuple(escape(row[name]) for name in names) for row in rows]
    return (
        "<h2>Published by others: not comparable</h2>"
        + _note(
            "Other knees, films and definitions. For orientation only; no figure here was measured by this program."
        )
        + _table(("system", "as published", "why it is not comparable"), body, kind="left")
    )


def _settings(report: Mapping[str, Any]) -> str:
    model = report["model"]
    rows = [("model", f"{model['id']} {model['version']}"), ("SHA-256 of the model", model["sha256"])]
    rows += [(name.replace("_", " "), str(value)) for name, value in report["settings"].items()]
    rows += [(name, str(value)) for name, value in report["versions"].items() if value]
    body = [(escape(name), f"<code>{escape(value)}</code>") for name, value in rows]
    return (
        "<h2>Settings and versions</h2>"
        + _table(("what", "value"), body, kind="left")
        + _note("report.json beside this file holds every number, and the SHA-256 of every file of every knee.")
    )


def _table(heads: Row, rows: Sequence[Row], kind: str = "", last_is_mean: bool = False) -> str:
    """HTML of cells that are HTML already."""
    top = "".join(f"<th>{head}</th>" for head in heads)
    lines = []
    for place, row in enumerate(rows):
        mark = ' class="mean"' if last_is_mean and place == len(rows) - 1 else ""
        lines.append(f"<tr{mark}>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>")
    style = f' class="{kind}"' if kind else ""
    return f'<div class="wide"><table{style}><thead><tr>{top}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _note(words: str) -> str:
    return f'<p class="note">{words}</p>'


def _image(png: bytes, caption: str) -> str:
    data = base64.b64encode(png).decode()
    below = f'<figcaption class="note">{caption}</figcaption>'
    return f'<figure><img alt="" src="data:image/png;base64,{data}">{below}</figure>'
