"""Every colour of the program, as one table of tokens for each theme. Style sheet, palette and icons take from here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by their office, as #RRGGBB.

    surface: behind everything.   raised: cards, menus, dialogs.   sunken: fields and wells.   hover: under the mouse.
    line: between things.   outline: around what can be clicked (3:1 against what it stands on).
    text, muted: words.   accent: the next action, what is chosen; on_accent: words on it; accent_soft: behind it.
    *_soft: behind words of the same name.   focus: the ring around what has the keyboard.
    """

    surface: str
    raised: str
    sunken: str
    hover: str
    line: str
    outline: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    danger: str
    on_danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    focus: str

    def as_dict(self) -> dict[str, str]:
        """The tokens by name."""
        return asdict(self)


LIGHT = Tokens(
    surface="#F2F4F7",
    raised="#FFFFFF",
    sunken="#E9EDF2",
    hover="#E6EBF1",
    line="#D6DCE4",
    outline="#808B9A",
    text="#16202C",
    muted="#525E6D",
    accent="#1259B8",
    accent_hover="#0D4997",
    on_accent="#FFFFFF",
    accent_soft="#DFEAFA",
    danger="#B02318",
    on_danger="#FFFFFF",
    danger_soft="#FCE9E7",
    warning="#7F4600",
    warning_soft="#FFF0D1",
    success="#146236",
    success_soft="#DFF3E6",
    focus="#1F6FD6",
)

DARK = Tokens(
    surface="#12161C",
    raised="#1A2029",
    sunken="#0D1116",
    hover="#252E3A",
    line="#2C3542",
    outline="#6B7787",
    text="#E7ECF2",
    muted="#A3AEBB",
    accent="#74B3FF",
    accent_hover="#97C7FF",
    on_accent="#07172A",
    accent_soft="#1A3050",
    danger="#FF958B",
    on_danger="#2A0705",
    danger_soft="#3B1B1A",
    warning="#F4C062",
    warning_soft="#35290F",
    success="#74D69D",
    success_soft="#15301F",
    focus="#74B3FF",
)

# What stands on what: each pair must be readable (WCAG 2.1, 1.4.3: 4.5 to 1).
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((word, ground) for word in ("text", "muted") for ground in ("surface", "raised", "sunken", "hover")),
    *(
        (word, ground)
        for word in ("accent", "danger", "warning", "success")
        for ground in ("surface", "raised", "sunken")
    ),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_danger", "danger"),
    ("accent", "accent_soft"),
    ("text", "accent_soft"),
    *((name, f"{name}_soft") for name in ("danger", "warning", "success")),
    *(("text", f"{name}_soft") for name in ("danger", "warning", "success")),
)
# Borders of controls and the focus ring (WCAG 2.1, 1.4.11: 3 to 1).
SHAPE_PAIRS: tuple[tuple[str, str], ...] = tuple(
    (shape, ground) for shape in ("outline", "focus") for ground in ("surface", "raised")
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


_Role, _Group = QPalette.ColorRole, QPalette.ColorGroup
_ROLES: dict[Any, str] = {
    _Role.Window: "surface",
    _Role.WindowText: "text",
    _Role.Base: "raised",
    _Role.AlternateBase: "surface",
    _Role.Text: "text",
    _Role.PlaceholderText: "muted",
    _Role.Button: "raised",
    _Role.ButtonText: "text",
    _Role.BrightText: "danger",
    _Role.ToolTipBase: "raised",
    _Role.ToolTipText: "text",
    _Role.Highlight: "accent",
    _Role.HighlightedText: "on_accent",
    _Role.Accent: "accent",
    _Role.Link: "accent",
    _Role.LinkVisited: "accent",
    _Role.Light: "raised",
    _Role.Midlight: "hover",
    _Role.Mid: "outline",
    _Role.Dark: "line",
    _Role.Shadow: "sunken",
}


def qpalette(tokens: Tokens) -> QPalette:
    """The tokens as a Qt palette, for whatever paints itself."""
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(getattr(tokens, name)))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        palette.setColor(_Group.Disabled, role, QColor(tokens.outline))
    palette.setColor(_Group.Disabled, _Role.Highlight, QColor(tokens.line))
    return palette


assert {field.name for field in fields(Tokens)} >= {name for pair in TEXT_PAIRS + SHAPE_PAIRS for name in pair}
