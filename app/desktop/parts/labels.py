"""The small parts that every view is put together from, each with its role for the style sheet."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QLabel, QPushButton, QSpinBox, QToolButton, QWidget

from app.desktop.parts.words import plain_tooltip
from app.desktop.theme.icons import icon

_FIELD_MARGIN = 8  # of a style sheet's fields; see line_up
_WITH_ROOM = QSize(20, 16)  # wider than the icon, so that its words do not touch it


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A label that shows its text as it is."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def steady(words: QLabel) -> QLabel:
    """The same label with figures of one width, so that numbers that change do not jitter."""
    font = QFont(words.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    words.setFont(font)
    return words


def frame(role: str, name: str = "") -> QFrame:
    """A frame of a role: card, well, notice, bar, footer, side, line."""
    made = QFrame()
    made.setProperty("role", role)
    if name:
        made.setObjectName(name)
    return made


def push_button(text: str, role: str = "", icon_name: str = "") -> QPushButton:
    """A button; its text is its accessible name."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if icon_name:
        token = {"primary": "on_accent", "danger": "danger", "quiet": "accent"}.get(role, "text")
        made.setIcon(icon(icon_name, token))
        made.setIconSize(_WITH_ROOM)
    return made


def icon_button(icon_name: str, name: str, shortcut: QKeySequence | None = None) -> QToolButton:
    """A button that shows an icon only: `name` is its tooltip and accessible name; the shortcut is only told."""
    made = QToolButton()
    made.setIcon(icon(icon_name))
    made.setIconSize(QSize(18, 18))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    name_button(made, name, shortcut)
    return made


def name_button(button: QToolButton, name: str, shortcut: QKeySequence | None = None) -> None:
    """Say what an icon button does."""
    keys = shortcut.toString(QKeySequence.SequenceFormat.NativeText) if shortcut else ""
    button.setAccessibleName(name)
    button.setToolTip(plain_tooltip(f"{name} ({keys})" if keys else name))


def line_up(box: QSpinBox | QDoubleSpinBox) -> None:
    """Let a number begin where the words of other fields do; a style sheet's left padding does not reach it."""
    box.lineEdit().setTextMargins(_FIELD_MARGIN - 1, 0, 0, 0)


def retone(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
