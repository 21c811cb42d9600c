"""Quick scores of a network on prepared cases: Dice of the label head from films and pure noise alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from engine.domain import Bone
from engine.models.conditioning import Conditioning
from engine.models.manifest import network_of
from engine.models.network import Network
from engine.models.schedule import Schedule
from training.baselines.answer import network_of_baseline
from training.baselines.run import baseline_scores
from training.baselines.spec import BASELINES, baseline
from training.loop.checkpoint import load_checkpoint
from training.loop.dataset import CaseFolder
from training.loop.ema import averaged_network
from training.loop.loss import label_dice


@torch.no_grad()
def label_scores(network: Network, cases: CaseFolder, levels: int, most: int = 24) -> Mapping[str, float]:
    """Mean Dice over the cases for each bone, and the mean of the four, on the grid of the outermost of `levels`.

    The labels are those of the first network evaluation, which sees films and noise and nothing of the truth.
    """
    device = next(network.parameters()).device
    log_snr = torch.tensor([float(Schedule().log_snr(1.0, 1))], device=device)
    rows = []
    for number in range(min(most, len(cases.paths))):
        batch = cases.item(number, levels, None).to(device)
        generator = torch.Generator().manual_seed(number)
        noise = [torch.randn(hu.shape, generator=generator).to(device) for hu in batch.hu]
        encoded = network.encode(
            Conditioning(batch.films, batch.camera_from_lps, batch.sod_mm, batch.micro), levels, None
        )
        logits = network.denoise(noise, log_snr, encoded)[-1].logits
        rows.append(label_dice(logits, batch.labels[-1]))
    mean = torch.stack(rows).mean(0)
    return {bone.word: float(mean[bone - 1]) for bone in Bone} | {"mean": float(mean.mean())}


def evaluate_checkpoint(checkpoint: Path, folder: Path, levels: int) -> Mapping[str, float]:
    """`label_scores` of a checkpoint's averaged weights on a folder of cases."""
    loaded = load_checkpoint(checkpoint)
    if loaded.state["network"].get("name") in BASELINES:
        other = baseline(loaded.state["network"]["name"])
        network = averaged_network(network_of_baseline(other), loaded).eval()
        return baseline_scores(network, CaseFolder.of(folder, 0, other.base_voxels))
    spec = network_of(loaded.state["network"])
    network = averaged_network(Network(spec), loaded).eval()
    return label_scores(network, CaseFolder.of(folder, 0, spec.base_voxels), levels or spec.levels)
