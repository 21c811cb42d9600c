"""Plots of an evaluation as PNG: how scores spread over the knees, and how they differ between subgroups."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from engine.domain import Bone
from training.evaluate.picture import COLOURS
from training.evaluate.summary import BONES_AND_MEAN, Record, measured

_GREY = "#8a94a0"


def distribution_plot(records: Sequence[Record]) -> bytes:
    """Dice and ASSD of every knee by bone, unregistered: a dot a knee, a bar at the median."""
    figure = Figure(figsize=(9.5, 3.4), layout="constrained")
    for place, (measure, label) in zip(
        figure.subplots(1, 2), (("dice", "Dice"), ("assd_mm", "ASSD (mm)")), strict=True
    ):
        for column, word in enumerate(BONES_AND_MEAN):
            found = [measured(record, "unregistered", word, measure) for record in records]
            values = np.array([value for value in found if value is not None])
            colour = COLOURS.get(Bone(column + 1)) if column < len(Bone) else _GREY
            aside = np.random.default_rng(0).uniform(-0.18, 0.18, len(values))
            place.scatter(column + aside, values, s=16, color=colour, alpha=0.85, edgecolors="#333", linewidths=0.3)
            if len(values):
                place.hlines(np.median(values), column - 0.3, column + 0.3, color="#222", linewidth=1.6)
        place.set_xticks(range(len(BONES_AND_MEAN)), BONES_AND_MEAN)
        place.set_ylabel(label)
        _plain(place)
    return _png(figure)


def subgroup_plot(rows: Sequence[Mapping[str, Any]], whole: Mapping[str, Any] | None) -> bytes:
    """Mean Dice of every subgroup with its interval, beside the mean of all knees."""
    shown = [row for row in rows if row["dice"] is not None]
    figure = Figure(figsize=(8.5, 0.8 + 0.27 * max(1, len(shown))), layout="constrained")
    place = figure.subplots()
    for height, row in enumerate(reversed(shown)):
        dice = row["dice"]
        colour = _GREY if row["group"] == "unknown" else "#2f6f9f"
        place.hlines(height, dice["low"], dice["high"], color=colour, linewidth=2)
        place.plot(dice["mean"], height, "o", color=colour, markersize=5)
    if whole is not None:
        place.axvline(whole["mean"], color="#bbb", linestyle="--", linewidth=1, zorder=0)
    labels = [f"{row['property']}: {row['group']} ({row['knees']})" for row in reversed(shown)]
    place.set_yticks(range(len(shown)), labels, fontsize=8)
    place.set_ylim(-0.7, len(shown) - 0.3)
    place.set_xlabel("mean Dice of the four bones, unregistered, with 95 % interval")
    _plain(place)
    return _png(figure)


def _plain(place: Any) -> None:
    place.spines[["top", "right"]].set_visible(False)
    place.grid(axis="both", color="#e6e6e6", linewidth=0.6)
    place.set_axisbelow(True)


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=140)
    return content.getvalue()
