"""The window: banner, steps, the page of a step, the running job, messages, menus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.cases.document import Step
from app.cases.store import OpenCase
from app.desktop.engine_bridge import EngineBridge
from app.desktop.frame.actions import Actions
from app.desktop.frame.banner import Banner
from app.desktop.frame.dialogs import WindowDialogs
from app.desktop.frame.job_bar import JobBar
from app.desktop.frame.job_watch import JobWatch
from app.desktop.frame.message_list import MessageDrawer
from app.desktop.frame.notice_bar import NoticeBar
from app.desktop.frame.page_stack import PageStack
from app.desktop.frame.read_only_bar import ReadOnlyBar
from app.desktop.frame.title_bar import TitleBar
from app.desktop.help.tour import TourPanel
from app.desktop.importing.drop_zone import dropped_paths
from app.desktop.importing.page import ImportPage
from app.desktop.parts.questions import ask
from app.desktop.parts.words import one_line
from app.desktop.preferences import TEXT_SCALES, PreferenceFile
from app.desktop.session import Message, Session, Severity, at_once
from app.desktop.theme.current import ThemeChoice
from app.desktop.theme.icons import icon

_SIZE, _SMALLEST = (1280, 800), (840, 480)


class MainWindow(WindowDialogs, QMainWindow):
    """Everything the planner sees. It owns the pages; session and engine are the program's.

    closed: the window is about to go.   language: another one is wanted, by its code.
    """

    closed = Signal()
    language = Signal(str)

    def __init__(
        self,
        session: Session,
        bridge: EngineBridge,
        preferences: PreferenceFile,
        cases: Path,
        logs: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session, self.bridge, self.preferences = session, bridge, preferences
        self.cases, self.logs, self._leaving = cases, logs, False
        self.setObjectName("mainWindow")
        self.setWindowIcon(icon("genu"))
        self.setAcceptDrops(True)
        self.setMinimumSize(*_SMALLEST)
        self.actions_ = Actions(self, self)
        self._make_parts()
        self._build()
        self._connect()
        self._show_preferences()
        self._restore_geometry()
        self.show_step(Step.IMPORT)
        self._show_case()

    def _make_parts(self) -> None:
        self.banner, self.read_only_bar, self.notice = Banner(), ReadOnlyBar(), NoticeBar()
        self.top, self.stack = TitleBar(self.actions_), PageStack(self.session, self.bridge, self.preferences)
        self.job_bar, self.drawer, self.tour = JobBar(), MessageDrawer(), TourPanel()
        self.job_watch = JobWatch(self.bridge, self.job_bar)
        self.tour.hide()

    def _build(self) -> None:
        middle, page, all_of_it = QWidget(), QVBoxLayout(), QVBoxLayout()
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        notice = QHBoxLayout()
        notice.addWidget(self.notice)
        notice.setContentsMargins(12, 8, 12, 0)
        page.addLayout(notice)
        page.addWidget(self.stack, 1)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addLayout(page, 1)
        beside.addWidget(self.tour)
        all_of_it.setContentsMargins(0, 0, 0, 0)
        all_of_it.setSpacing(0)
        for part in (self.banner, self.top, self.read_only_bar):
            all_of_it.addWidget(part)
        all_of_it.addLayout(beside, 1)
        all_of_it.addWidget(self.drawer)
        all_of_it.addWidget(self.job_bar)
        middle.setLayout(all_of_it)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        self.session.guard = self._guard
        self.session.changed.connect(self._changed)
        self.session.said.connect(self._said)
        self.session.wanted.connect(self._go_on)
        self.top.steps.chosen.connect(self.show_step)
        self.stack.shown.connect(lambda _step: self._show_steps())
        self.drawer.unread.connect(self.top.show_unread)
        self.tour.wanted.connect(self.show_step)
        self.tour.sample.connect(self.open_sample)
        self.read_only_bar.again.connect(self._open_again)
        self.preferences.changed.connect(lambda _before: self._show_preferences())

    # The case ---------------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self._show_case()
        self.stack.refresh()

    def _show_case(self) -> None:
        document, case = self.session.document, self.session.case
        title = None if document is None else document.title
        self.setWindowTitle("Genu" if title is None else f"{one_line(title) or self.tr('Untitled case')} – Genu")
        self.top.show_case(title)
        self.read_only_bar.setVisible(self.session.read_only)
        undo, redo = (None, None) if case is None else (case.undo_label, case.redo_label)
        self.actions_.show_history(undo, redo)
        self.top.show_history()
        self.actions_.close_case.setEnabled(document is not None)
        self.actions_.rename.setEnabled(document is not None and not self.session.read_only)
        self._show_steps()

    def _show_steps(self) -> None:
        self.top.steps.show_document(self.session.document, self.stack.step)

    def _said(self, message: Message) -> None:
        self.drawer.add(message)
        if not self.drawer.isVisible():
            self.notice.show_message(message)

    def _open_again(self) -> None:
        document = self.session.document
        if document is None:
            return
        self.session.open_case(document.id, self._opened_again)

    def _opened_again(self, case: OpenCase) -> None:
        if case.read_only:
            self.session.say(Severity.WARNING, self.tr("The case is still open in another window."))

    # What actions call ------------------------------------------------------------------------------------------------

    def show_step(self, step: Step) -> None:
        """Show the page of a step."""
        self.notice.hide()
        before = self.focusWidget()
        self.stack.show_step(step)
        if before is None or not (self.top.isAncestorOf(before) or self.tour.isAncestorOf(before)):
            self.stack.take_keyboard()  # or it would be wherever the page before was

    def _go_on(self, step: Step) -> None:
        """A page has done its part."""
        self.show_step(step)
        self.stack.take_keyboard()

    def new(self) -> None:
        """Close the case and begin with films."""
        self._guard(self._begin_anew)

    def _begin_anew(self) -> None:
        self.session.show_case(None)
        self.show_step(Step.IMPORT)

    def open_files(self) -> None:
        """Ask for films."""
        self._import_page().zone.choose_files()

    def open_folder(self) -> None:
        """Ask for a folder of films."""
        self._import_page().zone.choose_folder()

    def open_sample(self) -> None:
        """Make a case of the sample films."""
        self._import_page().import_sample()

    def look_at(self, paths: tuple[Path, ...]) -> None:
        """Find the films in files and folders."""
        self._import_page().look_at(paths)

    def show_cases(self) -> None:
        """Go to the list of cases."""
        self._import_page().recent.list.setFocus()

    def close_case(self) -> None:
        """Close the case."""
        self.new()

    def undo(self) -> None:
        """Back by one accepted change."""
        self.session.undo()

    def redo(self) -> None:
        """Forward again."""
        self.session.redo()

    def toggle_messages(self) -> None:
        """Show the messages, or hide them."""
        self.drawer.setVisible(not self.drawer.isVisible())
        self.top.messages.setChecked(self.drawer.isVisible())
        if self.drawer.isVisible():
            self.notice.hide()  # it stands in the list
            self.drawer.list.setFocus()

    def toggle_full_screen(self) -> None:
        """The whole screen, or a window."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Another theme, at once."""
        self.preferences.change(theme=choice)

    def choose_language(self, code: str) -> None:
        """Another language."""
        self.language.emit(code)

    def scale_text(self, steps: int) -> None:
        """Larger or smaller text, by steps."""
        at = TEXT_SCALES.index(self.preferences.value.text_scale) + steps
        self.preferences.change(text_scale=TEXT_SCALES[min(max(at, 0), len(TEXT_SCALES) - 1)])

    def show_tour(self) -> None:
        """The tour, at the side; a second time it goes away."""
        self.tour.setVisible(not self.tour.isVisible())
        if self.tour.isVisible():
            self.preferences.change(tour_seen=True)
            self.tour.next.setFocus()

    def _import_page(self) -> ImportPage:
        self.show_step(Step.IMPORT)
        page = self.stack.page(Step.IMPORT)
        assert isinstance(page, ImportPage)
        return page

    # Preferences, dropping, leaving -----------------------------------------------------------------------------------

    def _show_preferences(self) -> None:
        value = self.preferences.value
        self.actions_.themes[value.theme].setChecked(True)
        if value.language in self.actions_.languages:
            self.actions_.languages[value.language].setChecked(True)

    def _restore_geometry(self) -> None:
        if not self.restoreGeometry(self.preferences.geometry()):
            room = self.screen().availableSize()
            self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Called by Qt: films may be dropped on any page."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Called by Qt."""
        event.acceptProposedAction()
        self.look_at(dropped_paths(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Called by Qt: a job that runs is asked about first."""
        if self.unfinished and not self._leaving:
            event.ignore()
            self._ask(self.tr("Close Genu all the same?"), self.tr("Close"), self._leave)
            return
        self.session.guard = at_once
        self.preferences.keep_geometry(self.saveGeometry())
        self.stack.close_pages()
        self.closed.emit()
        super().closeEvent(event)

    @property
    def unfinished(self) -> str:
        """What runs and would be lost if the case were left now; empty where nothing would."""
        return self.stack.unfinished or (self.tr("A knee is being generated.") if self.bridge.running else "")

    def _guard(self, leave: Callable[[], object]) -> None:
        """Ask before what runs is lost to another case."""
        if self.unfinished:
            self._ask(self.tr("Leave this case all the same?"), self.tr("Leave the case"), leave)
        else:
            leave()

    def _ask(self, question: str, do_it: str, then: Callable[[], object]) -> None:
        explanation = self.tr("It ends, and nothing of it is kept. Accepted steps are saved.")
        ask(self, f"{self.unfinished} {question}", explanation, do_it, self.tr("Stay"), then)

    def _leave(self) -> None:
        self._leaving = True
        self.bridge.cancel()
        self.close()
