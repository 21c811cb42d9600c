"""The measurements of a case as a table: name, value; renamed in place, deleted by a key."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.cases.document import Measurement
from app.desktop.parts.words import one_line
from app.desktop.plan.measure import Kind, kind_of, value_of

LONGEST_NAME = 80


class MeasurementTable(QTableWidget):
    """chosen: a row, -1 for none.   renamed: a row and its new name.   deleted: a row."""

    chosen = Signal(int)
    renamed = Signal(int, str)
    deleted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2, parent)
        self.setAccessibleName(self.tr("Measurements"))
        self.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Value")])
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setToolTip(self.tr("Double click or Enter: rename. Delete: delete"))
        self._filling = False
        self._editable = True
        self.itemSelectionChanged.connect(lambda: self.chosen.emit(self.chosen_row))
        self.itemChanged.connect(self._changed)

    @property
    def chosen_row(self) -> int:
        """The row that is chosen, -1 for none."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def show_measurements(self, measurements: tuple[Measurement, ...], editable: bool) -> None:
        """Show these; the chosen row stays where it can."""
        row = min(self.chosen_row, len(measurements) - 1)
        self._filling, self._editable = True, editable
        self.setRowCount(len(measurements))
        for index, measurement in enumerate(measurements):
            self._fill(index, measurement)
        self._filling = False
        self.selectRow(row) if row >= 0 else self.clearSelection()

    def rename_chosen(self) -> None:
        """Begin to edit the chosen name."""
        item = self.item(self.chosen_row, 0)
        if item is not None and self._editable:
            self.editItem(item)

    def delete_chosen(self) -> None:
        """Ask for the chosen one to be deleted."""
        if self.chosen_row >= 0 and self._editable:
            self.deleted.emit(self.chosen_row)

    def _fill(self, row: int, measurement: Measurement) -> None:
        name, value = QTableWidgetItem(measurement.name), QTableWidgetItem(value_words(measurement))
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        name.setFlags(flags | Qt.ItemFlag.ItemIsEditable if self._editable else flags)
        value.setFlags(flags)
        value.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(row, 0, name)
        self.setItem(row, 1, value)

    def _changed(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == 0:
            self.renamed.emit(item.row(), one_line(item.text(), LONGEST_NAME))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if event.key() == Qt.Key.Key_Delete:
            self.delete_chosen()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.rename_chosen()
        else:
            super().keyPressEvent(event)


def value_words(measurement: Measurement) -> str:
    """The value with its unit."""
    number = QLocale().toString(value_of(measurement.points_mm), "f", 1)
    return f"{number} mm" if kind_of(measurement) is Kind.DISTANCE else f"{number}°"
