"""Where the files that ship with Genu lie: beside the source, in the frozen program, or where a wheel put them."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

from engine.domain.errors import MachineFailure, RefusedInput

DEFAULT_MODEL = "compact"


def _places() -> tuple[Path, ...]:
    beside = Path(__file__).resolve().parents[1] / "assets"
    if getattr(sys, "frozen", False):  # whole in itself: what an older Genu left elsewhere is not its own
        return (beside,)
    user = sysconfig.get_path("data", sysconfig.get_preferred_scheme("user"))
    # Debian's Python has one prefix and puts what pip installs below another.
    below = dict.fromkeys((sys.prefix, sysconfig.get_path("data"), user))
    return beside, *(Path(place) / "share" / "genu" / "assets" for place in below)


_PLACES = _places()


def asset(relative: str) -> Path:
    """A shipped file or folder, e.g. "sample-case/ap.dcm".

    Raises MachineFailure when this installation lacks it.
    """
    found = next((place / relative for place in _PLACES if (place / relative).exists()), None)
    if found is None:
        raise MachineFailure(f"assets/{relative} is missing from this installation; install Genu again")
    return found


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
