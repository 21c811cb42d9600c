"""The search for films in a thread, told to the window as it goes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.background import Background
from app.desktop.importing.film_search.folder import Listed
from app.desktop.importing.film_search.found import Found
from app.desktop.importing.film_search.search import Searching, search_films


class FilmSearch(QObject):
    """One search at a time; a new one ends the one before, whose answers are dropped.

    found: a Found.   searching: a Searching.   ended: the Listed.   failed: a sentence.
    """

    found = Signal(object)
    searching = Signal(object)
    ended = Signal(object)
    failed = Signal(str)
    _told = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._stop = threading.Event()
        self._number = 0
        self._told.connect(self._tell)

    @property
    def running(self) -> bool:
        """Whether a search is under way."""
        return self._background.busy

    def start(self, dropped: Sequence[Path]) -> None:
        """Look through files and folders."""
        self.stop()
        self._number += 1
        self._stop = threading.Event()
        number, stop, paths = self._number, self._stop, tuple(dropped)
        self._background.run(lambda: self._search(number, paths, stop), self.ended.emit, self.failed.emit)

    def stop(self) -> None:
        """End the search that runs; nothing more is told of it."""
        self._stop.set()
        self._number += 1
        self._background.forget()

    def close(self) -> None:
        """End it and wait for its thread."""
        self.stop()
        self._background.close()

    def _search(self, number: int, paths: Sequence[Path], stop: threading.Event) -> Listed:
        search = search_films(paths, stop.is_set)
        while True:
            try:
                self._told.emit(number, next(search))
            except StopIteration as end:
                return end.value

    def _tell(self, number: int, event: Searching | Found) -> None:
        if number != self._number:
            return
        if isinstance(event, Found):
            self.found.emit(event)
        else:
            self.searching.emit(event)
