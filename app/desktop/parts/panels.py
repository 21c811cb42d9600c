"""Parts of the panels beside the views: cards, choices in a row, sliders with a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.parts.flow_layout import FlowLayout
from app.desktop.parts.labels import frame, label
from app.desktop.parts.words import plain_tooltip


def card(title: str) -> tuple[QFrame, QVBoxLayout]:
    """A card with a heading, and the column that its parts go into."""
    made = frame("card")
    column = QVBoxLayout(made)
    column.setContentsMargins(12, 10, 12, 12)
    column.setSpacing(8)
    if title:
        column.addWidget(label(title, "heading"))
    return made, column


def named_row(name: str, *parts: QWidget) -> QHBoxLayout:
    """A name and what belongs to it, on one line."""
    row = QHBoxLayout()
    row.setSpacing(8)
    caption = label(name, "muted")
    caption.setBuddy(parts[0])
    row.addWidget(caption)
    for part in parts:
        row.addWidget(part, 1 if isinstance(part, QSlider) else 0)
    if not any(isinstance(part, QSlider) for part in parts):
        row.insertStretch(1)
    return row


def slider(name: str, tooltip: str = "", largest: int = 100) -> QSlider:
    """A horizontal slider from 0."""
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(0, largest)
    made.setPageStep(max(largest // 10, 1))
    made.setAccessibleName(name)
    made.setToolTip(plain_tooltip(tooltip or name))
    return made


class Choices(QObject):
    """Buttons of which one stands. chosen: the value of the one that the planner pressed."""

    chosen = Signal(object)

    def __init__(self, choices: Sequence[tuple[Any, str, str]], parent: QObject) -> None:
        """choices: value, words, and tooltip."""
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._values = [value for value, _, _ in choices]
        self.buttons = [self._button(index, words, tip) for index, (_, words, tip) in enumerate(choices)]
        self._group.idClicked.connect(lambda index: self.chosen.emit(self._values[index]))

    def _button(self, index: int, words: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(tip.partition(" (")[0] or words)
        button.setToolTip(plain_tooltip(tip or words))
        self._group.addButton(button, index)
        return button

    def show_value(self, value: object) -> None:
        """Check the button of a value; none where no button has it."""
        self._group.setExclusive(False)
        for known, button in zip(self._values, self.buttons, strict=True):
            button.setChecked(known == value)
        self._group.setExclusive(True)

    def flow(self) -> QLayout:
        """The buttons in lines."""
        layout = FlowLayout(spacing=4)
        for button in self.buttons:
            layout.addWidget(button)
        return layout

    def row(self) -> QHBoxLayout:
        """The buttons on one line."""
        layout = QHBoxLayout()
        layout.setSpacing(4)
        for button in self.buttons:
            layout.addWidget(button)
        return layout


def shown_keys(words: str, keys: str) -> str:
    """A tooltip with its key."""
    return f"{words} ({QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)})"


def side_panel(cards: Sequence[QWidget], below: Sequence[QWidget], characters: int) -> QWidget:
    """Cards that scroll, above those that always stand; as wide as so many characters."""
    inner = QWidget()
    inner.setObjectName("page")
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 4, 0)
    column.setSpacing(8)
    for part in cards:
        column.addWidget(part)
    column.addStretch()
    panel = QWidget()
    whole = QVBoxLayout(panel)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(8)
    whole.addWidget(_Cards(inner, characters), 1)
    for part in below:
        whole.addWidget(part)
    panel.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    return panel


class _Cards(QScrollArea):
    """Scrolls up and down only: never narrower than its cards need, at any size of text."""

    def __init__(self, inner: QWidget, characters: int) -> None:
        super().__init__()
        self._inner, self._characters = inner, characters
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        needed = self._inner.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(needed, self.fontMetrics().averageCharWidth() * self._characters), 200)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(self.sizeHint().width(), 80)

    def event(self, event: QEvent) -> bool:
        """Called by Qt: other cards or another text may need another width."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)
