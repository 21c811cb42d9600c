"""A model's card, as its maker wrote it: text, whatever stands in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.desktop.parts.labels import label, push_button

_COLUMNS, _LINES = 110, 32


class CardDialog(QDialog):
    """title: of the model.   text: Markdown, shown as it is."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Model card"))
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Model card"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.close_button = push_button(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        column.addWidget(self.text, 1)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        metrics = self.text.fontMetrics()
        self.resize(metrics.averageCharWidth() * _COLUMNS, metrics.lineSpacing() * _LINES)
