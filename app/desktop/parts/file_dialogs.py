"""Asking for files and folders. The dialogs open beside the work; the answer calls back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

Then = Callable[[tuple[Path, ...]], object]


def ask_for_files(parent: QWidget, title: str, filters: Sequence[str], then: Then, several: bool = True) -> QFileDialog:
    """Files to read; `then` gets them, and is not called where the planner changes his mind."""
    mode = QFileDialog.FileMode.ExistingFiles if several else QFileDialog.FileMode.ExistingFile
    return _asked(parent, title, mode, then, filters)


def ask_for_folder(parent: QWidget, title: str, start: str, then: Callable[[Path], object]) -> QFileDialog:
    """A folder, beginning at `start` ("" is where the system begins)."""
    dialog = _asked(parent, title, QFileDialog.FileMode.Directory, lambda paths: then(paths[0]), ())
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if start:
        dialog.setDirectory(start)
    return dialog


def _asked(parent: QWidget, title: str, mode: QFileDialog.FileMode, then: Then, filters: Sequence[str]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(mode)
    if filters:
        dialog.setNameFilters(list(filters))
    dialog.filesSelected.connect(lambda names: then(tuple(Path(name) for name in names)))
    dialog.open()
    return dialog
