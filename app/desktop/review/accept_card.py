"""The card that accepts a review: a remark, what was accepted, and the button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.cases.document import StepState
from app.desktop.parts.labels import label, push_button, retone
from app.desktop.parts.panels import card, shown_keys

_LINES = 2
_LONGEST = 2000
ACCEPT_KEYS = "Ctrl+Return"


class AcceptCard(QWidget):
    """accepted: the remark, as the planner wrote it."""

    accepted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remark = QPlainTextEdit()
        self.remark.setPlaceholderText(self.tr("Remark, if there is one"))
        self.remark.setAccessibleName(self.tr("Remark on the review"))
        self.remark.setTabChangesFocus(True)
        self.remark.setFixedHeight(self.remark.fontMetrics().lineSpacing() * _LINES + 18)
        self.state = label("", "chip")
        self.why = label("", "caption", wrap=True)
        self.button = push_button(self.tr("Accept review"), "primary", "check")
        self.button.setToolTip(shown_keys(self.tr("I have looked at the knee and accept it"), ACCEPT_KEYS))
        made, column = card("")
        foot = QHBoxLayout()
        foot.addWidget(self.state)
        foot.addStretch()
        foot.addWidget(self.button)
        for part in (self.remark, self.why):
            column.addWidget(part)
        column.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(made)
        self.button.clicked.connect(self.accept)

    def accept(self) -> None:
        """As the button."""
        if self.button.isEnabled():
            self.accepted.emit(self.remark.toPlainText().strip()[:_LONGEST])

    def show_state(self, state: StepState, remark: str, hindrance: str) -> None:
        """Whether it is accepted already, and why it cannot be now; hindrance: a sentence, or nothing."""
        words = {
            StepState.TODO: (self.tr("not reviewed"), ""),
            StepState.DONE: (self.tr("accepted"), "success"),
            StepState.STALE: (self.tr("accepted before a change"), "warning"),
        }
        text, tone = words[state]
        self.state.setText(text)
        retone(self.state, "tone", tone)
        self.button.setEnabled(not hindrance)
        self.why.setText(hindrance)
        self.why.setVisible(bool(hindrance))
        if state is StepState.DONE and not self.remark.hasFocus():
            self.remark.setPlainText(remark)

    def forget(self) -> None:
        """Another case: its remark is its own."""
        self.remark.clear()
