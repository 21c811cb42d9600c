"""Decoded films made for the tests, whose files say everything, or nothing."""

from __future__ import annotations

from app.cases.check_draft import CheckDraft
from app.cases.check_needs import Need, open_items
from engine.domain import Provenance, Radiograph, Side, Source, View
from tests.engine.io.film_files import wedge

FIELDS = ("pixel_spacing_mm", "sid_mm", "sod_mm", "columns_run_to", "view", "side")


def film(view: View | None = View.AP, side: Side | None = Side.RIGHT, blob="", sources=None, **changes) -> Radiograph:
    """A film whose file says everything, unless `sources` says otherwise of a field; no flip maps it to itself."""
    provenance = {name: Provenance(Source.FILE, f"{name} tag") for name in FIELDS}
    provenance |= {name: Provenance(source, "test") for name, source in (sources or {}).items()}
    word = view.value.lower() if view else "film"
    values = {
        "pixels": wedge(400, 300),
        "view": view,
        "side": side,
        "pixel_spacing_mm": (0.3, 0.3),
        "sid_mm": 1150.0,
        "sod_mm": 1050.0,
        "columns_run_to": "A" if view is View.LATERAL else "L",
        "source_name": f"{word}.dcm",
        "sha256": blob or word,
        "provenance": provenance,
    }
    return Radiograph(**(values | changes))


def films(*given: Radiograph) -> dict[str, Radiograph]:
    return {one.sha256: one for one in given}


def unsaid(blob: str) -> Radiograph:
    """A picture: its file says nothing."""
    default = dict.fromkeys(("pixel_spacing_mm", "sid_mm", "sod_mm", "columns_run_to"), Source.DEFAULT)
    return film(None, None, blob, default, sid_mm=None, sod_mm=None, source_name=f"{blob}.png")


def needs(draft: CheckDraft) -> list[tuple[Need, View | None]]:
    """What is open, and of which film."""
    return [(item.need, item.place) for item in open_items(draft)]


AP, LATERAL = film(View.AP), film(View.LATERAL)
