"""The SQLite index of a store: what the list of cases shows, so that no case must be read for it.

Every row can be told again from its case's folder, and each says by a stamp whether it still holds. So an index that is
lost, damaged or cannot be written costs time and nothing else; that is why its failures are logged and not raised.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from pathlib import Path

from app.cases.document import Step, StepState
from app.cases.os_lock import try_lock
from app.cases.sealed import DamagedFile, sealed, unsealed
from app.cases.summary import CaseSummary, Row
from engine.domain import RefusedInput

FORMAT = 1
_ROW = "genu_case_row"
_BUSY_S = 3.0
_PAUSE_S = 0.02
_TABLE = "CREATE TABLE IF NOT EXISTS cases (id TEXT PRIMARY KEY, stamp TEXT NOT NULL, row TEXT NOT NULL)"
_log = logging.getLogger(__name__)


class Index:
    """Rows by case. Any thread may ask."""

    def __init__(self, path: Path, lock_path: Path) -> None:
        """Open or make the index; make it anew where it is damaged and nobody else uses it.

        Raises RefusedInput where a newer Genu made it.
        """
        self._mutex = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        # Held shared while in use: an index must not be replaced below one who reads it.
        self._lock = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if try_lock(self._lock, shared=False):
                self._connection = _connected(path) or _anew(path)
                try_lock(self._lock, shared=True)
            elif _shared_soon(self._lock):
                self._connection = _connected(path)
        except BaseException:
            self.close()
            raise

    def rows(self) -> dict[str, Row]:
        """Every row, by case; none where the index cannot be read."""
        rows = {}
        for case_id, stamp, text in self._told("SELECT id, stamp, row FROM cases"):
            try:
                rows[case_id] = _row(case_id, stamp, text)
            except (DamagedFile, RefusedInput, LookupError, TypeError, ValueError, AttributeError):
                _log.warning("a row of the case index is unreadable; the case is read instead")
        return rows

    def put(self, row: Row) -> None:
        """Keep a case's row."""
        values = (row.summary.id, row.stamp, _text(row))
        self._told("INSERT OR REPLACE INTO cases (id, stamp, row) VALUES (?, ?, ?)", values)

    def forget(self, case_id: str) -> None:
        """Drop a case's row, so that it is read from its folder when next asked for."""
        self._told("DELETE FROM cases WHERE id = ?", (case_id,))

    def close(self) -> None:
        """Let go; a second call does nothing, and a later one to the other methods finds and keeps nothing."""
        with self._mutex:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._lock >= 0:
                os.close(self._lock)
                self._lock = -1

    def _told(self, statement: str, values: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        with self._mutex:
            if self._connection is None:
                return []
            try:
                return self._connection.execute(statement, values).fetchall()
            except (sqlite3.Error, UnicodeDecodeError) as error:
                _log.warning("the case index did not answer (%s)", _name(error))
                return []


def _shared_soon(lock: int) -> bool:
    """Share the lock once the one who is alone has made the index."""
    deadline = time.monotonic() + _BUSY_S
    while not try_lock(lock, shared=True):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_S)
    return True


def _connected(path: Path) -> sqlite3.Connection | None:
    """A connection to a whole index, made where there is none; None where it is damaged or the disk refuses."""
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        _log.warning("the case index cannot be opened (%s)", _name(error))
        return None
    try:
        if _whole(connection):
            return connection
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a garbled schema or message is not even text
        _log.warning("the case index is damaged or cannot be made (%s)", _name(error))
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def _name(error: Exception) -> str:
    """SQLite's name of an error. Its text quotes what it could not read, which may be a patient's name."""
    return getattr(error, "sqlite_errorname", type(error).__name__)


def _whole(connection: sqlite3.Connection) -> bool:
    connection.text_factory = lambda text: text.decode(errors="replace")  # each row has a seal of its own
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > FORMAT:
        raise RefusedInput(
            f"The case folder was written by a newer Genu (format {version}); use that version or another folder"
        )
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        return False
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(_TABLE)
    if version != FORMAT:
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("SELECT id, stamp, row FROM cases LIMIT 1")
    return True


def _anew(path: Path) -> sqlite3.Connection | None:
    for suffix in ("-wal", "-shm", ""):
        try:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the damaged case index cannot be removed (%s)", error.strerror)
            return None
    return _connected(path)


def _text(row: Row) -> str:
    summary = row.summary
    states = {step.value: state.value for step, state in summary.states.items()}
    return sealed(
        _ROW,
        {
            "id": summary.id,
            "title": summary.title,
            "created": summary.created,
            "changed": summary.changed,
            "bytes_used": summary.bytes_used,
            "states": states,
            "damage": summary.damage,
            "needs": dict(row.needs),
        },
    ).decode()


def _row(case_id: str, stamp: str, text: str) -> Row:
    found = unsealed(text.encode(), _ROW, "The index")
    needs = {str(path): int(size) for path, size in found.pop("needs").items()}
    states = {Step(step): StepState(state) for step, state in found.pop("states").items()}
    if found["id"] != case_id:
        raise DamagedFile("row")
    return Row(stamp, CaseSummary(states=states, **found), needs)
