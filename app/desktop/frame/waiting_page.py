"""What stands where a step's page will be, while something has to be done first: it names the next action."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.cases.document import Step
from app.desktop.parts.labels import label, push_button
from app.desktop.parts.marks import Mark

_ICONS = {
    Step.CHECK: "ruler",
    Step.GENERATE: "sparkle",
    Step.REVIEW: "cube",
    Step.PLAN: "angle",
    Step.EXPORT: "export",
}


class WaitingPage(QWidget):
    """wanted: the Step that the planner goes to."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = Step.IMPORT
        self._mark = Mark("circle", "muted", 48)
        self.title, self.reason = label(role="title"), label(role="muted", wrap=True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = push_button("", "primary", "arrow-left")
        self.button.clicked.connect(lambda: self.wanted.emit(self._first))
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (self._mark, self.title, self.reason):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.reason.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)

    def show_reason(self, step: Step, first: Step) -> None:
        """`step` has to wait for `first`."""
        self._first = first
        self._mark.show_icon(_ICONS.get(step, "circle"), "muted")
        self.title.setText(self._title(step))
        self.reason.setText(self._reason(first))
        self.button.setText(self._action(first))

    def _title(self, step: Step) -> str:
        return {
            Step.IMPORT: "",
            Step.CHECK: self.tr("Nothing to check yet"),
            Step.GENERATE: self.tr("Nothing to generate from yet"),
            Step.REVIEW: self.tr("No knee to review yet"),
            Step.PLAN: self.tr("No knee to measure yet"),
            Step.EXPORT: self.tr("Nothing to export yet"),
        }[step]

    def _reason(self, first: Step) -> str:
        return {
            Step.IMPORT: self.tr("Import the AP and the lateral film of a knee first."),
            Step.CHECK: self.tr("Settle side, view and scale of both films first."),
            Step.GENERATE: self.tr("Generate the knee from the films as they are now first."),
        }[first]

    def _action(self, first: Step) -> str:
        return {
            Step.IMPORT: self.tr("Go to Import"),
            Step.CHECK: self.tr("Go to Check"),
            Step.GENERATE: self.tr("Go to Generate"),
        }[first]
