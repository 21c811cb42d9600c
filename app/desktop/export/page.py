"""The Export step: bones to files in a folder of their own, each read back from the disk and compared."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QKeyCombination, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.cases.document import CaseDocument, Step, StepState, basis_of, step_state
from app.desktop.export.choice import ExportChoice
from app.desktop.export.result import ExportPanel
from app.desktop.export.wishes import (
    Wishes,
    bones_of,
    export_job,
    exported,
    may_export,
    planned_files,
    side_of_case,
)
from app.desktop.page import Page
from app.desktop.parts.anatomy_words import side_name
from app.desktop.parts.elided_label import ElidedLabel
from app.desktop.parts.labels import label
from app.desktop.parts.shortcut import add_shortcut
from app.desktop.parts.words import time_words
from app.desktop.session import Session, Severity
from app.jobs.export_bones import ExportResult, folder_name
from engine.domain import MachineFailure, RefusedInput, Side
from engine.progress import Event, Progress


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """An export under way. document: the case as it was when it began."""

    document: CaseDocument
    wishes: Wishes
    cancelled: threading.Event


class ExportPage(Page):
    """Choices to the left; to the right, what will be written and then what was.

    picture_of_view: PNG of the 3-D view of a case; set by the window where there is a view (export_picture.py).
    """

    step = Step.EXPORT
    _progressed = Signal(int, int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.picture_of_view: Callable[[CaseDocument], bytes] | None = None
        self._run: _Run | None = None
        self._result: ExportResult | None = None
        self._of_case, self._of_knee = "", ""
        self.choice, self.panel = ExportChoice(), ExportPanel()
        self.about = ElidedLabel("muted")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.choice.setObjectName("page")
        scroll = QScrollArea()
        scroll.setWidget(self.choice)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(label(self.tr("Export"), "title"))
        left.addWidget(self.about)
        left.addWidget(scroll, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(left, 5)
        row.addWidget(self.panel, 7)

    def _connect(self) -> None:
        self.choice.changed.connect(self._chosen)
        self.session.changed.connect(self._case_changed)
        self._progressed.connect(self.panel.show_progress)
        self.panel.export_button.clicked.connect(self.export)
        self.panel.cancel_button.clicked.connect(self.cancel)
        self.panel.folder_button.clicked.connect(self._open_folder)
        self.panel.copy_button.clicked.connect(self._copy_manifest_path)
        self.panel.review_button.clicked.connect(lambda: self.session.want(Step.REVIEW))
        keys = QKeySequence(QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Return))
        add_shortcut(self, keys, self.tr("Export"), self.panel.export_button.click)
        self.panel.name_keys(keys)

    # What the window and the tests call -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the case as it is now."""
        document = self.session.document
        if document is None or not may_export(document):
            self.panel.refuse(self._reason(document))
            return
        self._forget_other(document)
        side = side_of_case(document)
        self.panel.side = side_name(side)
        self.choice.show_knee(bones_of(document), side)
        self.choice.show_picture_choice(self.picture_of_view is not None)
        self.choice.show_folder_name(folder_name(document.id, side.word, datetime.now().astimezone()))
        self.about.show_text(self._about(document))
        self._show()

    @property
    def unfinished(self) -> str:
        """An export that is under way."""
        return self.tr("Bones are being exported.") if self.running else ""

    def close_page(self) -> None:
        """Stop an export that is under way; nothing of it stays."""
        self._stop()

    def export(self) -> None:
        """Begin with what is chosen."""
        case, document, wishes = self.session.case, self.session.document, self._wishes()
        if self._run is not None or case is None or document is None or wishes is None or self._missing():
            return
        try:
            picture = self.picture_of_view(document) if wishes.picture and self.picture_of_view else b""
        except (RefusedInput, MachineFailure) as told:
            self.session.fail(_as_sentence(str(told)))
            return
        run = _Run(document, wishes, threading.Event())
        self._run, self._result = run, None
        job = export_job(case, document, wishes, picture)
        self.session.background.run(lambda: self._drained(job, run), self._done, self._failed)
        self._show()

    def cancel(self) -> None:
        """Give an export up; what it has written so far goes."""
        if self._run is not None:
            self._run.cancelled.set()
            self.panel.show_cancelling()

    @property
    def running(self) -> bool:
        """Whether an export is under way."""
        return self._run is not None

    # While it runs --------------------------------------------------------------------------------------------------

    def _drained(self, job: Generator[Event, None, ExportResult], run: _Run) -> tuple[_Run, ExportResult | None]:
        """Run the job to its end; in a thread."""
        try:
            while not run.cancelled.is_set():
                event = next(job)
                if isinstance(event, Progress):
                    with suppress(RuntimeError):  # the page was closed meanwhile
                        self._progressed.emit(event.done, event.total)
        except StopIteration as end:
            return run, end.value
        finally:
            job.close()
        return run, None

    def _done(self, answer: tuple[_Run, ExportResult | None]) -> None:
        run, result = answer
        document = self.session.document
        if run is not self._run or document is None or document.id != run.document.id:
            return
        self._run, self._result = None, result
        if result is None:
            self.session.say(Severity.INFO, self.tr("The export was cancelled; nothing was written."))
        else:
            self._keep(document, run, result)
        self._show()

    def _keep(self, document: CaseDocument, run: _Run, result: ExportResult) -> None:
        """Record the export in the case."""
        record = exported(run.document, run.wishes, result)
        if self.session.accept(replace(document, exports=(*document.exports, record)), "Export"):
            words = self.tr("{count} files were written, read back and found equal.")
            self.session.say(Severity.INFO, words.format(count=len(result.sha256)), str(result.folder))
        else:
            words = self.tr("The files stand, but the case could not be saved and does not know of them.")
            self.session.say(Severity.WARNING, words, str(result.folder))

    def _failed(self, sentence: str) -> None:
        self._run = None
        self.session.fail(_as_sentence(sentence))
        self._show()

    def _case_changed(self) -> None:
        """Another case is shown: its export has nothing to do with the one that is under way."""
        document = self.session.document
        if self._run is not None and (document is None or document.id != self._run.document.id):
            self._stop()

    def _stop(self) -> None:
        if self._run is not None:
            self._run.cancelled.set()
            self._run = None

    def _forget_other(self, document: CaseDocument) -> None:
        """What was exported of another knee is no result of this one."""
        if document.id != self._of_case:
            self._of_case = document.id
            self.choice.show_folder(_proposed_folder(document))
        knee = basis_of(document, Step.EXPORT)
        if knee != self._of_knee:
            self._of_knee, self._result = knee, None

    # What is shown --------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        document, wishes = self.session.document, self._wishes()
        if document is None or not may_export(document):
            return
        self.choice.setEnabled(self._run is None)
        unreviewed = step_state(document, Step.REVIEW) is not StepState.DONE
        self.panel.caution(self._caution(unreviewed), unreviewed)
        if self._run is not None:
            self.panel.show_running(planned_files(document, self._run.wishes))
        elif self._result is not None:
            self.panel.show_result(self._result)
        else:
            self.panel.show_planned(planned_files(document, wishes) if wishes else [], self._missing())

    def _chosen(self) -> None:
        self._result = None
        self._show()

    def _caution(self, unreviewed: bool) -> str:
        if not unreviewed:
            return ""
        return self.tr(
            "Nobody has accepted this knee on the Review page yet. It can be exported; the report will say so."
        )

    def _missing(self) -> str:
        """What stands against exporting; nothing where nothing does."""
        if self.session.read_only:
            return self.tr("This case is open in another window; export it there.")
        if not self.choice.chosen_bones():
            return self.tr("Choose at least one bone.")
        if not self.choice.chosen_formats():
            return self.tr("Choose at least one format.")
        if self.choice.chosen_folder() is None:
            return self.tr("Choose a folder to export into.")
        return ""

    def _reason(self, document: CaseDocument | None) -> str:
        if document is None or document.generated is None:
            return self.tr("There is no generated knee yet: generate one first.")
        return self.tr(
            "The films or how they were settled have changed since this knee was generated: generate it again."
        )

    def _about(self, document: CaseDocument) -> str:
        right = side_of_case(document) is Side.RIGHT
        words = self.tr("Right knee, case {case}") if right else self.tr("Left knee, case {case}")
        words = words.format(case=document.id)
        if not document.exports:
            return words
        last = document.exports[-1]
        return self.tr("{case}. Last export {time} to {folder}").format(
            case=words, time=time_words(last.at), folder=Path(last.folder).name
        )

    # Small things ---------------------------------------------------------------------------------------------------

    def _wishes(self) -> Wishes | None:
        folder = self.choice.chosen_folder() or Path()
        if self.session.document is None:
            return None
        report, films = self.choice.report.isChecked(), self.choice.films.isChecked()
        picture = self.choice.picture.isEnabled() and self.choice.picture.isChecked()
        return Wishes(self.choice.chosen_bones(), self.choice.chosen_formats(), folder, report, films, picture)

    def _open_folder(self) -> None:
        if self._result is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._result.folder)))

    def _copy_manifest_path(self) -> None:
        if self._result is not None:
            QGuiApplication.clipboard().setText(str(self._result.manifest))


def _proposed_folder(document: CaseDocument) -> str:
    """Where the last export of this case went, else the user's documents."""
    if document.exports and (before := Path(document.exports[-1].folder).parent).is_dir():
        return str(before)
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _as_sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
