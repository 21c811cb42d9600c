"""The cases on this computer: find one, open it, delete it, and see how much room they take."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from app.cases.store import CaseSummary
from app.desktop.background import Background
from app.desktop.importing.case_list import CaseDelegate, CaseList, SummaryRole
from app.desktop.next_step import next_step
from app.desktop.parts.labels import label, push_button
from app.desktop.parts.questions import ask
from app.desktop.parts.words import one_line, size_words
from app.desktop.session import Session, Severity

_WORTH_FILTERING = 6


@dataclass(frozen=True, slots=True)
class _Room:
    summaries: list[CaseSummary]
    bytes_used: int


class RecentCases(QFrame):
    """The list in a card."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setProperty("role", "card")
        self._background = Background(self)
        self.cases = CaseList(self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self.cases)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._make_list()
        self._make_rest()
        self._build()

    def _make_list(self) -> None:
        self.list = QListView()
        self.list.setObjectName("caseItems")
        self.list.setModel(self._filtered)
        self.list.setItemDelegate(CaseDelegate(self.list))
        self.list.setAccessibleName(self.tr("Cases on this computer"))
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.activated.connect(self._open_index)
        self.list.selectionModel().selectionChanged.connect(self._show_choice)
        self._filtered.modelReset.connect(self._show_choice)
        remove = QAction(self.tr("Delete…"), self.list)
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self.delete_chosen)
        open_case = QAction(self.tr("Open"), self.list)
        open_case.triggered.connect(self.open_chosen)
        self.list.addActions([open_case, remove])
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _make_rest(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a case"))
        self.filter.setAccessibleName(self.tr("Find a case by its title"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filtered.setFilterFixedString)
        self.empty = label(
            self.tr("No case yet. Drop two films, or try the sample case: it takes a minute."), "muted", wrap=True
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.room = label(role="caption", wrap=True)
        self.tidy = push_button(self.tr("Free up room"), "quiet")
        self.tidy.setToolTip(self.tr("Remove files that no case and no undo needs any more"))
        self.tidy.clicked.connect(self._tidy)
        self.open_button = push_button(self.tr("Open"), icon_name="folder-open")
        self.open_button.clicked.connect(self.open_chosen)
        self.delete_button = push_button(self.tr("Delete…"), icon_name="trash")
        self.delete_button.setToolTip(self.tr("Delete the chosen case (Del)"))
        self.delete_button.clicked.connect(self.delete_chosen)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.delete_button)
        buttons.addStretch()
        foot = QHBoxLayout()
        foot.addWidget(self.room, 1)
        foot.addWidget(self.tidy)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(label(self.tr("Recent cases"), "heading"))
        column.addWidget(self.filter)
        column.addWidget(self.empty, 1)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addLayout(foot)
        self._show([])

    def refresh(self) -> None:
        """Read the store anew, in a thread."""
        store = self.session.store
        self._background.run(lambda: _Room(store.summaries(), store.bytes_used()), self._show_room, self.session.fail)

    def close_list(self) -> None:
        """Wait for the thread."""
        self._background.close()

    def chosen(self) -> CaseSummary | None:
        """The case that is chosen."""
        indexes = self.list.selectedIndexes()
        return indexes[0].data(SummaryRole) if indexes else None

    def open_chosen(self) -> None:
        """Open the chosen case."""
        if summary := self.chosen():
            self._open(summary)

    def delete_chosen(self) -> None:
        """Ask, then delete the chosen case."""
        summary = self.chosen()
        if summary is None:
            return
        ask(
            self.window(),
            self.tr("Delete “{title}”?").format(title=one_line(self.cases.title(summary), 80)),
            self.tr(
                "Its films and everything made from them are removed from this computer for good. "
                "Files that you exported stay where they are."
            ),
            self.tr("Delete"),
            self.tr("Keep"),
            lambda: self._delete(summary),
        )

    def _open_index(self, index: QModelIndex) -> None:
        self._open(index.data(SummaryRole))

    def _open(self, summary: CaseSummary) -> None:
        document = self.session.document
        if document is not None and document.id == summary.id:
            self.session.want(next_step(document))
        else:
            self.session.open_case(summary.id)

    def _delete(self, summary: CaseSummary) -> None:
        document = self.session.document
        if document is not None and document.id == summary.id:
            self.session.show_case(None)
        self._background.run(
            lambda: self.session.store.delete(summary.id), lambda _none: self.refresh(), self._not_deleted
        )

    def _not_deleted(self, sentence: str) -> None:
        self.session.fail(sentence)
        self.refresh()

    def _tidy(self) -> None:
        self.tidy.setEnabled(False)
        self._background.run(self.session.store.collect_garbage, self._tidied, self._not_tidied)

    def _tidied(self, freed: int) -> None:
        self.tidy.setEnabled(True)
        self.session.say(Severity.INFO, self.tr("{size} were freed.").format(size=size_words(freed)))
        self.refresh()

    def _not_tidied(self, sentence: str) -> None:
        self.tidy.setEnabled(True)
        self.session.fail(sentence)

    def _show_room(self, room: _Room) -> None:
        self._show(room.summaries)
        count, size = len(room.summaries), size_words(room.bytes_used)
        one = self.tr("1 case, {size} on disk").format(size=size)
        many = self.tr("{count} cases, {size} on disk").format(count=count, size=size)
        self.room.setText(one if count == 1 else many)

    def _show(self, summaries: list[CaseSummary]) -> None:
        kept = self.chosen()
        self.cases.show_summaries(summaries)
        self.filter.setVisible(len(summaries) >= _WORTH_FILTERING)
        for part in (self.list, self.open_button, self.delete_button, self.room, self.tidy):
            part.setVisible(bool(summaries))
        self.empty.setVisible(not summaries)
        if kept is not None:
            self._choose(kept.id)
        self._show_choice()

    def _choose(self, case_id: str) -> None:
        for row in range(self._filtered.rowCount()):
            index = self._filtered.index(row, 0)
            if index.data(SummaryRole).id == case_id:
                self.list.setCurrentIndex(index)

    def _show_choice(self) -> None:
        for button in (self.open_button, self.delete_button):
            button.setEnabled(bool(self.list.selectedIndexes()))
