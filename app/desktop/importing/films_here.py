"""What the open case has already: its two films by name, and the way on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.cases.document import CaseDocument
from app.desktop.parts.labels import label, push_button, retone
from app.desktop.parts.marks import Mark
from app.desktop.parts.words import one_line


class FilmsHere(QFrame):
    """Hidden while the case has no films. go_on: the planner wants the case's next step."""

    go_on = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        retone(self, "tone", "success")
        self.words = label(wrap=True)
        self.button = push_button(self.tr("Go on"), "primary", "arrow-right")
        self.button.clicked.connect(self.go_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(Mark("films", "success", 20))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_document(self, document: CaseDocument | None) -> None:
        """The films of a case."""
        names = [] if document is None else [one_line(film.name, 60) for film in document.films]
        self.words.setText(self.tr("Films of the open case: {names}").format(names=", ".join(names)))
        self.setVisible(bool(names))
