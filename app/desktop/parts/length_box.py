"""A box for millimetres."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from app.desktop.parts.labels import line_up


class LengthBox(QDoubleSpinBox):
    """A number of millimetres that the wheel does not change by accident."""

    def __init__(self, name: str, decimals: int, largest: float, step: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setRange(0.0, largest)
        self.setSingleStep(step)
        self.setSuffix(self.tr(" mm"))
        self.setKeyboardTracking(False)
        self.setLocale(QLocale())
        line_up(self)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: object) -> None:  # noqa: N802
        """Called by Qt: the panel scrolls instead."""
        event.ignore()  # type: ignore[attr-defined]
