"""Where the files that ship with Genu lie: beside the source, or where a wheel put them."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.domain.errors import RefusedInput

DEFAULT_MODEL = "compact"

_PLACES = (Path(__file__).resolve().parents[1] / "assets", Path(sys.prefix) / "share" / "genu" / "assets")


def shipped_models() -> dict[str, Path]:
    """Folders of the model bundles at hand, by id."""
    folders = [folder for place in reversed(_PLACES) for folder in sorted(place.glob("models/*"))]
    return {folder.name: folder for folder in folders if folder.is_dir()}


def model_folder(id_or_path: str) -> Path:
    """The bundle that `--model` names: the id of a shipped one, or a folder.

    Raises RefusedInput when it is neither.
    """
    shipped = shipped_models()
    if id_or_path in shipped:
        return shipped[id_or_path]
    if Path(id_or_path).is_dir():
        return Path(id_or_path)
    known = ", ".join(shipped) or "none"
    raise RefusedInput(f"{id_or_path} is neither a shipped model ({known}) nor the folder of a model bundle")
