"""What the two films have in common: which knee it is, and which way the lateral beam ran."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.cases.check_draft import CheckDraft
from app.cases.film_draft import SETTLING
from app.desktop.check.words import beam_word, provenance_words, side_word
from app.desktop.parts.elided_label import ElidedLabel
from app.desktop.parts.labels import label, push_button
from engine.domain import LateralBeam, Side


class KneeCard(QFrame):
    """side_chosen: a Side.   beam_chosen: a LateralBeam."""

    side_chosen = Signal(object)
    beam_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.sides = {side: push_button(side_word(side)) for side in Side}
        self._group = QButtonGroup(self)
        for side, button in self.sides.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, side=side: self.side_chosen.emit(side))
            self._group.addButton(button)
        self.side_origin, self.beam_origin = ElidedLabel(), ElidedLabel()
        self.beam = QComboBox()
        self.beam.setAccessibleName(self.tr("Lateral beam"))
        self.beam.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.beam.setMinimumContentsLength(16)
        for beam in LateralBeam:
            self.beam.addItem(beam_word(beam), beam)
        self.beam.activated.connect(lambda _index: self.beam_chosen.emit(self.beam.currentData()))
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in self.sides.values():
            row.addWidget(button, 1)
        name = label(self.tr("Lateral beam"))
        name.setBuddy(self.beam)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(label(self.tr("Knee"), "heading"))
        column.addLayout(row)
        column.addWidget(self.side_origin)
        column.addSpacing(4)
        column.addWidget(name)
        column.addWidget(self.beam)
        column.addWidget(self.beam_origin)

    def show_draft(self, draft: CheckDraft) -> None:
        """Show side and beam."""
        self._group.setExclusive(False)
        for side, button in self.sides.items():
            button.setChecked(draft.side is not None and draft.side.value == side.value)
        self._group.setExclusive(True)
        settled = draft.side is not None and draft.side.source in SETTLING
        self.side_origin.show_text(provenance_words(draft.side), not settled)
        self.beam.setCurrentIndex(self.beam.findData(LateralBeam(draft.beam.value)))
        self.beam_origin.show_text(provenance_words(draft.beam))

    def enable(self, editable: bool) -> None:
        """Whether they can be changed."""
        for widget in (*self.sides.values(), self.beam):
            widget.setEnabled(editable)
