"""A case on the disk: case.json (the line of steps), versions/ (one file a step), blobs/ (films, volumes, meshes).

The rename of case.json is what makes a step stand: its version and its blobs are on the disk before. Versions name
their parents, so the line can be told from them where case.json is lost.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.cases.blobs import BlobFolder
from app.cases.history import Entry, History, Version, history_from, history_json, version_from, version_json
from app.cases.sealed import DamagedFile
from engine.domain import RefusedInput
from engine.io.durable import place_file, sync_folder, told

_VERSION_NAME = re.compile(r"([0-9]{6,})\.json")
LINE_DAMAGED = "The list of the case's steps was damaged; the newest whole step is shown"
STEP_DAMAGED = "The newest step of the case is damaged; the newest whole one before it is shown"
NOTHING_WHOLE = "No step of case {} can be read; restore its folder from a copy"


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a case's folder. damage: a sentence, empty when history and version are whole."""

    history: History
    version: Version
    damage: str = ""


class CaseFolder:
    """Reads and writes one case's folder. Who writes holds the case's lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name
        self.case_json = folder / "case.json"
        self.versions = folder / "versions"
        self.blobs = BlobFolder(folder / "blobs")

    def build(self, version: Version, history: History) -> None:
        """Fill a folder that has no name in the store yet. Raises OSError."""
        for inner in (self.folder, self.versions, self.blobs.folder):
            inner.mkdir(mode=0o700)
        self._place(version, history)
        sync_folder(self.folder)

    def accept(self, version: Version | None, before: History, after: History) -> None:
        """Make `after` stand durably, with `version` where it is a new one; or leave `before` standing and raise
        MachineFailure or RefusedInput."""
        try:
            self._place(version, after)
        except OSError as error:
            self._take_back(version, before, after)
            raise told("The case", error) from error

    def read(self) -> Found:
        """The step shown, or the newest whole one. Raises RefusedInput where there is none or a newer Genu wrote it."""
        history, damage = self._history()
        older, newer = range(history.place, -1, -1), range(history.place + 1, len(history.line))
        for place in (*older, *newer):
            with suppress(DamagedFile):
                version = self.version(history.line[place].number)
                if place != history.place:
                    damage = damage or STEP_DAMAGED
                    history = history.moved(place - history.place, history.changed)
                return Found(history, version, damage)
        if not damage:  # all that case.json names is gone; there may still be versions that it does not name
            history = self._history_of_versions()
            return Found(history, self.version(history.entry.number), STEP_DAMAGED)
        raise RefusedInput(NOTHING_WHOLE.format(self.id))

    def version(self, number: int) -> Version:
        """Raises DamagedFile, or RefusedInput for one of a newer Genu."""
        try:
            content = self.version_path(number).read_bytes()
        except OSError as error:
            raise DamagedFile(f"version {number}") from error
        version = version_from(content, f"Case {self.id}")
        if version.number != number or version.document.id != self.id:
            raise DamagedFile(f"version {number}")
        return version

    def version_path(self, number: int) -> Path:
        """Of the file of a version."""
        return self.versions / f"{number:06d}.json"

    def numbers(self) -> list[int]:
        """Of the versions on the disk, whole or not, ascending. Raises OSError."""
        names = (_VERSION_NAME.fullmatch(path.name) for path in self.versions.iterdir())
        return sorted(int(name[1]) for name in names if name)

    def stamp(self) -> str:
        """Another text whenever another case.json stands; empty where there is none."""
        try:
            found = self.case_json.stat()
        except OSError:
            return ""
        return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"

    def bytes_used(self) -> int:
        """Of all files in the folder."""
        return folder_bytes(self.folder)

    def history(self) -> History:
        """As case.json has it. Raises DamagedFile, or RefusedInput for one of a newer Genu."""
        try:
            content = self.case_json.read_bytes()
        except OSError as error:
            raise DamagedFile("case.json") from error
        history = history_from(content, f"Case {self.id}")
        if history.id != self.id:
            raise DamagedFile("case.json")
        return history

    def _history(self) -> tuple[History, str]:
        try:
            return self.history(), ""
        except DamagedFile:
            return self._history_of_versions(), LINE_DAMAGED

    def _history_of_versions(self) -> History:
        """The line that ends in the newest whole version."""
        line: list[Entry] = []
        try:
            newest_first = self.numbers()[::-1]
        except OSError:
            newest_first = []
        parent = None
        for number in newest_first:
            if parent in (None, number):
                with suppress(DamagedFile):
                    version = self.version(number)
                    line.insert(0, Entry(number, version.label, version.at))
                    parent = version.parent
        if not line:
            raise RefusedInput(NOTHING_WHOLE.format(self.id))
        return History(self.id, tuple(line), len(line) - 1, line[-1].at)

    def _place(self, version: Version | None, history: History) -> None:
        if version is not None:
            place_file(version_json(version), self.version_path(version.number))
        place_file(history_json(history), self.case_json)

    def _take_back(self, version: Version | None, before: History, after: History) -> None:
        """After a failure: case.json may have its new name already, but its caller is told that it was not saved."""
        with suppress(OSError):
            if self.case_json.read_bytes() == history_json(after):
                place_file(history_json(before), self.case_json)
            if version is not None:
                self.version_path(version.number).unlink(missing_ok=True)


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder; what vanishes meanwhile does not count."""
    total = 0
    for inner, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(inner, name)).st_size
    return total
