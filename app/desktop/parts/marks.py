"""A small icon that stands beside words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.desktop.theme.icons import paint_icon


class Mark(QWidget):
    """A small icon that stands beside words; it says nothing that they do not."""

    def __init__(self, name: str, token: str, side: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._token, self._side = name, token, side
        self.setFixedSize(side, side)

    def show_icon(self, name: str, token: str) -> None:
        """Another icon."""
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Called by Qt."""
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._name, self._token)
        painter.end()
