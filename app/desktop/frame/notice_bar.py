"""The latest warning or error, across the page until it is put away; the message list keeps it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.desktop.parts.labels import icon_button, label, push_button, retone
from app.desktop.parts.marks import Mark
from app.desktop.session import Message, Severity

_LOOK = {
    Severity.INFO: ("info", "accent", ""),
    Severity.WARNING: ("warning", "warning", "warning"),
    Severity.ERROR: ("error", "danger", "danger"),
}


class NoticeBar(QFrame):
    """Hidden until something was said that the planner should see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setObjectName("noticeBar")
        self._message = Message(Severity.INFO, "")
        self._mark = Mark("info", "accent", 18)
        self.sentence = label(wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = push_button(self.tr("Copy details"), "quiet", "copy")
        self.copy_button.clicked.connect(self._copy)
        self.close_button = icon_button("close", self.tr("Put this message away"))
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(10)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.copy_button)
        row.addWidget(self.close_button)
        self.hide()

    def show_message(self, message: Message) -> None:
        """Show a warning or an error; a note only takes its place in the list."""
        if message.severity is Severity.INFO:
            return
        self._message = message
        name, token, tone = _LOOK[message.severity]
        self._mark.show_icon(name, token)
        self.sentence.setText(message.sentence)
        retone(self, "tone", tone)
        self.setAccessibleName(message.sentence)
        self.show()

    def _copy(self) -> None:
        parts = (self._message.sentence, self._message.details)
        QGuiApplication.clipboard().setText("\n".join(part for part in parts if part))
