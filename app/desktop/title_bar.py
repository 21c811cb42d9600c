"""The row of the steps, with the open case, undo, redo and the messages at its end."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.desktop.actions import Actions
from app.desktop.parts import icon_button, name_button
from app.desktop.shortcuts import keys
from app.desktop.step_bar import StepBar
from app.desktop.words import one_line, plain_tooltip


class TitleBar(QFrame):
    """Shows what it is told; its buttons call the window's actions."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._actions = actions
        self.steps, self.case = StepBar(), ElidedLabel()
        self.case.setAccessibleName(self.tr("Open case"))
        self.undo, self.redo = icon_button("undo", self.tr("Undo")), icon_button("redo", self.tr("Redo"))
        self.undo.clicked.connect(actions.undo.trigger)
        self.redo.clicked.connect(actions.redo.trigger)
        self.messages = icon_button("message", self.tr("Messages"), keys("messages")[0])
        self.messages.setCheckable(True)
        self.messages.clicked.connect(actions.messages.trigger)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(2)
        row.addWidget(self.steps)
        row.addStretch()
        row.addWidget(self.case, 1)
        row.addSpacing(8)
        for button in (self.undo, self.redo, self.messages):
            row.addWidget(button)

    def show_case(self, title: str | None) -> None:
        """The open case by its title; None where none is open."""
        shown = "" if title is None else one_line(title) or self.tr("Untitled case")
        self.case.show_text(shown)

    def show_history(self) -> None:
        """Undo and redo as the menu has them."""
        for button, action in ((self.undo, self._actions.undo), (self.redo, self._actions.redo)):
            button.setEnabled(action.isEnabled())
            name_button(button, action.text().replace("&&", "&"), action.shortcut())

    def show_unread(self, count: int) -> None:
        """How many messages nobody has seen: a figure on the button, and in its name."""
        self.messages.setText(str(count) if count else "")
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if count else Qt.ToolButtonStyle.ToolButtonIconOnly
        self.messages.setToolButtonStyle(style)
        name = self.tr("Messages, {count} new").format(count=count) if count else self.tr("Messages")
        name_button(self.messages, name, keys("messages")[0])


class ElidedLabel(QLabel):
    """Words that are cut where room is short; the tooltip has all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Other words."""
        self._whole = text
        self.setToolTip(plain_tooltip(text))
        self._cut()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        self.setText(QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))
