"""What a search found: the films as cards to choose two from, and each other file with reason and remedy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.desktop.importing.film_card import FilmCard
from app.desktop.importing.film_search.folder import MOST_FILES, Listed
from app.desktop.importing.film_search.found import Found
from app.desktop.importing.film_search.pairing import ap_first, chosen_at_first
from app.desktop.importing.film_search.search import Searching
from app.desktop.parts.labels import label, push_button
from app.desktop.parts.spoken import spoken
from app.desktop.parts.words import one_line, plain_tooltip
from app.desktop.theme.icons import icon

_SHOWN_AT_ONCE = 4


class SearchResults(QWidget):
    """chosen: the films that are ticked have changed."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[FilmCard] = []
        self.heading = label(role="heading", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Search for films"))
        self.remark = label(role="warning", wrap=True)
        self._grid, self._columns = QGridLayout(), 2
        self._grid.setSpacing(8)
        self.refused = QListWidget()
        self.refused.setAccessibleName(self.tr("Files that cannot be used"))
        self.refused.setWordWrap(True)
        self.refused.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.refused.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.refused_words = label(role="muted")
        self.show_refused = push_button("", "quiet")
        self.show_refused.setCheckable(True)
        self.show_refused.toggled.connect(self._show_refused)
        self._build()
        self.clear()

    def _build(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.refused_words)
        line.addWidget(self.show_refused)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.heading, self.bar, self.remark):
            column.addWidget(part)
        column.addLayout(self._grid)
        column.addLayout(line)
        column.addWidget(self.refused, 1)
        column.addStretch()

    def clear(self) -> None:
        """Nothing found yet."""
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        self.refused.clear()
        self.show_refused.setChecked(False)
        for part in (self.remark, self.refused, self.refused_words, self.show_refused, self.bar):
            part.hide()
        self.heading.setText(self.tr("Looking for films…"))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt: one card is the least, and the others go below it."""
        return QSize(self._widest_card(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().resizeEvent(event)
        columns = self._columns_for(event.size().width())
        if columns != self._columns:
            self._place(columns)

    def _widest_card(self) -> int:
        return max((card.minimumSizeHint().width() for card in self.cards), default=0)

    def _columns_for(self, width: int) -> int:
        return 2 if width >= 2 * self._widest_card() + self._grid.spacing() else 1

    def _place(self, columns: int) -> None:
        """Put the cards beside or below each other."""
        self._columns = columns
        for card in self.cards:
            self._grid.removeWidget(card)
        for at, card in enumerate(self.cards):
            self._grid.addWidget(card, at // columns, at % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def searching(self, how: Searching) -> None:
        """How far the search is."""
        self.bar.show()
        self.bar.setRange(0, how.total if how.done else 0)
        self.bar.setValue(how.done)

    def add(self, entry: Found) -> None:
        """Another file."""
        if entry.film is None:
            self._add_refused(entry)
            return
        card = FilmCard(entry, entry.film, self)
        card.used.connect(self.chosen)
        self.cards.append(card)
        self._place(self._columns_for(self.width()))

    def end(self, listed: Listed | None) -> None:
        """The search has ended; two films are ticked at once where there are no others. None: it failed."""
        self.bar.hide()
        found = [card.entry for card in self.cards]
        at_first = chosen_at_first(found)
        for card in self.cards:
            card.tick.setChecked(card.entry in at_first)
        self.heading.setText(self._heading(len(found), bool(at_first)))
        self.remark.setText("" if listed is None else self._remarks(listed))
        self.remark.setVisible(bool(self.remark.text()))
        self.show_refused.setChecked(0 < self.refused.count() <= _SHOWN_AT_ONCE or not found)
        self.chosen.emit()

    def picked(self) -> tuple[Found, ...]:
        """The ticked films, the AP first where the files say so."""
        ticked = tuple(card.entry for card in self.cards if card.tick.isChecked())
        return ap_first(*ticked) if len(ticked) == 2 else ticked

    def _heading(self, films: int, chosen: bool) -> str:
        if chosen:
            return self.tr("Both films are here")
        if films > 2:
            return self.tr("{count} films are here: tick the two that belong together").format(count=films)
        if films == 1:
            return self.tr("One film is here: add the other view")
        return self.tr("No knee film is here")

    def _remarks(self, listed: Listed) -> str:
        parts = []
        if listed.left_out:
            parts.append(self.tr("Only the first {count} files were looked at.").format(count=MOST_FILES))
        if listed.links:
            parts.append(self.tr("{count} links were not followed.").format(count=listed.links))
        if listed.unread:
            names = ", ".join(one_line(name, 60) for name in listed.unread[:5])
            parts.append(self.tr("These folders could not be opened: {names}.").format(names=names))
        return " ".join(parts)

    def _add_refused(self, entry: Found) -> None:
        reason, remedy = spoken(entry.reason), spoken(entry.remedy)
        remedy = remedy[:1].upper() + remedy[1:]
        lines = (
            f"{one_line(entry.name, 120)} {one_line(reason, 300)}.",
            f"{one_line(remedy, 300)}." if remedy else "",
        )
        item = QListWidgetItem(icon("warning", "warning"), "\n".join(line for line in lines if line))
        item.setToolTip(plain_tooltip(spoken(entry.refused)))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.refused.addItem(item)
        count = self.refused.count()
        self.refused_words.setText(self.tr("Files that cannot be used: {count}").format(count=count))
        self.refused_words.show()
        self.show_refused.show()
        self._show_refused(self.show_refused.isChecked())

    def _show_refused(self, on: bool) -> None:
        self.refused.setVisible(on and self.refused.count() > 0)
        rows, line = self.refused.count(), 2 * self.fontMetrics().height() + 8  # two lines of words
        self.refused.setMinimumHeight(min(rows, _SHOWN_AT_ONCE) * line + line // 2)
        needed = sum(self.refused.sizeHintForRow(row) for row in range(rows))
        self.refused.setMaximumHeight(max(needed, rows * line) + line // 2)
        self.show_refused.setText(self.tr("Hide") if on else self.tr("Show why"))
        self.show_refused.setAccessibleName(self.tr("Show the files that cannot be used"))
