"""The frame of every dialog: a heading, a body, buttons below. Dialogs open beside the work and never block it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.desktop.parts.labels import label, push_button


class Dialog(QDialog):
    """Fill `body`, add buttons with `add_button`, then call `open`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Qt holds it until Qt deletes it: without a parent, Python would, in the midst of closing, and Qt would crash.
        self.finished.connect(lambda _result, held=self: None)  # noqa: ARG005
        self.setWindowTitle(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(14)
        column.addWidget(label(title, "title"))
        column.addLayout(self.body, 1)
        column.addLayout(self._foot)

    def add_button(self, text: str, role: str = "", icon_name: str = "", left: bool = False) -> QPushButton:
        """A button below; left ones stand apart from the others."""
        button = push_button(text, role, icon_name)
        if left:
            self._foot.insertWidget(self._lefts(), button)
            if self._foot.count() == 1:
                self._foot.addStretch()
        else:
            if self._foot.count() == 0:
                self._foot.addStretch()
            self._foot.addWidget(button)
        return button

    def add_close(self, text: str) -> QPushButton:
        """The button that closes it; Escape does too."""
        button = self.add_button(text, "primary")
        button.clicked.connect(self.accept)
        button.setDefault(True)
        return button

    def _lefts(self) -> int:
        """How many buttons stand left of the gap."""
        for at in range(self._foot.count()):
            item = self._foot.itemAt(at)
            if item is not None and item.spacerItem() is not None:
                return at
        return 0
