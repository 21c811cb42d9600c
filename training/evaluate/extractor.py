"""A feature extractor for FID and KID from a file: data, never code.

The file is a safetensors state of a torchvision model; its metadata names the model (`architecture`), or the names of
its weights are those of Inception v3. The classifying head is left off. A torch checkpoint (.pth) is a pickle and is
refused: `safetensors.torch.save_file(state, file, {"architecture": "inception_v3"})` makes a file of it.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from engine.domain import RefusedInput
from training.evaluate.knee import file_digest

INCEPTION = "inception_v3"
_HEADS = ("fc", "classifier", "head", "heads")
_BESIDE = ("AuxLogits.", "aux1.", "aux2.")
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, as torchvision's models are trained


@dataclass(frozen=True, slots=True, eq=False)
class Extractor:
    """network: from (N, 3, pixels, pixels) in [0, 1] to (N, F). file and sha256 name it in every result."""

    network: nn.Module
    pixels: int
    architecture: str
    file: str
    sha256: str

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """(N, F) of images (N, H, W) in [0, 1]: resized, in three equal channels, normalised as ImageNet is."""
        size = (self.pixels, self.pixels)
        resized = nn.functional.interpolate(images[:, None], size=size, mode="bilinear", antialias=True)
        mean, deviation = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (_MEAN, _DEVIATION))
        return self.network((resized - mean) / deviation).flatten(1)


def load_extractor(path: Path) -> Extractor:
    """Raises RefusedInput for a file that is no safetensors, names no torchvision model, or does not fit it."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  the file is no mapping
    except (OSError, SafetensorError) as wrong:
        raise RefusedInput(f"{path}: is not a safetensors file; save the extractor's weights as safetensors") from wrong
    architecture = metadata.get("architecture") or (INCEPTION if "Mixed_7c.branch1x1.conv.weight" in state else "")
    network = _headless(path, architecture)
    known = network.state_dict()
    weights = {n: t.float() if t.is_floating_point() else t for n, t in state.items() if _is_kept(n)}
    if set(weights) != set(known) or any(weights[name].shape != known[name].shape for name in known):
        raise RefusedInput(f"{path}: does not hold the weights of {architecture}; name its model in the metadata")
    network.load_state_dict(weights)
    pixels = 299 if architecture == INCEPTION else 224
    return Extractor(network.eval(), pixels, architecture, path.name, file_digest(path))


def _headless(path: Path, architecture: str) -> nn.Module:
    models = torchvision_models()
    if architecture not in models.list_models(module=models):
        raise RefusedInput(f"{path}: names no torchvision model; add the metadata architecture, such as {INCEPTION}")
    options = {"aux_logits": False, "init_weights": False} if architecture in (INCEPTION, "googlenet") else {}
    network = models.get_model(architecture, weights=None, **options)
    for head in _HEADS:
        if hasattr(network, head):
            setattr(network, head, nn.Identity())
    return network


def _is_kept(name: str) -> bool:
    return not name.startswith((*_BESIDE, *(f"{head}." for head in _HEADS)))


def torchvision_models() -> ModuleType:
    """torchvision's models. Beside a torch of another build its compiled operators do not load; none is needed here."""
    give_torchvision_its_operators()
    try:
        return importlib.import_module("torchvision.models")
    except ModuleNotFoundError as missing:
        raise RefusedInput("--extractor needs torchvision; install Genu's extra train, or leave it out") from missing


def give_torchvision_its_operators() -> None:
    """Make torchvision importable beside a torch of another build; torchmetrics imports it where it is installed."""
    try:
        importlib.import_module("torchvision")
    except ModuleNotFoundError:
        return
    except RuntimeError:
        _LIBRARY.extend([torch.library.Library("torchvision", "FRAGMENT")])
        for name in ("nms", "qnms"):
            _LIBRARY[0].define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


# What was defined lives as long as this list holds it.
_LIBRARY: list[torch.library.Library] = []
