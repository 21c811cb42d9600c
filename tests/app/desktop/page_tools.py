"""What tests of the Review and Plan pages have in common: opening one, looking at its pixels, the planner's hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.cases.document import Decision
from app.desktop.page import Page
from app.desktop.planes.reslice import Plane
from app.desktop.planes.view import PlaneView
from app.desktop.session import Session
from engine.domain import Source

PATIENCE_MS = 120_000
LEFT = Qt.MouseButton.LeftButton
Shown = TypeVar("Shown", bound=Page)


def opened(page: Shown, qtbot: QtBot) -> Shown:
    """A page of the open case as the window shows it, once its knee is there."""
    loader: Any = page.loader  # type: ignore[attr-defined]
    qtbot.addWidget(page)
    page.session.changed.connect(page.refresh)
    page.resize(1280, 760)
    page.show()
    page.activateWindow()
    page.refresh()
    qtbot.waitUntil(lambda: loader.shown is not None, timeout=PATIENCE_MS)
    for plane in Plane:
        plane_of(page, plane).grab()  # the first picture lays the plane out
    return page


def plane_of(page: Page, plane: Plane) -> PlaneView:
    """One of a page's planes."""
    return page.views.planes[plane]  # type: ignore[attr-defined]


def move_tube_away(session: Session) -> None:
    """Another distance of the AP film: what was generated from the one before is out of date."""
    document = session.document
    assert document is not None
    assert document.checked is not None
    farther = replace(document.checked.ap, sid_mm=Decision(1200.0, Source.USER, "typed"))
    session.accept(replace(document, checked=replace(document.checked, ap=farther)), "Check")


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """With the left button, in the middle or at a place."""
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, LEFT, pos=widget.rect().center() if at is None else at)


def write(field: QWidget, text: str) -> None:
    """Other words in a field, and Enter."""
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def pixels(widget: QWidget) -> NDArray[np.int64]:
    """What a widget shows, (rows, cols, 3)."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4)[..., 2::-1].astype(np.int64)


def of_colour(widget: QWidget, colour: str) -> NDArray[np.int64]:
    """Places (x, y), (N, 2), where a widget shows just about a colour."""
    wanted = QColor(colour)
    away = np.abs(pixels(widget) - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=2)
    return np.argwhere(away < 40)[:, ::-1]
