"""The card that measures: two tools, what to do next, the list, and what to do with those of another knee."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.cases.document import Measurement
from app.desktop.parts.labels import icon_button, label, push_button
from app.desktop.parts.panels import card, shown_keys
from app.desktop.plan.measure import Kind
from app.desktop.plan.measurements import MeasurementTable

KEYS = {Kind.DISTANCE: "Alt+D", Kind.ANGLE: "Alt+A"}
_ROWS = 4


class MeasureCard(QWidget):
    """tool: a Kind that the planner wants to measure, None to stop.   kept, dropped: what to do with stale ones."""

    tool = Signal(object)
    kept = Signal()
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = {Kind.DISTANCE: self.tr("Distance"), Kind.ANGLE: self.tr("Angle")}
        icons = {Kind.DISTANCE: "ruler", Kind.ANGLE: "angle"}
        self.tools = {kind: push_button(words[kind], "", icons[kind]) for kind in Kind}
        self.hint = label("", "caption", wrap=True)
        self.table = MeasurementTable()
        self.rename = icon_button("pencil", self.tr("Rename the chosen measurement"))
        self.delete = icon_button("trash", self.tr("Delete the chosen measurement"))
        self.keep = push_button(self.tr("They still hold"), "quiet", "check")
        self.drop = push_button(self.tr("Delete them"), "quiet", "trash")
        self._build()
        self._connect()

    def show_tool(self, kind: Kind | None, hint: str) -> None:
        """Which tool is in hand, and what to do next."""
        for known, button in self.tools.items():
            button.setChecked(known is kind)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def show_measurements(self, measurements: tuple[Measurement, ...], may_change: bool, stale: bool) -> None:
        """The list. stale: they were made on another knee, which the planner has to answer first."""
        self.table.show_measurements(measurements, may_change and not stale)
        for button in self.tools.values():
            button.setEnabled(may_change and not stale)
        for button in (self.keep, self.drop):
            button.setVisible(stale and may_change)
        self._show_buttons()

    def _build(self) -> None:
        made, column = card(self.tr("Measurements"))
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for kind, button in self.tools.items():
            button.setCheckable(True)
            button.setToolTip(shown_keys(button.text(), KEYS[kind]))
            tools.addWidget(button, 1)
        foot = QHBoxLayout()
        foot.setSpacing(2)
        for part in (self.keep, self.drop):
            foot.addWidget(part)
        foot.addStretch()
        for part in (self.rename, self.delete):
            foot.addWidget(part)
        self.table.setMinimumHeight(self.table.fontMetrics().lineSpacing() * 2 * _ROWS)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addLayout(tools)
        column.addWidget(self.hint)
        column.addWidget(self.table)
        column.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(made)

    def _connect(self) -> None:
        for kind, button in self.tools.items():
            button.clicked.connect(lambda on, kind=kind: self.tool.emit(kind if on else None))
        self.rename.clicked.connect(self.table.rename_chosen)
        self.delete.clicked.connect(self.table.delete_chosen)
        self.keep.clicked.connect(self.kept)
        self.drop.clicked.connect(self.dropped)
        self.table.chosen.connect(lambda _row: self._show_buttons())
        self.show_tool(None, "")

    def _show_buttons(self) -> None:
        chosen = self.table.chosen_row >= 0 and self.tools[Kind.DISTANCE].isEnabled()
        self.rename.setEnabled(chosen)
        self.delete.setEnabled(chosen)
