"""The list of keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.desktop.help.keys import PageKeys
from app.desktop.parts.dialogs import Dialog


class ShortcutsDialog(Dialog):
    """Shows (words, keys) of the window, then those of every page below its name."""

    def __init__(self, window_keys: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("ShortcutsDialog", "Keyboard shortcuts")
        super().__init__(title, parent)
        self.sections = [(self.tr("Anywhere"), list(window_keys)), *PageKeys(self).table()]
        self.table = table_of((), (self.tr("What"), self.tr("Keys")), title)
        for page, keys in self.sections:
            self._add_heading(page)
            for row in keys:
                _add_row(self.table, row)
        self.body.addWidget(self.table)
        self.add_close(self.tr("Close"))
        unit = self.fontMetrics().height()
        self.resize(unit * 40, unit * 40)

    def _add_heading(self, page: str) -> None:
        _add_row(self.table, (page,))
        at = self.table.rowCount() - 1
        item = self.table.item(at, 0)
        assert item is not None
        font = item.font()
        font.setWeight(QFont.Weight.DemiBold)
        item.setFont(font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.table.setSpan(at, 0, 1, 2)


def table_of(rows: Sequence[Sequence[str]], heads: Sequence[str], name: str, wide: int = 0) -> QTableWidget:
    """A table of words that can be read and selected, not changed; the column `wide` takes what room is left."""
    table = QTableWidget(0, len(heads))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(heads))
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for row in rows:
        _add_row(table, row)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
    return table


def _add_row(table: QTableWidget, row: Sequence[str]) -> None:
    at = table.rowCount()
    table.insertRow(at)
    for column, text in enumerate(row):
        table.setItem(at, column, QTableWidgetItem(text))
