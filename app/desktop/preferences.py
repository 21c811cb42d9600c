"""What the planner prefers, kept in an ini file. A value that is damaged or unknown counts as not set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from app.assets import DEFAULT_MODEL
from app.desktop.theme.current import ThemeChoice

TEXT_SCALES = (0.9, 1.0, 1.15, 1.3, 1.5)
STEPS_RANGE = (1, 64)
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True)
class Preferences:
    """theme, language ("" follows the system, else a code such as "de"), text_scale (1 is the system's size);
    case_folder: "" is the usual one; model, steps, device: what a new generation begins with;
    tour_seen: whether the tour was opened once.
    """

    theme: ThemeChoice = ThemeChoice.SYSTEM
    language: str = ""
    text_scale: float = 1.0
    case_folder: str = ""
    model: str = DEFAULT_MODEL
    steps: int = 1
    device: str = "auto"
    tour_seen: bool = False


def _scale(text: str) -> float:
    return min(TEXT_SCALES, key=lambda known: abs(known - float(text)))


def _steps(text: str) -> int:
    return min(max(int(text), STEPS_RANGE[0]), STEPS_RANGE[1])


def _device(text: str) -> str:
    return DEVICES[DEVICES.index(text)]


_READ: dict[str, Callable[[str], Any]] = {
    "theme": ThemeChoice,
    "language": str,
    "text_scale": _scale,
    "case_folder": str,
    "model": str,
    "steps": _steps,
    "device": _device,
    "tour_seen": lambda text: text == "true",
}


class PreferenceFile(QObject):
    """The preferences as they stand, and their file. `changed` tells the preferences before."""

    changed = Signal(object)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = QSettings(str(path), QSettings.Format.IniFormat, self)
        self._value = self._read()

    @property
    def value(self) -> Preferences:
        """As they stand."""
        return self._value

    def change(self, **values: Any) -> None:
        """Set some of them, by name, and write the file."""
        before, self._value = self._value, replace(self._value, **values)
        if self._value == before:
            return
        for name in values:
            value = getattr(self._value, name)
            self._file.setValue(f"preferences/{name}", _written(value))
        self._file.sync()
        self.changed.emit(before)

    def geometry(self) -> QByteArray:
        """Where the window stood last; empty at first."""
        kept = self._file.value("window/geometry")
        return kept if isinstance(kept, QByteArray) else QByteArray()

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember where the window stands."""
        self._file.setValue("window/geometry", geometry)

    def _read(self) -> Preferences:
        found: dict[str, Any] = {}
        for field in fields(Preferences):
            kept = self._file.value(f"preferences/{field.name}")
            try:
                if isinstance(kept, str):
                    found[field.name] = _READ[field.name](kept)
            except (ValueError, OverflowError):
                continue
        return Preferences(**found)


def _written(value: Any) -> str:
    if isinstance(value, ThemeChoice):
        return value.value
    return str(value).lower() if isinstance(value, bool) else str(value)
