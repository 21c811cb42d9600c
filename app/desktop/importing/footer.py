"""Below the films: the title of the case, what stands against the two films, and the button that makes the case."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.cases.document import CaseDocument
from app.desktop.importing.film_search.found import Found
from app.desktop.importing.film_search.pairing import Doubt, case_title, doubts
from app.desktop.parts.labels import label, push_button, retone
from app.desktop.parts.words import date_words, one_line, plain_tooltip


class ImportFooter(QFrame):
    """new_case, replace: what the planner wants of the two films."""

    new_case = Signal()
    replace = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("importFooter")
        self._proposed, self._possible = "", False
        self.doubts = label(role="warning", wrap=True)
        self.title = QLineEdit()
        self.title.setMaxLength(200)
        self.title.setAccessibleName(self.tr("Title of the case"))
        self.title.setPlaceholderText(self.tr("Title of the case"))
        self.new_button = push_button(self.tr("Make a case and check it"), "primary", "arrow-right")
        self.new_button.clicked.connect(self.new_case)
        self.replace_button = push_button(self.tr("Replace the films of this case"))
        self.replace_button.clicked.connect(self.replace)
        row = QHBoxLayout()
        row.setSpacing(8)
        caption = label(self.tr("Title"), "muted")
        caption.setBuddy(self.title)
        row.addWidget(caption)
        row.addWidget(self.title, 1)
        row.addWidget(self.replace_button)
        row.addWidget(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.doubts)
        column.addLayout(row)

    def title_for(self, films: Sequence[Found]) -> str:
        """What the planner wrote, else what is proposed."""
        return one_line(self.title.text()) or self._proposal(films)

    def show_choice(self, films: Sequence[Found], open_case: CaseDocument | None, searching: bool) -> None:
        """The ticked films. open_case: one whose films may be replaced."""
        against = _doubts(films)
        self._possible = len(films) == 2 and not any(doubt.forbids for doubt in against) and not searching
        self._show_doubts(films, against)
        self._propose(films)
        self.new_button.setEnabled(self._possible)
        self.replace_button.setVisible(open_case is not None)
        self.replace_button.setEnabled(self._possible)
        if open_case is not None:
            has_films = bool(open_case.films)
            words = self.tr("Replace the films of this case") if has_films else self.tr("Use for the open case")
            self.replace_button.setText(words)
            self.replace_button.setToolTip(plain_tooltip(one_line(open_case.title)))

    def be_busy(self, busy: bool) -> None:
        """While the films are being kept."""
        self.new_button.setEnabled(not busy and self._possible)
        self.replace_button.setEnabled(not busy and self._possible)
        self.new_button.setText(self.tr("Importing…") if busy else self.tr("Make a case and check it"))

    def _propose(self, films: Sequence[Found]) -> None:
        proposed = self._proposal(films) if films else ""
        if self.title.text() in ("", self._proposed):
            self.title.setText(proposed)
            self.title.setCursorPosition(0)
        self._proposed = proposed

    def _proposal(self, films: Sequence[Found]) -> str:
        today = date_words(QDate.currentDate())
        fallback = self.tr("Knee of {date}").format(date=today)
        return one_line(case_title([entry.film for entry in films if entry.film is not None], fallback))

    def _show_doubts(self, films: Sequence[Found], against: Sequence[Doubt]) -> None:
        words = [self._doubt_words(doubt) for doubt in against]
        if len(films) > 2:
            words = [self.tr("Tick only two films: the AP and the lateral.")]
        self.doubts.setText(" ".join(words))
        self.doubts.setVisible(bool(words))
        retone(self.doubts, "role", "danger" if any(doubt.forbids for doubt in against) else "warning")

    def _doubt_words(self, doubt: Doubt) -> str:
        return {
            Doubt.SAME_FILE: self.tr("Both are the same picture: choose the AP and the lateral film."),
            Doubt.TWO_PATIENTS: self.tr("These films are of two patients: choose both films of one."),
            Doubt.TWO_BIRTHDAYS: self.tr("These patients were born on different days: choose both films of one."),
            Doubt.SAME_VIEW: self.tr("Both files name the same view: settle it on the next page, or choose another."),
            Doubt.TWO_SIDES: self.tr("The files name different sides: settle it on the next page, or choose another."),
            Doubt.TWO_DATES: self.tr("The films were taken on different dates."),
            Doubt.TWO_NAMES: self.tr("The files write the patient's name differently under one number."),
        }[doubt]


def _doubts(films: Sequence[Found]) -> tuple[Doubt, ...]:
    known = [entry.film for entry in films if entry.film is not None]
    return doubts(known[0], known[1]) if len(known) == 2 else ()
