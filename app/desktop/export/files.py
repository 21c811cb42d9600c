"""The list of an export's files: first what will be written, then what was, with what the disk gave back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.desktop.export.wishes import PlannedFile
from app.desktop.export.words import frame_chip, frame_sentence
from app.desktop.parts.words import plain_tooltip
from app.desktop.theme.icons import icon
from app.jobs.export_bones import ExportResult
from export.formats import FORMATS
from export.manifest import MeshFile

_SHOWN_DIGITS = 12
_SIDE, _STATE, _HASH = 3, 4, 5


class ExportFiles(QTableWidget):
    """One row a file. Ctrl+C copies the chosen rows, hashes whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        headings = (
            self.tr("File"),
            self.tr("Unit"),
            self.tr("Axes"),
            self.tr("Side"),
            self.tr("Read back"),
            self.tr("SHA-256"),
        )
        super().__init__(0, len(headings), parent)
        self.setHorizontalHeaderLabels(headings)
        self.setAccessibleName(self.tr("Files of the export"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)

    def show_planned(self, files: Sequence[PlannedFile], side: str) -> None:
        """What will be written. side: in the planner's language."""
        self._prove(False)
        with self._widths_later():
            self.setRowCount(len(files))
            for row, file in enumerate(files):
                self._show(row, file.name, file.format, side, "", "")

    def show_result(self, result: ExportResult, side: str) -> None:
        """What stands, each file with its hash."""
        self._prove(True)
        checked = {file.name: file for file in result.files}
        with self._widths_later():
            self.setRowCount(len(result.sha256))
            for row, (name, sha256) in enumerate(result.sha256.items()):
                mesh = checked.get(name)
                self._show(row, name, mesh.format if mesh else "", side, self._words(mesh), sha256)

    def shown_rows(self) -> list[list[str]]:
        """The cells of every row, hashes whole."""
        return [self._row(row) for row in range(self.rowCount())]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectedIndexes()})
            QApplication.clipboard().setText("\n".join("\t".join(self._row(row)) for row in rows))
            return
        super().keyPressEvent(event)

    def _words(self, mesh: MeshFile | None) -> str:
        if mesh is None:
            return self.tr("Same bytes")
        deviation = max(check.deviation_mm for check in mesh.bones)
        return self.tr("Same as on screen") if deviation == 0 else self.tr("Same, within 0.00001 mm")

    @contextmanager
    def _widths_later(self) -> Iterator[None]:
        """Measure the columns once, when all cells stand: Qt would do so again for every cell that is replaced."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        yield
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _prove(self, shown: bool) -> None:
        """Show or hide what is known only of files that stand."""
        for column in (_STATE, _HASH):
            self.setColumnHidden(column, not shown)
        self.setColumnHidden(_SIDE, shown)  # there is no room for both, and every name says it

    def _show(self, row: int, name: str, form: str, side: str, state: str, sha256: str) -> None:
        unit, axes = (FORMATS[form].unit, frame_chip(form)) if form else ("", "")
        shown = (name, unit, axes, side, state, f"{sha256[:_SHOWN_DIGITS]}…" if sha256 else "")
        hints = (name, "", frame_sentence(form) if form else "", "", state, sha256)
        for column, (text, hint) in enumerate(zip(shown, hints, strict=True)):
            item = QTableWidgetItem(text)
            item.setToolTip(plain_tooltip(hint))
            item.setData(Qt.ItemDataRole.UserRole, sha256 if column == _HASH else text)
            if column == _STATE and state:
                item.setIcon(icon("check-circle", "success"))
            self.setItem(row, column, item)

    def _row(self, row: int) -> list[str]:
        cells = (self.item(row, column) for column in range(self.columnCount()))
        return ["" if cell is None else str(cell.data(Qt.ItemDataRole.UserRole)) for cell in cells]
