"""Scores by what may make a knee harder. A knee whose property nobody stated stands under "unknown"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from training.evaluate.knee import Properties
from training.evaluate.summary import MEAN, Record, interval, measured

UNKNOWN = "unknown"
FLEXED_FROM_DEG, FLEXED_TO_DEG = 20.0, 30.0
Grouping = Callable[[Properties], str | None]

_ERRORS = ((0.05, "none"), (2.5, "up to 2.5°"), (5.0, "2.5 to 5°"), (float("inf"), "over 5°"))
_THIRDS = ("smallest third", "middle third", "largest third")


def subgroup_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """A row for each property and group: knees in it, and intervals of mean Dice and ASSD over bones, unregistered."""
    known = [Properties.of(record["properties"]) for record in records]
    rows = []
    for name, (grouping, order) in _groupings(known).items():
        found = [grouping(properties) or UNKNOWN for properties in known]
        for group in (*order, UNKNOWN):
            members = [record for record, own in zip(records, found, strict=True) if own == group]
            if members:
                rows.append({"property": name, "group": group, "knees": len(members)} | _scores(members))
    return rows


def view_error_group(properties: Properties) -> str | None:
    """By the angle between the lateral film as stated and as it stood."""
    error = properties.lateral_error_deg
    return None if error is None else next(group for most, group in _ERRORS if error <= most)


def flexion_group(properties: Properties) -> str | None:
    """By the knee's flexion in the lateral film; clinics take it at 20 to 30 degrees."""
    flexion = properties.flexion_deg
    if flexion is None:
        return None
    if flexion < FLEXED_FROM_DEG:
        return "below 20°"
    return "20 to 30°" if flexion <= FLEXED_TO_DEG else "over 30°"


def bend_group(properties: Properties) -> str | None:
    """By whether the knee was bent further for the lateral than for the AP film, so that the two show no one scene."""
    bend = properties.bend_deg
    return None if bend is None else "same as AP" if abs(bend) < 1 else "bent further"


def films_group(properties: Properties) -> str | None:
    """By how many of the two films are real."""
    films = properties.real_films
    return None if films is None else ("none", "one", "both")[len(films.split(",")) if films else 0]


def _groupings(known: Sequence[Properties]) -> dict[str, tuple[Grouping, tuple[str, ...]]]:
    """By name: which group a knee is in, and the groups in the order that people read them."""
    return {
        "side": (lambda p: p.side, ("right", "left")),
        "condylar width": (_thirds([p.condylar_width_mm for p in known]), _THIRDS),
        "error of the lateral view": (view_error_group, tuple(group for _, group in _ERRORS)),
        "flexion in the lateral film": (flexion_group, ("below 20°", "20 to 30°", "over 30°")),
        "pose of the lateral film": (bend_group, ("same as AP", "bent further")),
        "osteopenia": (lambda p: _yes_or_no(p.osteopenia), ("no", "yes")),
        "implant in view": (lambda p: _yes_or_no(p.implant), ("no", "yes")),
        "films of the patient": (films_group, ("none", "one", "both")),
    }


def width_bounds(widths_mm: Sequence[float | None]) -> tuple[float, float] | None:
    """Where the thirds of the known widths meet, in mm; None with fewer than three."""
    found = [width for width in widths_mm if width is not None]
    if len(found) < len(_THIRDS):
        return None
    low, high = np.quantile(found, [1 / 3, 2 / 3])
    return float(low), float(high)


def _thirds(widths_mm: Sequence[float | None]) -> Grouping:
    bounds = width_bounds(widths_mm)

    def group(properties: Properties) -> str | None:
        width = properties.condylar_width_mm
        return None if bounds is None or width is None else _THIRDS[int(np.searchsorted(bounds, width))]

    return group


def _yes_or_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _scores(members: Sequence[Record]) -> dict[str, Any]:
    return {
        name: interval(measured(record, "unregistered", MEAN, name) for record in members)
        for name in ("dice", "assd_mm")
    }
