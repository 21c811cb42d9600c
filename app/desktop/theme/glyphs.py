"""The small drawings that a style sheet can only take from files: ticks, dots and arrows, one set for each theme.

Written by `python -m app.desktop.theme.glyphs` after a colour changed; a test compares them.
"""

from __future__ import annotations

from pathlib import Path

from app.assets import asset
from app.desktop.theme.palette import DARK, LIGHT, Tokens

# file: (icon it is drawn from, token of its colour)
_DRAWN = {
    "check": ("check", "on_accent"),
    "minus": ("minus", "on_accent"),
    "tick": ("check", "accent"),
    "chevron-up": ("chevron-up", "muted"),
    "chevron-down": ("chevron-down", "muted"),
    "chevron-right": ("chevron-right", "muted"),
}
_DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="3" fill="{}"/></svg>\n'


def glyphs(tokens: Tokens) -> dict[str, str]:
    """The drawings of one theme, by file name."""
    drawn = {"dot.svg": _DOT.format(tokens.on_accent)}
    for name, (source, token) in _DRAWN.items():
        text = asset(f"icons/{source}.svg").read_text(encoding="utf-8")
        bold = text.replace('stroke-width="1.75"', 'stroke-width="2.5"')
        drawn[f"{name}.svg"] = bold.replace("currentColor", getattr(tokens, token))
    return drawn


def write_glyphs(folder: Path) -> None:
    """Write both sets below `folder`."""
    for theme, tokens in (("light", LIGHT), ("dark", DARK)):
        for name, drawing in glyphs(tokens).items():
            path = folder / theme / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    write_glyphs(asset("qss") / "glyphs")
