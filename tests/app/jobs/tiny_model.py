"""A bundle of the smallest network, untrained: loads and runs in a second, and its knee is never believed."""

from pathlib import Path

import torch

from engine.models.bundle import write_bundle
from engine.models.manifest import Manifest
from engine.models.network import Network
from engine.models.presets import PRESETS

CARD = "# untrained\n<img src=x onerror=alert(1)>\n"


def write_tiny(folder: Path, version: str = "0.1.0") -> Path:
    torch.manual_seed(0)
    spec = PRESETS["tiny"]
    manifest = Manifest(id="untrained", version=version, licence="Apache-2.0", network=spec)
    write_bundle(folder, manifest, Network(spec).state_dict(), CARD)
    return folder
