"""A case that is open: its document as shown, its history, its files, and the lock that goes with them."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from app.cases.case_folder import CaseFolder, Found
from app.cases.case_lock import CaseLock
from app.cases.document import CaseDocument, now
from app.cases.history import History, Version
from app.cases.index import Index
from app.cases.sealed import DamagedFile
from app.cases.summary import damage_of, row_of_found
from engine.domain import MachineFailure, RefusedInput


class OpenCase:
    """One opening of a case; made by CaseStore. Any thread may call; a change stands on the disk before it returns."""

    def __init__(self, folder: CaseFolder, lock: CaseLock, index: Index) -> None:
        """Read what stands. The lock is let go by `close`, not where this raises."""
        self._folder, self._lock, self._index = folder, lock, index
        self._mutex = threading.RLock()
        self._closed, self._puts = False, 0
        self._found = folder.read()

    @property
    def document(self) -> CaseDocument:
        """The case as it is now."""
        return self._found.version.document

    @property
    def read_only(self) -> bool:
        """Whether the case was open elsewhere when it was opened here."""
        return not self._lock.writing

    @property
    def damage(self) -> str:
        """What is wrong with the case as opened, a sentence; empty when nothing is known to be."""
        return damage_of(self._folder, self._found)

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back."""
        return None if self.read_only else self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What `redo` would bring again."""
        return None if self.read_only else self._history.redo_label

    def save(self, document: CaseDocument, label: str) -> None:
        """Accept a step. label: what was done, for Undo. A document that changes nothing is no step.

        Raises RefusedInput (read-only, closed, another case, folder not writable) and MachineFailure (disk, a file of
        the document missing); the case is as before then.
        """
        with self._mutex:
            self._refuse_unless_writable()
            if document.id != self._folder.id:
                raise RefusedInput("The change belongs to another case; make it again in this one")
            if document != self.document:
                version = self._version(document, label)
                self._stand(version, self._history.followed_by(version))

    def undo(self) -> None:
        """Back by one step; nothing where there is none. Errors as of `save`."""
        self._move(-1)

    def redo(self) -> None:
        """Forward again; nothing where there is none. Errors as of `save`."""
        self._move(+1)

    def put(self, content: bytes) -> str:
        """Keep a file of the case, for a document that will name it; its SHA-256. Errors as of `save`."""
        with self._mutex:
            self._refuse_unless_writable()
            self._puts += 1
        try:
            return self._folder.blobs.put(content)
        finally:
            with self._mutex:
                self._puts -= 1
                self._release_if_done()

    def blob(self, sha256: str) -> bytes:
        """A file's content, verified. Raises MachineFailure where it is missing or damaged."""
        return self._folder.blobs.read(sha256)

    def blob_path(self, sha256: str) -> Path:
        """Where a file is, after verifying it. Raises MachineFailure where it is missing or damaged."""
        return self._folder.blobs.path(sha256)

    def close(self) -> None:
        """Let others write. A `put` that is still running keeps the lock until it ends. A second call does nothing."""
        with self._mutex:
            self._closed = True
            self._release_if_done()

    def tell_index(self) -> None:
        """Have the list of cases know what stands. A row that could not be written is known by its stamp."""
        with suppress(OSError):
            self._index.put(row_of_found(self._folder, self._found, self._folder.stamp()))

    @property
    def _history(self) -> History:
        return self._found.history

    def _version(self, document: CaseDocument, label: str) -> Version:
        sizes = self._folder.blobs.sizes(document.blobs)
        if missing := (document.blobs - self.document.blobs) - sizes.keys():
            raise MachineFailure(f"{len(missing)} files of this step were not kept; repeat the step")
        # What was lost before stays listed with its size, so that it stays known to be missing.
        known = {sha256: size for sha256, size in self._found.version.sizes.items() if sha256 in document.blobs}
        number = self._next_number()
        return Version(number, self._found.version.number, label, now(), sizes | known, document)

    def _next_number(self) -> int:
        try:
            taken = self._folder.numbers()
        except OSError as error:
            raise MachineFailure("The folder of the case cannot be read; check the disk") from error
        return max((*taken, *(entry.number for entry in self._history.line))) + 1

    def _move(self, steps: int) -> None:
        with self._mutex:
            self._refuse_unless_writable()
            history = self._history.moved(steps, now())
            if history.place == self._history.place:
                return
            try:
                version = self._folder.version(history.entry.number)
            except DamagedFile as error:
                raise MachineFailure("That step of the case is damaged and cannot be shown again") from error
            self._stand(None, history, version)

    def _stand(self, new: Version | None, history: History, shown: Version | None = None) -> None:
        self._folder.accept(new, self._history, history)
        self._found = Found(history, new or shown or self._found.version)
        self.tell_index()

    def _refuse_unless_writable(self) -> None:
        if self._closed:
            raise RefusedInput("The case was closed meanwhile; open it again to change it")
        if self.read_only:
            raise RefusedInput("The case is open in another window and is read-only here; close it there first")

    def _release_if_done(self) -> None:
        if self._closed and not self._puts:
            self._lock.release()
