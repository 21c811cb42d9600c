"""A small patch of a colour, for a button or a box that stands for it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap


def swatch(colour: str, side: int, radius: float, margin: float = 0.0) -> QPixmap:
    """A patch `side` wide and high with round corners, fine enough for 200 %; a disc where radius is half of side."""
    pixmap = QPixmap(side * 2, side * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(margin, margin, side - 2 * margin, side - 2 * margin), radius, radius)
    painter.end()
    return pixmap
