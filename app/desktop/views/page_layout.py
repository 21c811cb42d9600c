"""Where things stand on a page that shows a knee."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.desktop.page import Page
from app.desktop.parts.labels import label
from app.desktop.views.grid import ViewGrid
from app.desktop.views.stale_bar import StaleBar


def lay_out(
    page: Page, title: str, stale: StaleBar, grid: ViewGrid, side: QWidget, choices: QLayout | None = None
) -> None:
    """The views to the left, below a title and what is chosen beside it; `side` to the right."""
    head = QHBoxLayout()
    head.addWidget(label(title, "title"))
    if choices is not None:
        head.addStretch()
        head.addLayout(choices)
    left = QVBoxLayout()
    left.setSpacing(8)
    left.addLayout(head)
    left.addWidget(stale)
    left.addWidget(grid, 1)
    row = QHBoxLayout(page)
    row.setContentsMargins(16, 10, 16, 10)
    row.setSpacing(12)
    row.addLayout(left, 1)
    row.addWidget(side)
