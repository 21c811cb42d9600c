"""The row of the steps, with the open case, undo, redo and the messages at its end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.desktop.frame.actions import Actions
from app.desktop.frame.shortcuts import keys
from app.desktop.frame.step_bar import StepBar
from app.desktop.parts.elided_label import ElidedLabel
from app.desktop.parts.labels import icon_button, name_button
from app.desktop.parts.words import one_line


class TitleBar(QFrame):
    """Shows what it is told; its buttons call the window's actions."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._actions = actions
        self.steps = StepBar()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.case = ElidedLabel("", Qt.TextElideMode.ElideRight, right)
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
