"""Where the desktop keeps what is its own: preferences, cases, logs. Each in the folder the system means for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths


@dataclass(frozen=True, slots=True)
class Places:
    """preferences: an ini file.   cases: the usual folder of the store.   state: of logs."""

    preferences: Path
    cases: Path
    state: Path


def usual_places() -> Places:
    """The folders of this user; the application's name must be set. Creates nothing."""

    def folder(kind: QStandardPaths.StandardLocation) -> Path:
        return Path(QStandardPaths.writableLocation(kind))

    location = QStandardPaths.StandardLocation
    return Places(
        preferences=folder(location.AppConfigLocation) / "genu.ini",
        cases=folder(location.AppDataLocation) / "cases",
        state=folder(location.StateLocation),
    )


def case_in(folder: Path, wanted: str) -> str | None:
    """The id of the case that an id, the folder of a case or its case.json names; None where it names none."""
    path = Path(wanted)
    place = path.parent if path.name == "case.json" else path
    if place.is_dir() and place.resolve().parent == (folder / "cases").resolve():
        return place.name
    known = not path.exists() and path.name == wanted and (folder / "cases" / wanted / "case.json").is_file()
    return wanted if known else None
