"""Where a report's scale is from: every settled value of both films, and who settled it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.cases.document import Checked, CheckedFilm, Decision
from app.desktop.parts.anatomy_words import side_name, view_name
from app.desktop.parts.words import one_line
from app.desktop.report.parts import Heading, Part, Table
from engine.domain import Side, Source, View

translate = QCoreApplication.translate


def calibration(checked: Checked) -> list[Part]:
    """Side, beam, and each film's view, scale and distances."""
    wanted = ((view_name(View.AP), checked.ap), (view_name(View.LATERAL), checked.lateral))
    rows = [
        (
            translate("Report", "Both"),
            translate("Report", "Side"),
            side_name(Side(checked.side.value)),
            _by(checked.side),
        ),
        (translate("Report", "Both"), translate("Report", "Lateral beam"), *_decision(checked.beam)),
    ]
    rows += [(name, *row) for name, film in wanted for row in _film_rows(film)]
    columns = (
        translate("Report", "Film"),
        translate("Report", "Value"),
        translate("Report", "Settled as"),
        translate("Report", "By"),
    )
    return [
        Heading(translate("Report", "Calibration, and who settled it")),
        Table((0.8, 1.6, 1.2, 3), tuple(rows), columns),
    ]


def _film_rows(film: CheckedFilm) -> list[tuple[str, str, str]]:
    turned = translate("Report", "{degrees}°").format(degrees=film.quarter_turns % 4 * 90)
    mirrored = translate("Report", "mirrored") if film.mirrored else translate("Report", "not mirrored")
    return [
        (translate("Report", "View"), view_name(View(film.view.value)), _by(film.view)),
        (translate("Report", "Pixel spacing at the detector, mm"), *_decision(film.spacing_mm)),
        (translate("Report", "Source to detector, mm"), *_decision(film.sid_mm)),
        (translate("Report", "Source to joint, mm"), *_decision(film.sod_mm)),
        (translate("Report", "Columns run to"), *_decision(film.columns_run_to)),
        (translate("Report", "Turned, mirrored"), f"{turned}, {mirrored}", translate("Report", "Check page")),
    ]


def _decision(decision: Decision) -> tuple[str, str]:
    """A settled value, and who settled it."""
    values = decision.value if isinstance(decision.value, list | tuple) else [decision.value]
    words = [f"{value:.5g}" if isinstance(value, float | int) else str(value) for value in values]
    return " × ".join(words), _by(decision)


def _by(decision: Decision) -> str:
    """Who settled a value, and how."""
    by = {
        Source.FILE: translate("Report", "file"),
        Source.USER: translate("Report", "planner"),
        Source.DEFAULT: translate("Report", "default"),
        Source.ESTIMATED: translate("Report", "estimate"),
    }[decision.source]
    return one_line(f"{by}: {decision.detail}" if decision.detail else by)
