"""Room for a page in a window that may be smaller than the page can be."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class PageFrame(QScrollArea):
    """As large as the window, and scrolled only where the page cannot be as small.

    `setWidgetResizable` would ask for the preferred height of every page with wrapped words, and scroll far earlier.
    """

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        page.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Called by Qt: parts of the page need more room, or less."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        page, room = self.widget(), self.maximumViewportSize()  # without scroll bars
        if page is None:
            return
        needed = _needed(page, room.width())
        if needed.width() > room.width() or needed.height() > room.height():
            room = self.viewport().size()
            needed = _needed(page, room.width())
        page.resize(room.expandedTo(needed))


def _needed(page: QWidget, width: int) -> QSize:
    """The smallest size of a page that may be so wide."""
    layout = page.layout()
    if layout is None:
        return page.minimumSizeHint()
    least = layout.totalMinimumSize().expandedTo(page.minimumSize())
    if layout.hasHeightForWidth():
        least.setHeight(layout.totalMinimumHeightForWidth(max(width, least.width())))
    return least
