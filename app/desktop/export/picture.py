"""The picture of the 3-D view that goes beside exported bones: only of the very knee that is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cases.document import CaseDocument
from engine.domain import RefusedInput

if TYPE_CHECKING:
    from app.desktop.page import Page


def view_picture(review: Page | None, document: CaseDocument) -> bytes:
    """PNG of the Review page's 3-D view as it stands. review: that page, where it was shown.

    Raises RefusedInput where it does not show the knee of `document`, as after another one was generated.
    """
    loader = getattr(review, "loader", None)
    shown = None if loader is None else loader.shown
    wanted = set() if document.generated is None else set(document.generated.files.values())
    sources = set() if shown is None else {source for mesh in shown.knee.meshes for source in mesh.sources}
    picture = review.view_png() if review is not None and sources and sources <= wanted else b""  # type: ignore[attr-defined]
    if not picture:
        raise RefusedInput(
            "the 3-D view does not show this knee yet; open the Review page, or export without its picture"
        )
    return picture
