"""From a checkpoint to a model bundle: averaged weights of the trained levels, and a card that says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.domain import RefusedInput
from engine.models.bundle import write_bundle
from engine.models.manifest import Manifest, network_of
from engine.models.presets import NetworkSpec
from engine.models.schedule import Schedule
from engine.models.unallocated import unallocated_network
from training.evaluate.card import card_scores, is_evaluation, knees_of, manifest_scores, weakest_group
from training.evaluate.knee import TAKEN, file_digest
from training.evaluate.model import CHECKPOINT_ID
from training.loop.checkpoint import TENSORS, Checkpoint, load_checkpoint
from training.loop.ema import averaged_weights

LICENCE = "Apache-2.0"

_CARD = """# {id} {version}

A knee CT of {voxels} voxels along each side and four bone masks from an AP and a lateral radiograph: a nested
(Matryoshka) 3-D diffusion model of Genu, preset `{preset}`, {millions:.1f} million parameters, levels {levels}.
Licence: {licence}.

## What it is for
Research on knees from two radiographs: shape studies, teaching, work on methods. It takes one calibrated AP and one
lateral film of an adult's knee, and its bones are to be looked at beside the films before anything is made of them.

## What it must not be used for
- Diagnosis, planning, navigation or treatment of a patient. It is for research only and no medical device.
- Anything that takes its CT for a scan. What two films cannot show (soft tissue, trabecular detail, cysts, fractures,
  small osteophytes, the far side of an implant) is drawn from what training knees looked like, not seen.
- Hips, ankles, hands, children, knees with an endoprosthesis, or films that are neither AP nor lateral.
- Distances or densities without a check against the patient: the scores below are means over few knees.

## Limits
{limits}

## What it was trained on
{training}

## Measured scores
{scores}

The manifest beside this card carries these means and the SHA-256 of every file.
"""


@dataclass(frozen=True, slots=True)
class BundleRequest:
    """What to call a model and what to say of it.

    levels: how many innermost levels to ship, None for all. training, scores: JSON values, told in card and manifest;
    scores may be the report of `genu train evaluate`, whose figures then stand in both.
    storage: dtype of the weights on disk.
    """

    id: str
    version: str
    levels: int | None = None
    training: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)
    schedule: Schedule = field(default_factory=Schedule)
    storage: torch.dtype = torch.float16
    licence: str = LICENCE


def bundle_checkpoint(checkpoint_folder: Path, out: Path, request: BundleRequest) -> None:
    """Write a bundle of a checkpoint's averaged weights as the new folder `out`.

    Raises RefusedInput for a folder that is no checkpoint, levels the network does not have, or a taken `out`;
    MachineFailure when the disk does not take it.
    """
    checkpoint = _checkpoint(checkpoint_folder)
    spec = shipped_network(network_of(checkpoint.state["network"]), request.levels)
    weights = shipped_weights(averaged_weights(checkpoint), spec, request.storage)
    training = {"steps": checkpoint.state["step"], "seed": checkpoint.state.get("seed"), **request.training}
    report = _evaluation(request.scores, checkpoint_folder)
    scores = request.scores if report is None else manifest_scores(report)
    try:
        manifest = Manifest(request.id, request.version, request.licence, spec, request.schedule, training, scores)
    except ValueError as error:
        raise RefusedInput(f"the bundle cannot be named so: {error}; choose another") from error
    write_bundle(out, manifest, weights, model_card(manifest, sum(w.numel() for w in weights.values()), report))


def shipped_network(spec: NetworkSpec, levels: int | None) -> NetworkSpec:
    """The network with its innermost `levels` only; outer levels wrap inner ones, so what is left is whole.

    Raises RefusedInput when it has not so many.
    """
    if levels is not None and not 1 <= levels <= spec.levels:
        raise RefusedInput(f"--levels {levels}: {spec.name} has {spec.levels}; give 1 to {spec.levels}")
    return spec if levels is None else replace(spec, outers=spec.outers[: levels - 1])


def shipped_weights(averaged: Mapping[str, Tensor], spec: NetworkSpec, storage: torch.dtype) -> dict[str, Tensor]:
    """Those of a checkpoint's averaged weights that `spec` needs, by name, as `storage`.

    Raises RefusedInput naming one that is missing or that does not survive the storage dtype.
    """
    weights = {}
    for name in unallocated_network(spec).state_dict():
        if name not in averaged:
            raise RefusedInput(f"the checkpoint has no averaged weight {name}; bundle a checkpoint of this network")
        weights[name] = averaged[name].to(storage)
        if not torch.isfinite(weights[name]).all():
            raise RefusedInput(f"the averaged weight {name} is not finite as {storage}; store it as float32")
    return weights


def model_card(manifest: Manifest, parameters: int, report: Mapping[str, Any] | None = None) -> str:
    """Markdown for people, from the same values as the manifest. report: of `genu train evaluate`, for its tables."""
    spec = manifest.network
    sides = [spec.voxels(level) for level in range(spec.levels)]
    return _CARD.format(
        id=manifest.id,
        version=manifest.version,
        voxels=f"{sides[-1]}³",
        preset=spec.name,
        millions=parameters / 1e6,
        levels=", ".join(f"{side}³" for side in sides),
        licence=manifest.licence,
        training=_table(manifest.training),
        scores=_table(manifest.scores) if report is None else card_scores(report),
        limits=_limits(report),
    )


def _limits(report: Mapping[str, Any] | None) -> str:
    """What was measured, or not, that a user must know before trusting a result."""
    if report is None:
        return "- No evaluation by `genu train evaluate` came with this model; its scores are stated by its maker."
    taken = sum(row["films"] == TAKEN for row in report["knees"])
    unknown = [row["property"] for row in report["subgroups"] if row["group"] == "unknown"]
    lines = [
        f"- Of {knees_of(len(report['knees']))} that were scored, {taken} had films that this project did not simulate."
    ]
    if worst := weakest_group(report):
        lines.append(
            f"- Weakest subgroup: {worst['property']}, {worst['group']} ({knees_of(worst['knees'])}),"
            f" Dice {worst['dice']['mean']:.3f}."
        )
    if unknown:
        lines.append(f"- Not known for some or all of these knees: {', '.join(unknown)}.")
    return "\n".join(lines)


def _evaluation(scores: Mapping[str, Any], checkpoint_folder: Path) -> Mapping[str, Any] | None:
    """The scores as a report of `genu train evaluate`, None where they are none.

    Raises RefusedInput for the report of another checkpoint. That of a bundle is taken: it has a digest of its own.
    """
    if not is_evaluation(scores):
        return None
    model = scores["model"]
    if model["id"].startswith(CHECKPOINT_ID) and model["sha256"] != file_digest(checkpoint_folder / TENSORS):
        raise RefusedInput(
            f"the evaluation is of another checkpoint (step {model['version']}); evaluate this one first"
        )
    return scores


def _checkpoint(folder: Path) -> Checkpoint:
    try:
        return load_checkpoint(folder)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RefusedInput(f"{folder}: is no checkpoint; give the folder step-… inside a training run") from error


def _table(values: Mapping[str, Any]) -> str:
    if not values:
        return "Nothing was recorded."
    rows = [f"| {name} | {value} |" for name, value in _flat(values)]
    return "\n".join(("| what | value |", "|---|---|", *rows))


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested tables as rows: `D1.femur.dice`, rounded to four digits."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", f"{value:.4g}" if isinstance(value, float) else str(value)
