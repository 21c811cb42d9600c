"""`report.json` and `report.csv`: every series, radiograph and other file of an archive, and what became of it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.io.durable import write_file_atomically
from training.prepare.find import Found
from training.prepare.real_films import FoundFilm
from training.prepare.salt import SPLITS

REPORT = "report.json"
RADIOGRAPH = "radiograph"


@dataclass(frozen=True, slots=True)
class Row:
    """One line; hashes only. verdict: "taken" or "refused", of a radiograph "paired" or "not paired".

    split: '' for what was refused or not paired.
    """

    series: str
    kind: str
    files: int
    copies: int
    patient: str
    site: str
    verdict: str
    reason: str
    sides: str
    split: str
    left_out: tuple[str, ...]


def write_report(out: Path, rows: Sequence[Row]) -> Mapping[str, int]:
    """Both files; returns how many series were taken and refused, taken ones by split, and radiographs paired."""
    verdicts = Counter(row.verdict for row in rows)
    counts = {name: verdicts.get(name, 0) for name in ("taken", "refused")}
    counts |= {split: sum(row.split == split and row.verdict == "taken" for row in rows) for split in SPLITS}
    if any(row.kind == RADIOGRAPH for row in rows):
        counts |= {"radiographs paired": verdicts["paired"], "not paired": verdicts["not paired"]}
    names = list(Row.__slots__)
    listed = [{name: getattr(row, name) for name in names} for row in rows]
    content = {"counts": counts, "series": listed}
    write_file_atomically(json.dumps(content, indent=1).encode(), out / REPORT)
    table = io.StringIO()
    writer = csv.DictWriter(table, names)
    writer.writeheader()
    writer.writerows({**line, "left_out": " | ".join(line["left_out"])} for line in listed)
    write_file_atomically(table.getvalue().encode(), out / "report.csv")
    return counts


def write_paths(private: Path, found: Sequence[Found], films: Sequence[FoundFilm]) -> None:
    """Which path is behind which hash, for the clinic alone: this file does hold names."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("series", "path"))
    writer.writerows((one.key, one.files[0] if one.kind != "DICOM" else one.files[0].parent) for one in found)
    writer.writerows((film.key, film.path) for film in films)
    write_file_atomically(table.getvalue().encode("utf-8", "surrogateescape"), private / "paths.csv")
