"""Views side by side, in arrangements that can be chosen, and one of them alone on a double click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

Rows = Sequence[Sequence[str]]


class ViewGrid(QWidget):
    """arranged: the name of the arrangement that stands, or of the view that is alone."""

    arranged = Signal(str)

    def __init__(
        self, views: Mapping[str, QWidget], arrangements: Mapping[str, Rows], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._views, self._arrangements = dict(views), dict(arrangements)
        self._chosen, self._alone = next(iter(arrangements)), ""
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        for view in self._views.values():
            view.setParent(self)
        self._show()

    @property
    def alone(self) -> str:
        """The view that has all the room; empty where none has."""
        return self._alone

    @property
    def chosen(self) -> str:
        """The arrangement that stands, or stood before a view was alone."""
        return self._chosen

    def arrange(self, name: str) -> None:
        """Show an arrangement."""
        self._chosen, self._alone = name, ""
        self._show()

    def toggle_alone(self, name: str) -> None:
        """Give a view all the room, or the others theirs again."""
        self._alone = "" if self._alone == name else name
        self._show()
        self._views[name].setFocus()

    def _show(self) -> None:
        rows: Rows = [[self._alone]] if self._alone else self._arrangements[self._chosen]
        shown = [name for row in rows for name in row]
        for name, view in self._views.items():
            self._grid.removeWidget(view)
            view.setVisible(name in shown)
        columns = max(len(row) for row in rows)
        for row, names in enumerate(rows):
            for column, name in enumerate(names):
                span = columns - column if name == names[-1] else 1
                self._grid.addWidget(self._views[name], row, column, 1, span)
        self._stretch(len(rows), columns)
        self.arranged.emit(self._alone or self._chosen)

    def _stretch(self, rows: int, columns: int) -> None:
        """Equal shares for what is there, none for rows and columns of another arrangement."""
        for row in range(max(rows, self._grid.rowCount())):
            self._grid.setRowStretch(row, 1 if row < rows else 0)
        for column in range(max(columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
