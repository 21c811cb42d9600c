"""The desktop as a process: what has to be set before Qt starts, the parts that outlive a window, and how it ends."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app.cases.store import CaseStore, OpenCase
from app.desktop.early_imports import EarlyImports
from app.desktop.engine_bridge import EngineBridge
from app.desktop.frame.crash_report import CrashReporter
from app.desktop.frame.window import MainWindow
from app.desktop.language import Translation
from app.desktop.logs import Logs
from app.desktop.open_mark import OpenMark
from app.desktop.parts.questions import measure_again
from app.desktop.parts.spoken import spoken
from app.desktop.places import Places, case_in, usual_places
from app.desktop.preferences import PreferenceFile, Preferences
from app.desktop.session import Session, Severity
from app.desktop.theme.apply import apply_theme, load_type
from app.desktop.theme.icons import icon
from engine.domain import MachineFailure, RefusedInput

_log = logging.getLogger("app.desktop")
_qt_log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run_desktop(places_to_open: Sequence[str] = ()) -> int:
    """Open the window and stay until it is closed; the exit status. places_to_open: a case, or files with films."""
    prefer_x11()
    app = QApplication([sys.argv[0]])
    app.setApplicationName("genu")
    app.setApplicationDisplayName("Genu")
    app.setDesktopFileName("genu")
    places = usual_places()
    logs = Logs(places.state)
    logs.open()
    before = _end_on_signals(app)
    qInstallMessageHandler(_log_qt)
    desktop = Desktop(app, places)
    try:
        desktop.open(places_to_open)
        return app.exec()
    finally:
        desktop.close()
        qInstallMessageHandler(None)
        for number, handler in before.items():
            signal.signal(number, handler)
        logs.close()


def prefer_x11() -> None:
    """On Wayland, run through XWayland: VTK draws into X11 windows only. To be called before QApplication is made."""
    wayland = bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"
    if wayland and os.environ.get("DISPLAY") and not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "xcb"


# A thread at work keeps the interpreter for a turn, and one event of the window may wait for thirty of them: it gives
# the interpreter back at every call into Qt. With Python's usual 5 ms an export held the window up for 260 ms.
TURN_S = 0.0005

_EARLY_MS = 700  # after the window was asked for; it is painted by then


class Desktop(QObject):
    """What outlives a window: preferences, theme, language, the store, the session and the engine.

    A window is made anew when the language changes.
    """

    def __init__(self, app: QApplication, places: Places) -> None:
        super().__init__()
        self._app, self._places = app, places
        self._system_points = app.font().pointSizeF()
        self.preferences = PreferenceFile(places.preferences, self)
        self._translation = Translation()
        self._reporter = CrashReporter(self)
        self._mark = OpenMark(places.state)
        self._usual_turn_s = sys.getswitchinterval()
        self._early = EarlyImports()
        self.window: MainWindow | None = None
        self.session: Session | None = None
        self.bridge: EngineBridge | None = None

    def open(self, places_to_open: Sequence[str] = ()) -> None:
        """Show the window; where the cases cannot be had, say why and end."""
        sys.setswitchinterval(TURN_S)
        load_type()
        self._app.setWindowIcon(icon("genu"))
        self._reporter.install()
        self._translation.install(self.preferences.value.language)
        self._dress()
        self.preferences.changed.connect(self._preferred)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self._dress())
        try:
            store = CaseStore(self.case_folder)
        except (RefusedInput, MachineFailure) as told:
            self._refuse(str(told))
            return
        self.session, self.bridge = Session(store, self), EngineBridge(self)
        self._make_window()
        self.session.changed.connect(self._note_open)
        QTimer.singleShot(0, self, lambda: self._open_places(places_to_open))
        QTimer.singleShot(_EARLY_MS, self, self._early.start)

    @property
    def case_folder(self) -> Path:
        """Where the cases are."""
        chosen = self.preferences.value.case_folder
        return Path(chosen) if chosen else self._places.cases

    def close(self) -> None:
        """End the engine and the threads, and let the store go."""
        self._early.stop()
        self._reporter.remove()
        if self.bridge is not None:
            self.bridge.close()
        self._mark.note("")
        if self.session is not None:
            self.session.close()
            self.session.store.close()
        self._translation.remove()
        sys.setswitchinterval(self._usual_turn_s)

    def _make_window(self) -> None:
        assert self.session is not None
        assert self.bridge is not None
        self.window = MainWindow(self.session, self.bridge, self.preferences, self._places.cases, self._places.state)
        self.window.language.connect(self.speak)
        self.window.show()

    def speak(self, code: str) -> None:
        """Another language: the window is made anew on the page that stood, unless a job runs."""
        self.preferences.change(language=code)
        assert self.session is not None
        if self.window is None or self.window.unfinished:
            self.session.say(Severity.INFO, self.tr("The language changes at the next start, since a job is running."))
            return
        before, step = self.window, self.window.stack.step
        self._translation.install(code)
        self._app.setQuitOnLastWindowClosed(False)
        before.close()
        before.deleteLater()
        self._make_window()
        self._app.setQuitOnLastWindowClosed(True)
        self.window.show_step(step)

    def _preferred(self, before: Preferences) -> None:
        now = self.preferences.value
        if (now.theme, now.text_scale) != (before.theme, before.text_scale):
            self._dress()

    def _dress(self) -> None:
        value = self.preferences.value
        apply_theme(self._app, value.theme, value.text_scale, self._system_points)

    def _open_places(self, wanted: Sequence[str]) -> None:
        """A case of the store by its folder or id, else files and folders to look for films in.

        Where nothing is wanted, the case that was open when the program ended without closing it.
        """
        if self.window is None or self.session is None:
            return
        left = self._mark.take()
        if not wanted:
            if left:
                self.session.open_case(left, self._brought_back)
            return
        case_id = case_in(self.session.store.folder, wanted[0]) if len(wanted) == 1 else None
        if case_id is None:
            self.window.look_at(tuple(Path(place) for place in wanted))
            return
        self.session.open_case(case_id)

    def _note_open(self) -> None:
        document = None if self.session is None else self.session.document
        self._mark.note("" if document is None else document.id)

    def _brought_back(self, case: OpenCase) -> None:
        """Stay on the first page: what ended the program may have been a later one."""
        assert self.session is not None
        if case.read_only:  # it is no case left behind: another window has it
            self.session.show_case(None)
            return
        words = self.tr("Genu ended unexpectedly. The case that was open is here again, with every accepted step.")
        self.session.say(Severity.WARNING, words)

    def _refuse(self, sentence: str) -> None:
        """Say why there is no window, and offer the usual folder where another one was chosen."""
        box = QMessageBox(QMessageBox.Icon.Warning, "Genu", spoken(sentence))
        box.setTextFormat(box.textFormat().PlainText)
        if self.preferences.value.case_folder:
            usual = box.addButton(self.tr("Use the usual folder"), QMessageBox.ButtonRole.AcceptRole)
            usual.clicked.connect(self._use_usual_folder)
        box.addButton(self.tr("Close Genu"), QMessageBox.ButtonRole.RejectRole)
        box.setParent(None)
        box.finished.connect(box.deleteLater)
        measure_again(box)
        self._box = box
        box.open()

    def _use_usual_folder(self) -> None:
        self.preferences.change(case_folder="")
        self.preferences.changed.disconnect(self._preferred)
        self._reporter.remove()
        self.open()


def _end_on_signals(app: QApplication) -> dict[signal.Signals, Any]:
    """SIGINT and SIGTERM close the windows; the handlers before. Python must run now and then to notice a signal."""
    beat = QTimer(app)
    beat.timeout.connect(lambda: None)
    beat.start(500)
    numbers = (signal.SIGINT, signal.SIGTERM)
    return {number: signal.signal(number, lambda _number, _frame: app.closeAllWindows()) for number in numbers}


def _log_qt(kind: QtMsgType, _context: object, _text: str) -> None:
    """What Qt says goes to the log as a line without its words, which may name files."""
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "Qt spoke")
