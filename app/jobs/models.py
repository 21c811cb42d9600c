"""The models at hand, shipped and installed, as their manifests describe them: read without PyTorch.

What is told here is for choosing. Every byte of a bundle is verified where it is used, in the engine
(engine/models/bundle.py).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app import assets
from engine.domain import RefusedInput

MANIFEST, WEIGHTS, CARD = "manifest.json", "weights.safetensors", "model_card.md"

_LARGEST_TEXT = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model at hand. key: what GenerateRequest.model says of it.   preset: of its network.

    voxels: along each side, of every level, innermost first.   outer_channels: of the outermost level.
    weights_bytes: on the disk.   training, scores: as its maker stated.   card: Markdown, never to be rendered.
    damage: why it cannot be used, empty where nothing is known to be wrong.
    """

    key: str
    folder: Path
    id: str = ""
    version: str = ""
    licence: str = ""
    preset: str = ""
    voxels: tuple[int, ...] = ()
    outer_channels: int = 0
    weights_bytes: int = 0
    training: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)
    card: str = ""
    damage: str = ""


def installed_folder() -> Path:
    """Where this user's installed models lie; nothing is created."""
    home = Path.home()
    usual = {"win32": home / "AppData" / "Local", "darwin": home / "Library" / "Application Support"}
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME", "")
    return (Path(named) if named else usual.get(sys.platform, home / ".local" / "share")) / "genu" / "models"


def model_folders(installed: Path | None = None) -> dict[str, Path]:
    """Folder of every model at hand by its key; a shipped one stands before an installed one of the same key."""
    place = installed_folder() if installed is None else installed
    found = {folder.name: folder for folder in sorted(place.glob("[!.]*")) if folder.is_dir()}
    return found | assets.shipped_models()


def model_folder(key_or_path: str, installed: Path | None = None) -> Path:
    """The bundle that a key, or a path to a folder, names.

    Raises RefusedInput when it is neither.
    """
    known = model_folders(installed)
    return known[key_or_path] if key_or_path in known else assets.model_folder(key_or_path)


def models_at_hand(installed: Path | None = None) -> list[ModelEntry]:
    """Every model, the default one first."""
    entries = [model_entry(key, folder) for key, folder in model_folders(installed).items()]
    return sorted(entries, key=lambda entry: (entry.key != assets.DEFAULT_MODEL, entry.key))


def model_entry(key: str, folder: Path) -> ModelEntry:
    """What a bundle's manifest and card say; damage instead where they cannot be read."""
    try:
        return _described(key, folder)
    except (RefusedInput, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return ModelEntry(key, folder, id=key, damage=f"The manifest of {key} cannot be read; install the model again.")


def _described(key: str, folder: Path) -> ModelEntry:
    said = json.loads(_text(folder / MANIFEST))
    network = said["network"]
    base, outers = int(network["base_voxels"]), network["outers"]
    return ModelEntry(
        key,
        folder,
        id=str(said["id"]),
        version=str(said["version"]),
        licence=str(said["licence"]),
        preset=str(network["name"]),
        voxels=tuple(base << level for level in range(1 + len(outers))),
        outer_channels=int(outers[-1]["full_channels"] if outers else network["inner"]["channels"][0]),
        weights_bytes=int(said["files"][WEIGHTS]["size"]),
        training=dict(said["training"]),
        scores=dict(said["scores"]),
        card=_text(folder / CARD),
    )


def _text(path: Path) -> str:
    """A small text file. Raises OSError, or RefusedInput for one that is too large."""
    with path.open("rb") as stream:
        data = stream.read(_LARGEST_TEXT + 1)
    if len(data) > _LARGEST_TEXT:
        raise RefusedInput(f"{path.name} is larger than a model's may be; copy the bundle again")
    return data.decode("utf-8", errors="replace")
