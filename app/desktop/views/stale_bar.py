"""The strip that says that what is shown was made from something that has changed since."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.desktop.parts.labels import label, push_button
from app.desktop.parts.marks import Mark


class StaleBar(QFrame):
    """generate: the planner wants to generate again."""

    generate = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setProperty("tone", "warning")
        self.sentence = label(
            self.tr("Films or decisions have changed since this knee was generated. It is shown, but not up to date."),
            "warning",
            wrap=True,
        )
        self.button = push_button(self.tr("Generate again"), "quiet", "refresh")
        self.button.clicked.connect(self.generate)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(10)
        row.addWidget(Mark("warning", "warning", 18))
        row.addWidget(self.sentence, 1)
        row.addWidget(self.button)
        self.hide()
