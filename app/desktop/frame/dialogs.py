"""The dialogs that the window opens from its menus. Each is loaded when it is first wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMainWindow

from app.desktop.frame.shortcuts import shortcuts_of
from app.desktop.parts.words import one_line
from app.desktop.preferences import PreferenceFile
from app.desktop.session import Session

_LONGEST_TITLE = 200

_Window = QMainWindow if TYPE_CHECKING else object


class WindowDialogs(_Window):
    """The part of MainWindow that opens dialogs. cases: the usual folder of the cases.   logs: where the logs are."""

    session: Session
    preferences: PreferenceFile
    cases: Path
    logs: Path | None

    def choose_language(self, code: str) -> None:
        """MainWindow's."""
        raise NotImplementedError

    def rename(self) -> None:
        """Ask for another title."""
        document = self.session.document
        if document is None:
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle(QCoreApplication.translate("WindowDialogs", "Rename case"))
        dialog.setLabelText(QCoreApplication.translate("WindowDialogs", "Title of the case"))
        dialog.setTextValue(document.title)
        for field in dialog.findChildren(QLineEdit):
            field.setMaxLength(_LONGEST_TITLE)
        dialog.textValueSelected.connect(self._rename)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rename(self, title: str) -> None:
        document = self.session.document
        if document is not None and one_line(title) != document.title:
            self.session.accept(replace(document, title=one_line(title)), "Rename")

    def show_preferences(self) -> None:
        """The preferences, in a dialog."""
        from app.desktop.frame.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(self.preferences, self.cases, self)
        dialog.language.connect(self.choose_language)
        dialog.open()

    def show_shortcuts(self) -> None:
        """Every key."""
        from app.desktop.help.shortcuts import ShortcutsDialog

        ShortcutsDialog(shortcuts_of(self), self).open()

    def show_diagnostics(self) -> None:
        """What `genu doctor` says."""
        from app.desktop.frame.diagnostics import DiagnosticsDialog

        DiagnosticsDialog(self.logs, self).open()

    def show_about(self) -> None:
        """What this is."""
        from app.desktop.frame.about import AboutDialog

        AboutDialog(self).open()
