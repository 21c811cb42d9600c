"""How the desktop looks: contrast, tokens, icons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontDatabase
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.assets import asset
from app.desktop.parts.labels import label, line_up, push_button
from app.desktop.theme.apply import FAMILY, apply_theme, load_type, style_sheet
from app.desktop.theme.bones import BONE_COLOURS
from app.desktop.theme.current import ThemeChoice, current_tokens, stand
from app.desktop.theme.glyphs import glyphs
from app.desktop.theme.icons import icon, icon_names
from app.desktop.theme.palette import DARK, LIGHT, SHAPE_PAIRS, TEXT_PAIRS, Tokens, contrast, qpalette
from engine.domain import Bone

THEMES = {"light": LIGHT, "dark": DARK}
pytestmark = pytest.mark.usefixtures("dressed_as_before")


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48)])
def test_that_contrast_is_the_one_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("word", "ground"), TEXT_PAIRS)
def test_that_every_word_can_be_read(tokens: Tokens, word: str, ground: str) -> None:
    assert contrast(getattr(tokens, word), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_that_borders_and_the_focus_ring_can_be_seen(tokens: Tokens, shape: str, ground: str) -> None:
    assert contrast(getattr(tokens, shape), getattr(tokens, ground)) >= 3.0


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
def test_that_the_style_sheet_names_no_colour_of_its_own(tokens: Tokens, qapp: QApplication) -> None:
    written = asset("qss/genu.qss").read_text()
    assert re.findall(r"#[0-9A-Fa-f]{6}\b", written) == ["#000000"]  # films are black in both themes
    filled = style_sheet(tokens, 10.0)
    assert "$" not in filled
    assert tokens.accent in filled


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
def test_that_the_style_sheet_is_one_that_qt_understands(
    tokens: Tokens, qapp: QApplication, capfd: pytest.CaptureFixture[str]
) -> None:
    qapp.setStyleSheet(style_sheet(tokens, 10.0))
    assert "parse" not in capfd.readouterr().err


@pytest.mark.parametrize(("theme", "tokens"), THEMES.items(), ids=THEMES)
def test_that_the_drawings_of_the_style_sheet_have_the_colours_of_the_theme(theme: str, tokens: Tokens) -> None:
    folder = asset("qss/glyphs") / theme
    assert {path.name: path.read_text() for path in folder.glob("*.svg")} == glyphs(tokens)
    used = set(re.findall(r"glyphs/([\w-]+\.svg)", asset("qss/genu.qss").read_text()))
    assert used == glyphs(tokens).keys()


def test_that_dark_is_a_palette_and_not_only_a_sheet(qapp: QApplication) -> None:
    apply_theme(qapp, ThemeChoice.DARK, 1.0, 10.0)
    assert qapp.palette().window().color() == QColor(DARK.surface)
    assert current_tokens() is DARK
    apply_theme(qapp, ThemeChoice.LIGHT, 1.0, 10.0)
    assert qapp.palette().window().color() == QColor(LIGHT.surface)


def test_that_text_grows_with_the_preference(qapp: QApplication) -> None:
    apply_theme(qapp, ThemeChoice.LIGHT, 1.5, 10.0)
    assert qapp.font().pointSizeF() == pytest.approx(15.0)
    assert "font-size: 15.0pt" in qapp.styleSheet()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_that_fields_beside_each_other_are_alike_in_height_and_where_words_begin(
    scale: float, qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, ThemeChoice.LIGHT, scale, 10.0)
    number, choice, line, button = QSpinBox(), QComboBox(), QLineEdit("Doe"), push_button("Doe")
    line_up(number)
    choice.addItem("Doe")
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    for field in (number, choice, line, button):
        column.addWidget(field)
    holder.show()
    assert len({field.height() for field in (number, choice, line, button)}) == 1
    ink = [first_ink(field) for field in (choice, line)]
    assert abs(ink[0] - ink[1]) <= 1


def first_ink(field: QWidget) -> int:
    """The column of pixels where the words of a field begin, right of its border."""
    image = field.grab().toImage()
    row = range(image.height() // 3, image.height() - image.height() // 3)
    ground = image.pixelColor(5, image.height() // 2)
    return next(x for x in range(5, image.width()) if any(image.pixelColor(x, y) != ground for y in row))


def test_that_only_a_notice_has_the_border_of_one(qapp: QApplication, qtbot: QtBot) -> None:
    """A label is a frame to Qt: words of a warning must not stand in a box."""
    apply_theme(qapp, ThemeChoice.LIGHT, 1.0, 10.0)
    words = label("Doe", "warning")
    qtbot.addWidget(words)
    words.show()
    assert words.contentsMargins().isNull()
    assert words.grab().toImage().pixelColor(0, words.height() // 2).alpha() == 0


def test_that_the_shipped_typeface_is_found(qapp: QApplication) -> None:
    load_type()
    assert FAMILY in QFontDatabase.families()
    assert asset("fonts/OFL.txt").is_file()


def test_that_an_icon_follows_the_theme(qapp: QApplication) -> None:
    drawn = icon("stop", "accent")
    for tokens in THEMES.values():
        stand(tokens)
        image = drawn.pixmap(QSize(48, 48)).toImage()
        colours = {image.pixelColor(x, 24).name().upper() for x in range(48) if image.pixelColor(x, 24).alpha() == 255}
        assert colours == {tokens.accent}


def test_that_every_icon_that_is_named_is_there(repository: Path) -> None:
    named = set()
    for path in (repository / "app" / "desktop").rglob("*.py"):
        text = path.read_text()
        named |= set(re.findall(r"""\b(?:icon|icon_button|Mark|icon_pixmap)\(\s*"([\w-]+)\"""", text))
        named |= set(re.findall(r"""icon_name="([\w-]+)\"""", text))
    assert named - icon_names() == set()


def test_that_icons_take_their_colour_from_the_theme_only() -> None:
    for name in icon_names() - {"genu"}:
        text = asset(f"icons/{name}.svg").read_text()
        assert "currentColor" in text
        assert "#" not in text


def test_that_every_bone_has_a_colour_of_its_own() -> None:
    assert set(BONE_COLOURS) == set(Bone)
    assert len(set(BONE_COLOURS.values())) == len(Bone)


def test_that_the_palette_fills_every_role_that_words_stand_in(qapp: QApplication) -> None:
    for tokens in THEMES.values():
        palette = qpalette(tokens)
        words, ground = palette.windowText().color().name(), palette.window().color().name()
        assert contrast(words.upper(), ground.upper()) >= 4.5
