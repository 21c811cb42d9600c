"""Parts of the Check page's side panel: a name that is cut where it is long, a number with its origin below it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from app.desktop.parts.elided_label import ElidedLabel
from app.desktop.parts.labels import label, retone
from app.desktop.parts.length_box import LengthBox


class CardScroll(QScrollArea):
    """Cards that scroll up and down; small by itself, so that the page around it need not scroll."""

    def __init__(self, cards: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidget(cards)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(super().sizeHint().width(), 120)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(super().minimumSizeHint().width(), 80)


class NumberField(QObject):
    """A length in mm: its name, its box, and who said it. entered: the planner gave another value."""

    entered = Signal(float)

    def __init__(self, name: str, decimals: int, largest: float, step: float, parent: QObject) -> None:
        super().__init__(parent)
        self.box = LengthBox(name, decimals, largest, step)
        self.box.setSpecialValueText(self.tr("unknown"))
        self._shown = 0.0
        self.name = label(name)
        self.name.setBuddy(self.box)
        self.origin = ElidedLabel()
        self.box.editingFinished.connect(self._finished)

    def show_value(self, value: float | None, origin: str, warned: bool) -> None:
        """Show a value, None where it is unknown."""
        self._shown = 0.0 if value is None else value
        self.box.blockSignals(True)
        self.box.setValue(self._shown)
        self.box.blockSignals(False)
        self.box.setAccessibleDescription(origin)
        self.origin.show_text(origin, warned)
        retone(self.box, "invalid", warned and value is None)

    def _finished(self) -> None:
        """Only what is another number on the screen is a word of the planner's."""
        value = self.box.value()
        if value > 0 and value != round(self._shown, self.box.decimals()):
            self.entered.emit(value)
