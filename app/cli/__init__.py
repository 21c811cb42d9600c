"""The program `genu`: the same jobs as the desktop, without Qt."""

from app.cli.program import main

__all__ = ["main"]
