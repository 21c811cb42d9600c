"""A planner at the window: sees what is on screen, moves the mouse, presses keys. Everything goes to the window, never
to a widget, so that Qt itself finds who is meant; what is hidden or covered cannot be clicked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.frame.window import MainWindow
from app.desktop.program import Desktop

PATIENCE_S = 120.0  # a machine may be busy elsewhere


class Planner:
    """Works at the window of a desktop."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        self._desktop, self._qtbot = desktop, qtbot

    @property
    def window(self) -> MainWindow:
        """As it stands now."""
        assert self._desktop.window is not None
        return self._desktop.window

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """With the left button, in the middle or at a place of the widget, as soon as it can be clicked."""
        self.wait(lambda: widget.isVisible() and widget.isEnabled(), f"{widget} can be clicked")
        place = widget.rect().center() if at is None else at
        self.reach(widget, place)
        QTest.mouseClick(self._handle(), Qt.MouseButton.LeftButton, pos=widget.mapTo(self.window, place))

    def press(self, keys: str) -> None:
        """A key or a combination, to whoever has the keyboard."""
        pressed = QKeySequence(keys)[0]
        QTest.keyClick(self._handle(), pressed.key(), pressed.keyboardModifiers())

    def write(self, field: QWidget, text: str) -> None:
        """Click into a field and replace what stands there."""
        self.click(field)
        self.wait(lambda: QApplication.focusWidget() is field, f"{field} has the keyboard")
        self.press("Ctrl+A")
        QTest.keyClicks(field, text)

    def reach(self, widget: QWidget, place: QPoint) -> None:
        """Scroll until a place of a widget is in sight. Fails where something covers it."""
        for _ in range(60):
            hidden = self._hidden_in(widget, place)
            if hidden is None:
                break
            area, down = hidden
            middle = area.viewport().mapTo(self.window, area.viewport().rect().center())
            QTest.wheelEvent(self._handle(), middle, QPoint(0, -60 if down else 60))
            QApplication.processEvents()
        there = self.window.childAt(widget.mapTo(self.window, place))
        assert there is widget or (there is not None and widget.isAncestorOf(there)), f"{there} covers {widget}"

    def wait(self, until: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
        """Let the window work until something holds."""

        def holds() -> None:
            assert until(), f"it never came about that {what}; {self._notice()}"

        self._qtbot.waitUntil(holds, timeout=round(seconds * 1000))

    def pause(self, milliseconds: int) -> None:
        """Let the window work."""
        QTest.qWait(milliseconds)

    def _notice(self) -> str:
        """What the window complains about."""
        notice = self.window.notice
        return f"the window says: {notice.sentence.text()}" if notice.isVisible() else "the window says nothing"

    def _hidden_in(self, widget: QWidget, place: QPoint) -> tuple[QScrollArea, bool] | None:
        """The scroll area that shows another part of itself, and whether the place lies below."""
        above = widget.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                seen: QRect = above.viewport().rect()
                there = widget.mapTo(above.viewport(), place)
                if not seen.adjusted(0, 2, 0, -2).contains(QPoint(seen.center().x(), there.y())):
                    return above, there.y() > seen.center().y()
            above = above.parentWidget()
        return None

    def _handle(self) -> QWindow:
        handle = self.window.windowHandle()
        assert handle is not None
        return handle
