"""A Check page with films, and the clicks and keys of the planner before it."""

from __future__ import annotations

import io

import numpy as np
import pydicom
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QMenu, QWidget

from app.cases.check_needs import Need
from app.cases.document import FilmEntry, new_case, with_films
from app.desktop.check.page import CheckPage
from app.desktop.session import Session
from engine.domain import View

LEFT = Qt.MouseButton.LeftButton


def open_page(session: Session, qtbot, contents: dict[str, bytes], wait: bool = True) -> CheckPage:
    """The page of a new case with these films, by name, once they are read."""
    case = session.store.create(new_case())
    films = tuple(FilmEntry(case.put(content), name) for name, content in contents.items())
    case.save(with_films(case.document, films), "Import")
    session.show_case(case)
    page = CheckPage(session)
    qtbot.addWidget(page)
    session.changed.connect(page.refresh)
    page.resize(1200, 700)
    page.show()
    page.activateWindow()
    page.refresh()
    if wait:
        qtbot.waitUntil(lambda: read_by_now(page), timeout=120_000)
    return page


def read_by_now(page: CheckPage) -> bool:
    """Whether the films are here. A machine that is busy with others may take longer than a decoding child may."""
    if page.open.accept.text() == "Read again":
        page.work.films.read_again()
    return page.work.draft is not None


def as_pictures(films: dict[str, bytes]) -> dict[str, bytes]:
    """Films as pictures, whose files say nothing; the AP lies on its side."""
    made = {}
    for name, turns in (("ap.dcm", 1), ("lateral.dcm", 0)):
        pixels = pydicom.dcmread(io.BytesIO(films[name])).pixel_array
        file = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(np.rot90(pixels, turns))).save(file, "PNG")
        made[name.replace(".dcm", ".png")] = file.getvalue()
    return made


def click(widget: QWidget) -> None:
    """With the left button, in its middle."""
    QTest.mouseClick(widget, LEFT)


def choose(widget: QWidget, words: str) -> None:
    """Click a chip, then an entry of the menu that it opens."""
    click(widget)
    menus = [menu for menu in widget.findChildren(QMenu) if menu.isVisible()]
    (action,) = [action for action in menus[-1].actions() if words in action.text()]
    QTest.mouseClick(menus[-1], LEFT, pos=menus[-1].actionGeometry(action).center())
    QApplication.processEvents()


def type_into(box: QDoubleSpinBox, text: str) -> None:
    """Another number, and Enter."""
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def needs(page: CheckPage) -> list[tuple[Need, View | None]]:
    """What is open, and of which film."""
    return [(item.need, item.place) for item in page.work.items]


def confirm(page: CheckPage) -> None:
    """Say yes to everything that a yes settles."""
    while rows := [row for row in page.open.rows if row.item.by_confirmation]:
        click(rows[0].button)


def page_words(widget: QWidget) -> str:
    """Everything that its labels say."""
    return " ".join(found.text() for found in widget.findChildren(QLabel))
