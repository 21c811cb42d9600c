"""Every key of the window in one table; pages bring their own."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

# Name of the action: keys. The first is shown in menus.
KEYS: dict[str, tuple[str, ...]] = {
    "new": ("Ctrl+N",),
    "open_files": ("Ctrl+O",),
    "open_folder": ("Ctrl+Shift+O",),
    "cases": ("Ctrl+L",),
    "close_case": ("Ctrl+W",),
    "quit": ("Ctrl+Q",),
    "undo": ("Ctrl+Z",),
    "redo": ("Ctrl+Shift+Z", "Ctrl+Y"),
    "rename": ("F2",),
    "messages": ("Ctrl+M",),
    "full_screen": ("F11",),
    "larger": ("Ctrl++", "Ctrl+="),
    "smaller": ("Ctrl+-",),
    "preferences": ("Ctrl+,",),
    "tour": ("F1",),
    "shortcuts": ("Ctrl+/", "Ctrl+?"),
}


def keys(name: str) -> list[QKeySequence]:
    """The keys of an action of the window."""
    return [QKeySequence(word) for word in KEYS.get(name, ())]


def shortcuts_of(window: QWidget) -> list[tuple[str, str]]:
    """What the keys of a window's own actions do, as (words, keys); pages have theirs in help/keys.py.

    An action whose words change with the case holds those that stay as its data.
    """
    return [
        (_plain(action.data() or action.text()), ", ".join(map(_shown, action.shortcuts())))
        for action in window.actions()
        if action.shortcuts()
    ]


def _shown(sequence: QKeySequence) -> str:
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)


def _plain(text: str) -> str:
    """A menu's text without the mark of its letter."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
