"""The films of the case, decoded in threads and kept while they are the case's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.cases.document import FilmEntry
from app.cases.films import decode_film
from app.desktop.film.image import FilmImage, film_image
from app.desktop.session import Session, Severity
from engine.domain import Radiograph


class CheckFilms(QObject):
    """changed: a film has come, or could not be read."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._case: object = None
        self._entries: tuple[FilmEntry, ...] = ()
        self._made: dict[str, tuple[Radiograph, FilmImage]] = {}
        self._refused: dict[str, str] = {}
        self._awaited: set[str] = set()

    def load(self, entries: tuple[FilmEntry, ...]) -> None:
        """Decode what is not decoded yet, and let go of what is no longer the case's."""
        case = self._session.case
        if case is not self._case:  # another case: answers to the one before will not come (Session.show_case)
            self._case, self._made, self._refused, self._awaited = case, {}, {}, set()
        self._entries = entries
        blobs = {entry.blob for entry in entries}
        self._made = {blob: film for blob, film in self._made.items() if blob in blobs}
        for entry in entries:
            if case is not None and entry.blob not in {*self._made, *self._refused, *self._awaited}:
                self._awaited.add(entry.blob)
                self._session.background.run(
                    lambda case=case, entry=entry: _decoded(case, entry),
                    self._answer(entry, self._came),
                    self._answer(entry, self._failed),
                )

    def read_again(self) -> None:
        """Try those films again that could not be read; the machine may have been too busy to."""
        self._refused.clear()
        self.load(self._entries)
        self.changed.emit()

    @property
    def radiographs(self) -> dict[str, Radiograph]:
        """Every decoded film of the case by blob, in the order of import."""
        return {entry.blob: self._made[entry.blob][0] for entry in self._entries if entry.blob in self._made}

    @property
    def whole(self) -> bool:
        """Whether every film of the case is here."""
        return bool(self._entries) and all(entry.blob in self._made for entry in self._entries)

    def image(self, blob: str) -> FilmImage:
        """A decoded film for the screen."""
        return self._made[blob][1]

    def refusal(self, blob: str) -> str:
        """Why a film could not be read, or ""."""
        return self._refused.get(blob, "")

    def _answer(self, entry: FilmEntry, to: Callable[[FilmEntry, Any], None]) -> Callable[[Any], None]:
        return lambda value: to(entry, value)

    def _came(self, entry: FilmEntry, film: tuple[Radiograph, FilmImage]) -> None:
        self._awaited.discard(entry.blob)
        self._made[entry.blob] = film
        for warning in film[0].warnings:
            self._session.say(Severity.WARNING, warning)
        self.changed.emit()

    def _failed(self, entry: FilmEntry, sentence: str) -> None:
        self._awaited.discard(entry.blob)
        self._refused[entry.blob] = sentence
        self._session.fail(sentence)
        self.changed.emit()


def _decoded(case: Any, entry: FilmEntry) -> tuple[Radiograph, FilmImage]:
    film = decode_film(case, entry)
    return film, film_image(film.pixels)
