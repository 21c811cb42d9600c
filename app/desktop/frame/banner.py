"""The banner that says what this program is for. It is always there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.desktop.parts.labels import label
from app.desktop.parts.marks import Mark


class Banner(QFrame):
    """A slim strip that cannot be closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        words = label(self.tr("Research use only - synthetic CT"))
        words.setToolTip(self.tr("Not a medical device: never for diagnosis, planning or treatment of a patient."))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(6)
        row.addStretch()
        row.addWidget(Mark("warning", "warning", 14), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        self.setAccessibleName(words.text())
