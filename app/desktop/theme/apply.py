"""Dressing the application: style, palette, type and style sheet, all from the one table of tokens."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from app.assets import asset
from app.desktop.theme.current import ThemeChoice, stand
from app.desktop.theme.palette import DARK, LIGHT, Tokens, qpalette

FAMILY = "Inter"
_WEIGHTS = ("Regular", "Medium", "SemiBold")
_SMALLEST_POINTS, _USUAL_POINTS = 8.0, 10.0
# Of the body's size; the steps of a minor third, rounded.
_SIZES = {"caption": 0.9, "body": 1.0, "heading": 1.15, "title": 1.55}


def tokens_for(choice: ThemeChoice) -> Tokens:
    """The table for a choice; `SYSTEM` asks the desktop environment."""
    if choice is ThemeChoice.SYSTEM:
        hints = QApplication.styleHints()
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice is ThemeChoice.DARK else LIGHT


def load_type() -> None:
    """Make the shipped typeface known; where it cannot be read, the system's own serves."""
    for weight in _WEIGHTS:
        QFontDatabase.addApplicationFont(str(asset(f"fonts/{FAMILY}-{weight}.ttf")))


def apply_theme(app: QApplication, choice: ThemeChoice, text_scale: float, system_points: float) -> Tokens:
    """Dress `app`. text_scale: 1 is the system's size of text, which `system_points` tells (before any change)."""
    tokens = tokens_for(choice)
    stand(tokens)
    points = max(_SMALLEST_POINTS, (system_points if system_points > 0 else _USUAL_POINTS) * text_scale)
    if app.style() is None or app.style().name() != "fusion":
        app.setStyle("fusion")
    app.setFont(_font(points))
    app.setPalette(qpalette(tokens))
    app.setStyleSheet(style_sheet(tokens, points))
    return tokens


def style_sheet(tokens: Tokens, points: float) -> str:
    """The style sheet with every token and size put in; raises KeyError for a name that no table has."""
    glyphs = asset("qss/glyphs") / ("dark" if tokens is DARK else "light")
    sizes = {name: f"{points * factor:.1f}pt" for name, factor in _SIZES.items()}
    control = f"{round(points * 1.9)}px"
    names = tokens.as_dict() | sizes | {"control": control, "row": control, "glyphs": glyphs.as_posix()}
    return Template(asset("qss/genu.qss").read_text(encoding="utf-8")).substitute(names)


def _font(points: float) -> QFont:
    font = QFont([FAMILY, *QFont().families()])
    font.setPointSizeF(points)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font
