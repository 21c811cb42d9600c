"""The right half of the Export page: cautions, the list of files, the button, progress, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.desktop.export.files import ExportFiles
from app.desktop.export.wishes import PlannedFile
from app.desktop.parts.labels import frame, label, push_button, retone
from app.desktop.parts.marks import Mark
from app.desktop.parts.words import plain_tooltip
from app.jobs.export_bones import ExportResult


class ExportPanel(QFrame):
    """Shows one of: a refusal, what will be written, an export under way, what stands.

    side: of the knee, in the planner's language.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.side = ""
        self.heading = label("", "heading")
        self.place = label("", "caption", wrap=True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.files = ExportFiles()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the export"))
        self.words = label("", "caption", wrap=True)
        self.export_button = push_button(self.tr("Export"), "primary", "export")
        self.cancel_button = push_button(self.tr("Cancel"), icon_name="cancel")
        self.folder_button = push_button(self.tr("Open folder"), icon_name="folder-open")
        self.copy_button = push_button(self.tr("Copy path of the manifest"), icon_name="copy")
        self.review_button = push_button(self.tr("Go to Review"), "quiet")
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(10)
        column.addWidget(self._notice())
        column.addWidget(self.heading)
        column.addWidget(self.place)
        column.addWidget(self.files, 1)
        column.addWidget(self.progress)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        for button in (self.copy_button, self.folder_button, self.cancel_button, self.export_button):
            row.addWidget(button)
        column.addLayout(row)

    def _notice(self) -> QFrame:
        self.notice = frame("notice", "exportNotice")
        self._mark = Mark("warning", "warning", 18)
        self.notice_words = label("", wrap=True)
        row = QHBoxLayout(self.notice)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.notice_words, 1)
        row.addWidget(self.review_button)
        self.notice.hide()
        return self.notice

    def name_keys(self, keys: QKeySequence) -> None:
        """Tell the keys of the Export button."""
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        self.export_button.setToolTip(
            plain_tooltip(self.tr("Write, read back and compare ({keys})").format(keys=shown))
        )

    def caution(self, sentence: str, with_review: bool) -> None:
        """What to mind before exporting; nothing hides it."""
        self._say("warning", "warning", sentence)
        self.review_button.setVisible(with_review)

    def refuse(self, sentence: str) -> None:
        """Why nothing can be exported."""
        self._say("danger", "error", sentence)
        self.review_button.hide()
        self._stage(self.tr("Nothing to export"), "", "", idle=True)
        self.files.show_planned((), "")
        self.export_button.setEnabled(False)

    def show_planned(self, files: Sequence[PlannedFile], missing: str) -> None:
        """What will be written. missing: what stands against it."""
        heading = (
            self.tr("{count} files will be written").format(count=len(files)) if not missing else self.tr("Not yet")
        )
        self._stage(
            heading, self.tr("Each is read back from the disk and compared with the screen."), missing, idle=True
        )
        retone(self.words, "role", "warning" if missing else "caption")
        self.files.show_planned(() if missing else files, self.side)
        self.export_button.setEnabled(not missing)

    def show_running(self, files: Sequence[PlannedFile]) -> None:
        """An export is under way."""
        self._stage(self.tr("Exporting…"), "", self.tr("Nothing is kept before every file was read back."), idle=False)
        retone(self.words, "role", "caption")
        self.files.show_planned(files, self.side)
        self.progress.setRange(0, 0)
        self.cancel_button.setEnabled(True)

    def show_progress(self, done: int, total: int) -> None:
        """How many of the files stand."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def show_cancelling(self) -> None:
        """The job has been asked to end."""
        if self.cancel_button.hasFocus():
            self.setFocus()  # or Qt hands the keyboard to whatever comes next in the window
        self.cancel_button.setEnabled(False)
        self.words.setText(self.tr("Cancelling…"))

    def show_result(self, result: ExportResult) -> None:
        """What stands."""
        heading = self.tr("{count} files written, read back and found equal").format(count=len(result.sha256))
        self._stage(heading, str(result.folder), "", idle=True, result=True)
        self.files.show_result(result, self.side)
        self.export_button.setEnabled(True)

    def _stage(self, heading: str, place: str, words: str, idle: bool, result: bool = False) -> None:
        at_export, at_cancel = self.export_button.hasFocus(), self.hasFocus() or self.cancel_button.hasFocus()
        self.heading.setText(heading)
        self.place.setText(place)
        self.words.setText(words)
        self.place.setVisible(bool(place))
        self.progress.setVisible(not idle)
        self.cancel_button.setVisible(not idle)
        self.export_button.setVisible(idle)
        self.export_button.setText(self.tr("Export again") if result else self.tr("Export"))
        self.folder_button.setVisible(result)
        self.copy_button.setVisible(result)
        if at_export and not idle:  # a button that is hidden cannot keep the keyboard
            self.cancel_button.setFocus()
        elif at_cancel and idle:
            (self.folder_button if result else self.export_button).setFocus()

    def _say(self, tone: str, mark: str, sentence: str) -> None:
        retone(self.notice, "tone", tone)
        self._mark.show_icon(mark, tone)
        self.notice_words.setText(sentence)
        self.notice.setVisible(bool(sentence))
