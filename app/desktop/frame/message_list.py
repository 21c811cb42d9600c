"""Everything that was said since the window opened: newest first, plain text, to be copied."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QPersistentModelIndex, Qt, QTime, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from app.desktop.parts.labels import icon_button, label, push_button
from app.desktop.parts.words import one_line, plain_tooltip
from app.desktop.session import Message, Severity
from app.desktop.theme.icons import icon

_ICONS = {
    Severity.INFO: ("info", "accent"),
    Severity.WARNING: ("warning", "warning"),
    Severity.ERROR: ("error", "danger"),
}
_KEPT = 500
_Index = QModelIndex | QPersistentModelIndex


class Messages(QAbstractListModel):
    """The messages, newest first, each with the time it was said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said: list[tuple[datetime, Message]] = []

    def add(self, message: Message) -> None:
        """Another message; the oldest go once there are very many."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._said.insert(0, (datetime.now(), message))
        self.endInsertRows()
        if len(self._said) > _KEPT:
            self.beginRemoveRows(QModelIndex(), _KEPT, len(self._said) - 1)
            del self._said[_KEPT:]
            self.endRemoveRows()

    def clear(self) -> None:
        """Forget them all."""
        self.beginResetModel()
        self._said.clear()
        self.endResetModel()

    def at(self, row: int) -> Message:
        """The message in a row."""
        return self._said[row][1]

    def details(self, row: int) -> str:
        """What is copied of a row: time, severity, sentence and details."""
        when, message = self._said[row]
        lines = [f"{when:%Y-%m-%d %H:%M:%S} {message.severity.value}: {message.sentence}", message.details]
        return "\n".join(line for line in lines if line)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Called by Qt."""
        return 0 if parent.isValid() else len(self._said)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Called by Qt."""
        when, message = self._said[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            time = QLocale().toString(QTime(when.hour, when.minute, when.second), "HH:mm")
            return f"{time}   {one_line(message.sentence, 2000)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(*_ICONS[message.severity])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(message.sentence)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.severity_word(message.severity)}: {message.sentence}"
        return None

    def severity_word(self, severity: Severity) -> str:
        """How loud a message is, in words."""
        return {
            Severity.INFO: self.tr("Note"),
            Severity.WARNING: self.tr("Warning"),
            Severity.ERROR: self.tr("Error"),
        }[severity]


class MessageDrawer(QFrame):
    """The list in a drawer at the bottom of the window. unread: how many came while it was shut."""

    unread = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageDrawer")
        self.messages = Messages(self)
        self._unread = 0
        self._build()
        self.hide()

    def _build(self) -> None:
        self.list = QListView()
        self.list.setObjectName("messageItems")
        self.list.setModel(self.messages)
        self.list.setWordWrap(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(self.tr("Messages"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        copy = QAction(self.tr("Copy details"), self.list)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.list.addAction(copy)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.copy_button = push_button(self.tr("Copy details"), "quiet", "copy")
        self.copy_button.clicked.connect(self.copy)
        self.clear_button = push_button(self.tr("Clear"), "quiet")
        self.clear_button.clicked.connect(self.messages.clear)
        self.close_button = icon_button("chevron-down", self.tr("Hide the messages"))
        self.close_button.clicked.connect(self.hide)
        top = QHBoxLayout()
        top.addWidget(label(self.tr("Messages"), "heading"))
        top.addStretch()
        for button in (self.copy_button, self.clear_button, self.close_button):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.list)
        self.setFixedHeight(self.fontMetrics().height() * 11)

    def add(self, message: Message) -> None:
        """Another message."""
        self.messages.add(message)
        if not self.isVisible():
            self._tell_unread(self._unread + 1)

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Shown or hidden; what is shown is read."""
        super().setVisible(visible)
        if visible:
            self._tell_unread(0)

    def copy(self) -> None:
        """The chosen messages to the clipboard; all of them where none is chosen."""
        chosen = sorted(index.row() for index in self.list.selectedIndexes())
        rows = chosen or range(self.messages.rowCount())
        QGuiApplication.clipboard().setText("\n\n".join(self.messages.details(row) for row in rows))

    def _tell_unread(self, count: int) -> None:
        self._unread = count
        self.unread.emit(count)
