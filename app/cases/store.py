"""The durable store of cases: a folder with an index (SQLite), locks, and a folder for each case.

A step stands when the rename of its case's case.json is on the disk; the index is told afterwards and can be lost
(docs/adr/0012).
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from app.cases.case_folder import CaseFolder, folder_bytes
from app.cases.case_lock import CaseLock, alone, forget_locks
from app.cases.document import CaseDocument, now
from app.cases.history import Version, first
from app.cases.index import Index
from app.cases.local_disk import network_name
from app.cases.open_case import OpenCase
from app.cases.summary import CaseSummary, holds, row_of
from app.cases.tidying import tidy
from engine.domain import RefusedInput
from engine.io.durable import sync_folder, told

__all__ = ["CaseStore", "CaseSummary", "OpenCase"]

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_NEW, _DELETED = ".new-", ".deleted-"
_FIRST_LABEL = "New case"
_DELETE_PATIENCE_S = 0.25  # another program may be tidying the case


class CaseStore:
    """Cases in a folder. Several programs may have the same folder open; any thread may call."""

    def __init__(self, folder: Path) -> None:
        """Open or make the store.

        Raises RefusedInput for a network drive, a folder that cannot be written and a store of a newer Genu,
        MachineFailure where the disk fails.
        """
        self.folder = Path(folder).absolute()
        self._cases, self._locks = self.folder / "cases", self.folder / "locks"
        try:
            self._make_folders()
            self._index = Index(self.folder / "index.sqlite", self._locks / "index")
        except OSError as error:
            raise told(f"The case folder {self.folder}", error) from error

    def summaries(self) -> list[CaseSummary]:
        """Every case, newest change first. A damaged one is listed with what is wrong with it."""
        known = self._index.rows()
        found = []
        for case_id in self._ids():
            folder, row = self._case(case_id), known.pop(case_id, None)
            if row is None or not holds(row, folder):
                row = row_of(folder, row)
                if not folder.folder.is_dir():  # deleted while it was read
                    continue
                self._index.put(row)
            found.append(row)
        for case_id in known:
            self._index.forget(case_id)
        newest_first = sorted(found, key=lambda row: (row.summary.changed, row.stamp), reverse=True)
        return [row.summary for row in newest_first]

    def create(self, document: CaseDocument) -> OpenCase:
        """Keep a new case, and open it. Raises RefusedInput and MachineFailure; nothing is kept then."""
        if not _ID.fullmatch(document.id):
            raise RefusedInput("A case identifier has only letters, digits, - and _; choose another")
        if document.blobs:
            raise RefusedInput("A new case starts without films; import them into it")
        lock = CaseLock(self._locks, document.id)
        try:
            if not lock.writing or (self._cases / document.id).exists():
                raise RefusedInput("There is a case of this name already; open it instead")
            self._build(document)
            case = OpenCase(self._case(document.id), lock, self._index)
        except OSError as error:
            lock.release()
            raise told("The case", error) from error
        except BaseException:
            lock.release()
            raise
        case.tell_index()
        return case

    def open(self, case_id: str) -> OpenCase:
        """Open a case; read-only where it is open elsewhere. Raises RefusedInput for one that is not there, has
        nothing whole, or is of a newer Genu."""
        self._refuse_unless_there(case_id)
        lock = CaseLock(self._locks, case_id)
        try:
            self._refuse_unless_there(case_id)
            return OpenCase(self._case(case_id), lock, self._index)
        except BaseException:
            lock.release()
            raise

    def delete(self, case_id: str) -> None:
        """Remove a case for good. Raises RefusedInput where it is open anywhere, MachineFailure for the disk."""
        self._refuse_unless_there(case_id)
        with alone(self._locks, case_id, _DELETE_PATIENCE_S) as is_alone:
            if not is_alone:
                raise RefusedInput("The case is open in a window; close it there before deleting it")
            self._refuse_unless_there(case_id)
            doomed = self._cases / f"{_DELETED}{case_id}"
            try:
                shutil.rmtree(doomed, ignore_errors=True)
                os.rename(self._cases / case_id, doomed)
                sync_folder(self._cases)
            except OSError as error:
                raise told("The folder of the case", error) from error
            shutil.rmtree(doomed, ignore_errors=True)  # what stays, collect_garbage takes
            forget_locks(self._locks, case_id)
        self._index.forget(case_id)

    def bytes_used(self) -> int:
        """Of everything in the store."""
        return folder_bytes(self.folder)

    def collect_garbage(self) -> int:
        """Remove what no step and no undo can reach, in every case that nobody has open; bytes freed.

        Raises MachineFailure or RefusedInput where the disk refuses; nothing that is wanted is gone then.
        """
        freed = 0
        try:
            for name in sorted(entry.name for entry in self._cases.iterdir()):
                freed += self._tidied(name)
        except OSError as error:
            raise told("The case folder", error) from error
        return freed

    def close(self) -> None:
        """Let go of the index. Open cases stay open."""
        self._index.close()

    def _make_folders(self) -> None:
        for folder in (self.folder, self._cases, self._locks):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise RefusedInput(f"The case folder {self.folder} cannot be written; choose another in Preferences")
        if network := network_name(self.folder):
            raise RefusedInput(
                f"The case folder {self.folder} is on a network drive ({network}), where cases are not safe; "
                "choose one on a disk of this computer in Preferences"
            )
        sync_folder(self.folder)

    def _case(self, case_id: str) -> CaseFolder:
        return CaseFolder(self._cases / case_id)

    def _ids(self) -> list[str]:
        try:
            return [entry.name for entry in self._cases.iterdir() if _ID.fullmatch(entry.name) and entry.is_dir()]
        except OSError as error:
            raise told("The case folder", error) from error

    def _build(self, document: CaseDocument) -> None:
        """A whole folder beside the cases first, then one rename. Raises OSError."""
        version = Version(1, 0, _FIRST_LABEL, now(), {}, document)
        rough = self._cases / f"{_NEW}{document.id}"
        shutil.rmtree(rough, ignore_errors=True)
        try:
            CaseFolder(rough).build(version, first(version))
            os.rename(rough, self._cases / document.id)
        finally:
            shutil.rmtree(rough, ignore_errors=True)
        try:
            sync_folder(self._cases)
        except OSError:
            shutil.rmtree(self._cases / document.id, ignore_errors=True)
            raise

    def _refuse_unless_there(self, case_id: str) -> None:
        if not _ID.fullmatch(case_id) or not (self._cases / case_id).is_dir():
            raise RefusedInput("The case is not there any more; choose another from the list")

    def _tidied(self, name: str) -> int:
        case_id = name.removeprefix(_NEW).removeprefix(_DELETED)
        if not _ID.fullmatch(case_id):
            return 0
        with alone(self._locks, case_id) as is_alone:
            folder = self._cases / name
            if not is_alone or not folder.is_dir():
                return 0
            if name == case_id:
                if freed := tidy(self._case(case_id)):
                    self._index.put(row_of(self._case(case_id), self._index.rows().get(case_id)))
                return freed
            freed = folder_bytes(folder)
            shutil.rmtree(folder)
            if not (self._cases / case_id).exists():
                forget_locks(self._locks, case_id)
            return freed
