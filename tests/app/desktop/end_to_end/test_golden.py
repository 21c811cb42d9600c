"""What the comparison of pictures sees, and what it lets pass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.app.desktop.end_to_end.golden import Pixels, compare_or_write, differs, picture, write_small

WORDS = ["Measure the knee", "Choose a tool, then click in a plane or on a bone.", "Sizes of the bones in millimetres"]


@pytest.fixture
def panel(qtbot: QtBot) -> QWidget:
    """A panel with three lines and a box."""
    panel = QWidget()
    qtbot.addWidget(panel)
    panel.resize(420, 300)
    column = QVBoxLayout(panel)
    for words in WORDS:
        column.addWidget(QLabel(words))
    box = QFrame()
    box.setStyleSheet("background: #3060A0; min-height: 120px")
    column.addWidget(box)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def kept(panel: QWidget, folder: Path) -> Pixels:
    """As it comes back from the file."""
    write_small(picture(panel), folder / "kept.png")
    return np.array(Image.open(folder / "kept.png").convert("RGB"))


def test_that_the_same_panel_is_alike_and_so_it_is_a_pixel_lower_or_a_little_paler(
    panel: QWidget, tmp_path: Path
) -> None:
    golden = kept(panel, tmp_path)
    shown = picture(panel)
    paler = (shown.astype(np.int16) + 4).clip(0, 255).astype(np.uint8)
    for alike in (shown, np.roll(shown, 1, axis=0), np.roll(shown, -1, axis=1), paler):
        assert differs("panel", alike, golden, tmp_path) == ""


def test_that_other_words_a_missing_line_and_a_missing_box_are_seen(panel: QWidget, tmp_path: Path) -> None:
    golden = kept(panel, tmp_path)
    line, box = panel.findChildren(QLabel)[1], panel.findChildren(QFrame)[-1]
    line.setText("Draw a line over a ball whose size you know well.")
    assert "tiles differ" in differs("words", picture(panel), golden, tmp_path)
    assert (tmp_path / "words-difference.png").exists()
    line.setText("")
    assert "tiles differ" in differs("line", picture(panel), golden, tmp_path)
    line.setText(WORDS[1])
    assert differs("again", picture(panel), golden, tmp_path) == ""
    box.setStyleSheet("")
    assert "tiles differ" in differs("box", picture(panel), golden, tmp_path)


def test_that_what_is_masked_is_not_compared_and_another_size_is_told(panel: QWidget, tmp_path: Path) -> None:
    line = panel.findChildren(QLabel)[2]
    golden = picture(panel, [line, QRect(0, 0, 5, 5)])
    line.setText("Another model, another figure")
    assert differs("masked", picture(panel, [line, QRect(0, 0, 5, 5)]), golden, tmp_path) == ""
    assert "300" in differs("size", golden[:200], golden, tmp_path)
    assert "GENU_WRITE_PICTURES" in compare_or_write("absent", golden, tmp_path / "none", tmp_path)
