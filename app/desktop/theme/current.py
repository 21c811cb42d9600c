"""The theme that stands. Everything that paints asks here, so that nothing keeps a colour of the theme before."""

from __future__ import annotations

from enum import Enum

from app.desktop.theme.palette import LIGHT, Tokens


class ThemeChoice(Enum):
    """What the planner chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_standing: Tokens = LIGHT


def current_tokens() -> Tokens:
    """The colours that stand."""
    return _standing


def stand(tokens: Tokens) -> None:
    """Make these colours the ones that stand; the caller repaints (theme/apply.py)."""
    global _standing
    _standing = tokens
