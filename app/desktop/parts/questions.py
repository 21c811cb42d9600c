"""Questions that must be answered before something is lost. They never block: the answer calls back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from app.desktop.parts.labels import retone
from app.desktop.parts.words import literal


def ask(
    parent: QWidget,
    question: str,
    explanation: str,
    do_it: str,
    leave_it: str,
    then: Callable[[], object],
    danger: bool = True,
) -> QMessageBox:
    """Show a question; `then` is called when the planner says `do_it`. Escape and Return leave things as they are."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.setWindowTitle("Genu")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(explanation)
    yes = box.addButton(literal(do_it), QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(literal(leave_it), QMessageBox.ButtonRole.RejectRole)
    retone(yes, "role", "danger" if danger else "primary")
    yes.setObjectName("doIt")
    no.setObjectName("leaveIt")
    box.setDefaultButton(no if danger else yes)
    box.setEscapeButton(no)
    box.buttonClicked.connect(lambda button: then() if button is yes else None)
    measure_again(box)
    box.open()
    return box


def measure_again(box: QMessageBox) -> None:
    """Let a message box know its words in the type that the style sheet gives them, or it cuts them."""
    for words in box.findChildren(QLabel):
        words.ensurePolished()
