"""What is still open, each line with the way to settle it, and the button that accepts when nothing is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.cases.check_draft import CheckDraft
from app.cases.check_needs import Need, OpenItem
from app.desktop.check.words import question
from app.desktop.parts.labels import label, push_button
from app.desktop.parts.marks import Mark
from app.desktop.parts.words import one_line


class OpenRow(QWidget):
    """One open question. chosen: the planner wants to settle it."""

    chosen = Signal(object)

    def __init__(self, item: OpenItem, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        words = {Need.PAIR: self.tr("Import")}
        text = self.tr("Yes") if item.by_confirmation else words.get(item.need, self.tr("Settle"))
        self.button = push_button(text, "quiet")
        self.button.setAccessibleName(f"{text}: {sentence}")
        self.button.clicked.connect(lambda _checked=False: self.chosen.emit(self.item))
        said = label(sentence, wrap=True)
        said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        grave = item.need is Need.PAIR
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(
            Mark("error" if grave else "warning", "danger" if grave else "warning"), 0, Qt.AlignmentFlag.AlignVCenter
        )
        row.addWidget(said, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt: a click on the sentence leads to its control; a "yes" is only said on its button."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.item.by_confirmation:
            self.chosen.emit(self.item)


class CheckList(QFrame):
    """chosen: an OpenItem to settle.   accepted: the planner accepts."""

    chosen = Signal(object)
    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.rows: list[OpenRow] = []
        self._shown: tuple = ()
        self._tallest = 200
        self.heading = label(role="heading", wrap=True)
        self.mark = Mark("check-circle", "success", 20)
        self.accept = push_button("", "primary", "check")
        self.accept.clicked.connect(self.accepted)
        self._inside = QWidget()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.mark)
        head.addWidget(self.heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._scroll)
        column.addWidget(self.accept)

    def show_open(self, items: Sequence[OpenItem], draft: CheckDraft, accepted: bool, editable: bool) -> None:
        """Show what is open. accepted: the draft is what the case already has."""
        shown = tuple((item, one_line(question(item, draft), 400)) for item in items)
        if shown != self._shown:
            self._shown = shown
            self._fill(shown)
        self.mark.show_icon(*(("warning", "warning") if items else ("check-circle", "success")))
        self.heading.setText(self._heading(len(items), accepted))
        self.accept.setText(self.tr("Go on to Generate") if accepted else self.tr("Accept"))
        self.accept.setEnabled(accepted or (editable and not items))
        for row in self.rows:
            row.button.setEnabled(editable)

    def show_nothing(self, sentence: str, button: str = "") -> None:
        """While there is nothing to check. button: what can be done about it; it is told as `accepted`."""
        self._shown = ()
        self._fill(())
        self.mark.show_icon("info", "muted")
        self.heading.setText(sentence)
        self.accept.setText(button or self.tr("Accept"))
        self.accept.setEnabled(bool(button))

    def _fill(self, shown: Sequence[tuple[OpenItem, str]]) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = [OpenRow(item, sentence) for item, sentence in shown]
        for row in self.rows:
            row.chosen.connect(self.chosen)
            self._list.addWidget(row)
        self._scroll.setVisible(bool(shown))
        self._fit()

    def set_tallest(self, units: int) -> None:
        """How high the list may be before it scrolls."""
        self._tallest = units
        self._fit()

    def _fit(self) -> None:
        wide = max(self.width() - 24, 1)
        self._scroll.setFixedHeight(max(min(self._list.heightForWidth(wide - 12), self._tallest), 24))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().resizeEvent(event)
        self._fit()

    def _heading(self, count: int, accepted: bool) -> str:
        if accepted:
            return self.tr("Accepted")
        return self.tr("Side, view and scale are settled") if count == 0 else self.tr("%n left to settle", "", count)
