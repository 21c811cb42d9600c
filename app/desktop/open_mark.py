"""Which case is open, kept outside of the program, so that a start after a crash can bring it back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_NAME = "open-case"


class OpenMark:
    """A small file with the id of the open case; it goes when the case is closed. Where it cannot be had, none is."""

    def __init__(self, folder: Path) -> None:
        self._path, self._noted = folder / _NAME, ""

    def note(self, case_id: str) -> None:
        """The case that is open now; "" for none."""
        if case_id == self._noted:
            return
        self._noted = case_id
        with suppress(OSError):
            if case_id:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_text(case_id, encoding="utf-8")
            else:
                self._path.unlink(missing_ok=True)

    def take(self) -> str:
        """The case that was open when the program ended without closing it; a second call finds none."""
        try:
            case_id = self._path.read_text(encoding="utf-8").strip()
            self._path.unlink(missing_ok=True)
        except (OSError, UnicodeDecodeError):
            return ""
        return case_id
