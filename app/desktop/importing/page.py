"""The Import step: two films become a case. Also where an earlier case is opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.assets import asset
from app.cases.document import Step, with_films
from app.desktop.background import Background
from app.desktop.importing.drop_zone import DropZone, dropped_paths
from app.desktop.importing.film_search.found import Found
from app.desktop.importing.films_here import FilmsHere
from app.desktop.importing.footer import ImportFooter
from app.desktop.importing.new_case import new_case_with, put_films, sample_paths, take
from app.desktop.importing.recent_cases import RecentCases
from app.desktop.importing.search_job import FilmSearch
from app.desktop.importing.search_results import SearchResults
from app.desktop.next_step import next_step
from app.desktop.page import Page
from app.desktop.parts.labels import label
from app.desktop.places import case_in
from app.desktop.session import Session
from engine.domain import MachineFailure, RefusedInput

_BESIDE_LETTERS = 100  # width of the page, in letters of the type in use


class ImportPage(Page):
    """Films to the left, earlier cases to the right."""

    step = Step.IMPORT

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.setAcceptDrops(True)
        self._background = Background(self)
        self.search = FilmSearch(self)
        self.here, self.zone, self.results = FilmsHere(), DropZone(), SearchResults()
        self.footer, self.recent = ImportFooter(), RecentCases(session)
        self._sample, self._searching = False, False
        self._connect()
        self._build()
        self._show_results(False)
        self.recent.refresh()

    def _connect(self) -> None:
        self.here.go_on.connect(self._go_on)
        self.zone.given.connect(self.look_at)
        self.zone.sample.connect(self.import_sample)
        self.search.found.connect(self.results.add)
        self.search.searching.connect(self.results.searching)
        self.search.ended.connect(self._searched)
        self.search.failed.connect(self._failed)
        self.results.chosen.connect(self._show_choice)
        self.footer.new_case.connect(self.import_as_new)
        self.footer.replace.connect(self.import_into_open)

    def _build(self) -> None:
        inner = QWidget()
        inner.setObjectName("page")
        films = QVBoxLayout(inner)
        films.setContentsMargins(0, 0, 0, 0)
        films.setSpacing(12)
        films.addWidget(self.zone)
        films.addWidget(self.results, 1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(label(self.tr("Two films of one knee"), "title"))
        left.addWidget(self.here)
        left.addWidget(scroll, 1)
        left.addWidget(self.footer)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(left, 5)
        row.addWidget(self.recent, 2)
        self.recent.setMinimumWidth(self.fontMetrics().averageCharWidth() * 30)

    # What the window and the tests call ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the case as it is now."""
        self.recent.refresh()
        self.here.show_document(self.session.document)
        self.zone.step_back(self.here.isVisibleTo(self))
        self._show_choice()

    def close_page(self) -> None:
        """End the search and wait for the threads."""
        self.search.close()
        self.recent.close_list()
        self._background.close()

    def look_at(self, paths: Sequence[Path]) -> None:
        """Search files and folders for films; a case of the store is opened instead."""
        case_id = case_in(self.session.store.folder, str(paths[0])) if len(paths) == 1 else None
        if case_id is not None:
            self.session.open_case(case_id)
            return
        self._sample = False
        self._look_at(paths)

    def import_sample(self) -> None:
        """The sample case, without another question."""
        try:
            paths = sample_paths(asset("sample-case"))
        except (RefusedInput, MachineFailure) as told:
            self.session.fail(str(told))
            return
        self._sample = True
        self._look_at(paths)

    def import_as_new(self) -> None:
        """The two ticked films become a case of their own."""
        self.session.guard(self._import_as_new)

    def _import_as_new(self) -> None:
        films, store = self.results.picked(), self.session.store
        title = self.footer.title_for(films)
        self.footer.be_busy(True)
        self._background.run(lambda: new_case_with(store, films, title), self._made, self._not_imported)

    def import_into_open(self) -> None:
        """The two ticked films replace those of the open case; what was made from the old ones becomes stale."""
        case = self.session.case
        if case is None:
            return
        films = self.results.picked()
        self.footer.be_busy(True)
        self._background.run(lambda: put_films(case, take(films)), self._replaced, self._not_imported)

    # What happens then ------------------------------------------------------------------------------------------------

    def _look_at(self, paths: Sequence[Path]) -> None:
        self.results.clear()
        self._show_results(True)
        self._show_choice()
        self.search.start(paths)

    def _searched(self, listed: object) -> None:
        self.results.end(listed)  # type: ignore[arg-type]
        if self._sample and len(self.results.picked()) == 2:
            self.import_as_new()

    def _failed(self, sentence: str) -> None:
        self.results.end(None)
        self.session.fail(sentence)

    def _made(self, made: object) -> None:
        case, films = made  # type: ignore[misc]
        self.session.show_case(case)
        self._accept(films)

    def _replaced(self, films: object) -> None:
        self._accept(films)  # type: ignore[arg-type]

    def _accept(self, films: tuple) -> None:
        self.footer.be_busy(False)
        document = self.session.document
        if document is not None and self.session.accept(with_films(document, films), "Import"):
            self.results.clear()
            self._show_results(False)
            self.session.want(Step.CHECK)
        self.recent.refresh()

    def _not_imported(self, sentence: str) -> None:
        self.footer.be_busy(False)
        self.session.fail(sentence)

    def _go_on(self) -> None:
        if self.session.document is not None:
            self.session.want(next_step(self.session.document))

    def _show_results(self, shown: bool) -> None:
        self._searching = shown
        self.results.setVisible(shown)
        self.footer.setVisible(shown)
        self.zone.be_slim(shown)
        self._make_room()

    def _make_room(self) -> None:
        """Where both have no room beside each other, what was found goes first."""
        narrow = self.width() < self.fontMetrics().averageCharWidth() * _BESIDE_LETTERS
        self.recent.setVisible(not (narrow and self._searching))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().resizeEvent(event)
        self._make_room()

    def _show_choice(self) -> None:
        document = self.session.document
        replaceable = None if document is None or self.session.read_only else document
        self.footer.show_choice(self._picked(), replaceable, self.search.running)

    def _picked(self) -> tuple[Found, ...]:
        return self.results.picked()

    # Dropping ---------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.zone.glow(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Called by Qt."""
        self.zone.glow(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Called by Qt."""
        self.zone.glow(False)
        event.acceptProposedAction()
        self.look_at(dropped_paths(event.mimeData()))
