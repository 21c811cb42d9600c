"""When something fails that nobody foresaw: a dialog that says so, and details to copy that hold no patient data."""

from __future__ import annotations

import logging
import platform
import sys
import threading
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.desktop.frame.about import program_version
from app.desktop.logs import fault_words
from app.desktop.parts.dialogs import Dialog
from app.desktop.parts.labels import label

_log = logging.getLogger(__name__)


def crash_details(fault: BaseException) -> str:
    """What a report of the fault needs: versions, its class and the places in the source; no message, no path."""
    return "\n".join(
        (
            f"Genu {program_version()}, Python {platform.python_version()}, Qt {qt_version}, {platform.system()}",
            fault_words(fault),
        )
    )


class CrashDialog(Dialog):
    """What happened, why, what to do."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("CrashDialog", "Something went wrong"), parent)
        self.details = details
        for text in (
            self.tr("Genu met an error that was not foreseen. What you did last may not have been done."),
            self.tr("Every step that was accepted before is saved."),
            self.tr(
                "Go on, or close Genu and open the case again. If it comes back, report it with the details below."
            ),
        ):
            self.body.addWidget(label(text, wrap=True))
        self.view = QPlainTextEdit(details)
        self.view.setReadOnly(True)
        self.view.setAccessibleName(self.tr("Details"))
        self.body.addWidget(self.view)
        self.copy_button = self.add_button(self.tr("Copy details"), icon_name="copy", left=True)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details))
        self.add_close(self.tr("Go on"))
        unit = self.fontMetrics().height()
        self.resize(unit * 36, unit * 22)


class CrashReporter(QObject):
    """Takes what nobody caught, from any thread, logs it, and shows one dialog at a time."""

    _caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dialog: CrashDialog | None = None
        self._before = (sys.excepthook, threading.excepthook)
        self._caught.connect(self._show)

    def install(self) -> None:
        """From now on."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.caught
        threading.excepthook = lambda told: self.caught(told.exc_type, told.exc_value, told.exc_traceback)

    def remove(self) -> None:
        """No longer."""
        sys.excepthook, threading.excepthook = self._before

    def caught(
        self, kind: type[BaseException], fault: BaseException | None, frames: TracebackType | None = None
    ) -> None:
        """An exception that nobody answered; Ctrl+C closes the window."""
        if fault is None:
            return
        if issubclass(kind, KeyboardInterrupt):
            QApplication.closeAllWindows()
            return
        _log.error("an exception was not answered", exc_info=(kind, fault, frames))
        self._caught.emit(crash_details(fault))

    def _show(self, details: str) -> None:
        assert QThread.currentThread() is self.thread()
        if self.dialog is not None:
            return
        self.dialog = CrashDialog(details, QApplication.activeWindow())
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _forget(self) -> None:
        self.dialog = None
