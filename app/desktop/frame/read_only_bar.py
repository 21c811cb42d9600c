"""The bar that says that a case is open elsewhere, so that nothing can be changed here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.desktop.parts.labels import label, push_button
from app.desktop.parts.marks import Mark


class ReadOnlyBar(QFrame):
    """again: the planner wants to open the case anew, since it may be free by now."""

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readOnlyBar")
        words = label(
            self.tr("Read-only: this case is open in another window. Close it there to change it."), wrap=True
        )
        self.button = push_button(self.tr("Try again"), "quiet", "refresh")
        self.button.clicked.connect(self.again)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.addWidget(Mark("lock", "accent"))
        row.addWidget(words, 1)
        row.addWidget(self.button)
        self.hide()
