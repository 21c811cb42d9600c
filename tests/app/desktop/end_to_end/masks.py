"""What a picture of a step shows that another model, another machine or another day would show otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.cases.document import Step
from app.desktop.frame.window import MainWindow
from tests.app.desktop.end_to_end.golden import seen

Masks = list[QWidget | QRect]


def masks(window: MainWindow, step: Step) -> Masks:
    """Of the page that stands, and of the window's own parts."""
    page: Any = window.stack.page(step)
    of_page = _OF_STEP.get(step, lambda _window, _page: [])(window, page)
    return [*of_page, window.job_bar, window.top.case]


def _import(_window: MainWindow, page: Any) -> Masks:
    return [page.recent]  # how much room the cases take, and when they were changed


def _generate(_window: MainWindow, page: Any) -> Masks:
    return [page.model, page.forecast]  # scores and version; memory and time


def _review(window: MainWindow, page: Any) -> Masks:
    table = [*page.fit.figures.values(), *page.fit.chips.values()]
    return [*_views(page), _across(window, page.fit, table), page.scene.renderer]


def _plan(window: MainWindow, page: Any) -> Masks:
    sizes = list(page.sizes.cells.values())
    return [*_views(page), _across(window, page.sizes, sizes), page.measure.table.viewport()]


def _views(page: Any) -> Masks:
    """Each for itself, so that a view that is not there is seen."""
    return [*page.views.planes.values(), page.views.knee, *getattr(page, "overlays", {}).values()]


def _export(_window: MainWindow, page: Any) -> Masks:
    """Names that hold the case and the time, and hashes."""
    return [page.about, page.choice.folder, page.choice._folder_note, page.panel.place, page.panel.files]


def _across(window: MainWindow, card: QWidget, parts: list[QWidget]) -> QRect:
    """From one side of a card to the other, as high as some of its parts."""
    whole = seen(window, card)
    rows = QRect()
    for part in parts:
        if not part.visibleRegion().isEmpty():
            rows = rows.united(seen(window, part))
    return QRect() if rows.isEmpty() else QRect(whole.left() + 4, rows.top(), whole.width() - 8, rows.height())


_OF_STEP: dict[Step, Callable[[MainWindow, Any], Masks]] = {
    Step.IMPORT: _import,
    Step.GENERATE: _generate,
    Step.REVIEW: _review,
    Step.PLAN: _plan,
    Step.EXPORT: _export,
}
