"""A line that ends in dots where it has no room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.desktop.parts.words import plain_tooltip
from app.desktop.theme.current import current_tokens

_BESIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ElidedLabel(QLabel):
    """Its tooltip says all of it, and so does what it tells a screen reader.

    role: of the style sheet.   cut: where the dots stand.   side: where the words stand that fit.
    """

    def __init__(
        self,
        role: str = "caption",
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
        side: Qt.AlignmentFlag = _BESIDE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._cut, self._warned = cut, False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setAlignment(side)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, warned: bool = False) -> None:
        """Show a line, in the colour of warnings where it is one."""
        self._warned = warned
        self.setText(text)
        self.setToolTip(plain_tooltip(text))
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt: it gives way to everything beside it."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Called by Qt."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), self._cut, self.width())
        plain = self.palette().color(self.foregroundRole())
        painter.setPen(QColor(current_tokens().warning) if self._warned else plain)
        painter.drawText(self.rect(), self.alignment().value, shown)
        painter.end()
