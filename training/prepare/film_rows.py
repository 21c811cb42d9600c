"""What became of an archive's radiographs, as lines of its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from training.prepare.real_films import FoundFilm
from training.prepare.report import RADIOGRAPH, Row
from training.prepare.series_job import Verdict


def film_rows(
    films: Sequence[FoundFilm], verdicts: Mapping[str, Verdict], of_series: Mapping[str, str], days: int
) -> list[Row]:
    """A line for each film, of all CTs that it was held against. of_series: the split of each."""
    told: dict[str, dict[str, str]] = {}
    for verdict in verdicts.values():
        for key, reason in verdict.films if verdict.cases else ():
            told.setdefault(key, {})[reason] = of_series[verdict.key]
    return [_row(film, told.get(film.key, {}), days) for film in films]


def _row(film: FoundFilm, reasons: Mapping[str, str], days: int) -> Row:
    """reasons: why it was not paired, '' where it was; each with its CT's split."""
    paired = "" in reasons
    none = f"no CT of its patient within {days} days was taken"
    return Row(
        series=film.key,
        kind=RADIOGRAPH,
        files=1,
        copies=0,
        patient=film.patient,
        site=film.site,
        verdict="paired" if paired else "not paired",
        reason="" if paired else "; ".join(sorted(reasons)) or ("it names no day" if film.day is None else none),
        sides="",
        split=reasons[""] if paired else "",
        left_out=(),
    )
