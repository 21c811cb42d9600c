"""Diagnostics: what `genu doctor` says, as a table that can be copied; and where the logs are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QProgressBar, QTableWidgetItem, QWidget

from app.desktop.background import Background
from app.desktop.frame.doctor_report import Doctor, Row
from app.desktop.help.shortcuts import table_of
from app.desktop.parts.dialogs import Dialog
from app.desktop.parts.labels import label
from app.desktop.parts.words import plain_tooltip
from app.desktop.theme.icons import icon

_ICONS = {"ok": ("check-circle", "success"), "warning": ("warning", "warning"), "failure": ("error", "danger")}


class DiagnosticsDialog(Dialog):
    """Runs the doctor when it is made, and shows what it found."""

    def __init__(self, logs: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("DiagnosticsDialog", "Diagnostics"), parent)
        self._background, self._doctor, self._logs = Background(self), Doctor(), logs
        self._rows: list[Row] = []
        self.status = label(self.tr("Looking at this computer…"), "muted", wrap=True)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setAccessibleName(self.tr("Diagnostics are running"))
        heads = (self.tr("Finding"), self.tr("State"), self.tr("What was found, and what to do"))
        self.table = table_of((), heads, self.tr("Findings"), wide=2)
        self.table.setWordWrap(True)
        for part in (self.status, self.busy, self.table):
            self.body.addWidget(part)
        self.copy_button = self.add_button(self.tr("Copy"), icon_name="copy", left=True)
        self.copy_button.clicked.connect(self.copy)
        self.copy_button.setEnabled(False)
        if logs is not None:
            self.add_button(self.tr("Open the log folder"), "quiet", left=True).clicked.connect(self._open_logs)
        self.add_close(self.tr("Close"))
        self.finished.connect(self._end)
        unit = self.fontMetrics().height()
        self.resize(unit * 54, unit * 34)
        self._background.run(self._doctor.rows, self._show, self._failed)

    def copy(self) -> None:
        """The findings to the clipboard, as text."""
        lines = [f"{row.name}\t{row.state}\t{row.value}\t{row.advice}".rstrip() for row in self._rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _show(self, rows: list[Row]) -> None:
        self._rows = rows
        self.busy.hide()
        bad = any(row.state == "failure" for row in rows)
        healthy, broken = (
            self.tr("Genu can do its job on this computer."),
            self.tr("Something keeps Genu from its job."),
        )
        self.status.setText(broken if bad else healthy)
        self.copy_button.setEnabled(True)
        self.table.setRowCount(len(rows))
        for at, row in enumerate(rows):
            state = QTableWidgetItem(icon(*_ICONS.get(row.state, ("info", "accent"))), self._state_word(row.state))
            found = QTableWidgetItem("; ".join(part for part in (row.value, row.advice) if part))
            for column, item in enumerate((QTableWidgetItem(row.name), state, found)):
                item.setToolTip(plain_tooltip(item.text()))
                self.table.setItem(at, column, item)
        self.table.resizeRowsToContents()

    def _state_word(self, state: str) -> str:
        words = {"ok": self.tr("Good"), "warning": self.tr("Warning"), "failure": self.tr("Failure")}
        return words.get(state, state)

    def _failed(self, sentence: str) -> None:
        self.busy.hide()
        self.status.setText(sentence)

    def _end(self) -> None:
        """The doctor is ended first, or closing would wait for it."""
        self._doctor.end()
        self._background.close()

    def _open_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._logs)))
