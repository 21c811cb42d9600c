"""The card that says how well the bones fit each film, and blends the projected CT in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.desktop.parts.anatomy_words import view_name
from app.desktop.parts.labels import label, retone
from app.desktop.parts.panels import card, named_row, slider
from app.desktop.parts.verdict_words import verdict_words
from app.desktop.parts.words import number_words
from engine.domain import View
from engine.quality.similarity import AGREES_FROM, LOOK_FROM, Verdict, verdict

TONES = {Verdict.AGREES: "success", Verdict.LOOK: "warning", Verdict.DIFFERS: "danger"}


class FitCard(QWidget):
    """blended: the share of the projected CT, 0 to 1."""

    blended = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips = {view: label("", "chip") for view in View}
        self.figures = {view: label("", "figure") for view in View}
        self.blend = slider(self.tr("Projected CT over the films"), self.tr("Left: the film. Right: the projected CT"))
        self.meaning = label(self._meaning(), "caption", wrap=True)
        made, column = card(self.tr("Fit to the films"))
        column.addLayout(self._table())
        column.addWidget(self.meaning)
        blend = named_row(self.tr("Film"), self.blend)
        blend.addWidget(label(self.tr("CT"), "muted"))
        column.addLayout(blend)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(made)
        self.blend.valueChanged.connect(lambda percent: self.blended.emit(percent / 100))
        self.show_waiting()

    def show_waiting(self, words: str = "") -> None:
        """No figure yet; words: why, in short."""
        for view in View:
            self.figures[view].setText("–")
            self.chips[view].setText(words or self.tr("being computed"))
            retone(self.chips[view], "tone", "")

    def show_similarity(self, view: View, similarity: float) -> None:
        """The figure of a view and its verdict."""
        found = verdict(similarity)
        self.figures[view].setText(number_words(similarity, 2))
        self.chips[view].setText(verdict_words(found))
        retone(self.chips[view], "tone", TONES[found])

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, view in enumerate(View):
            grid.addWidget(label(view_name(view), "muted"), row, 0)
            grid.addWidget(self.figures[view], row, 1)
            grid.addWidget(self.chips[view], row, 2)
        return grid

    def _meaning(self) -> str:
        return self.tr(
            "How well the bones' shadows follow the film, 1 at best. From {0}: as bones within about 2 mm. Below {1}:"
            " no better than another person's knee."
        ).format(f"{AGREES_FROM:g}", f"{LOOK_FROM:g}")
