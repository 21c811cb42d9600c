import json
from dataclasses import replace

import pytest
import torch

from engine.domain import RefusedInput
from engine.models.bundle import read_bundle
from engine.models.loaded import load_model
from engine.models.manifest import Manifest, manifest_bytes
from engine.models.network import Network
from engine.models.presets import PRESETS
from engine.models.schedule import Schedule
from training.bundle import BundleRequest, bundle_checkpoint
from training.evaluate.knee import file_digest
from training.loop.checkpoint import TENSORS, Checkpoint, save_checkpoint

TINY = PRESETS["tiny"]
NETWORK = json.loads(manifest_bytes(Manifest("x", "1", "MIT", TINY), {}))["network"]
REQUEST = BundleRequest(
    id="tiny-test",
    version="0.1.0",
    training={"cohort": "12 knees drawn from LLP26", "minutes": 3},
    scores={"D1": {"femur": {"dice": 0.91234567}}},
    schedule=Schedule(shift_power=2),
)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Network(TINY)


@pytest.fixture
def checkpoint(network, tmp_path):
    tensors = {f"ema.{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"weights.{name}": torch.zeros_like(value) for name, value in network.state_dict().items()}
    return save_checkpoint(tmp_path / "run", Checkpoint(tensors, {"step": 7, "seed": 3, "network": NETWORK}))


def test_that_a_bundle_has_the_averaged_weights_and_says_how_they_came_about(network, checkpoint, tmp_path):
    bundle_checkpoint(checkpoint, tmp_path / "bundle", REQUEST)
    bundle = read_bundle(tmp_path / "bundle")
    assert bundle.manifest.network == TINY
    assert bundle.manifest.schedule == Schedule(shift_power=2)
    assert bundle.manifest.training["steps"] == 7
    for name, value in network.state_dict().items():
        assert torch.equal(bundle.weights[name], value.half())
    for words in (
        "research only",
        "12 knees drawn from LLP26",
        "| D1.femur.dice | 0.9123 |",
        "8³, 16³, 32³",
        "0.6 mil",
    ):
        assert words in bundle.model_card


def test_that_outer_levels_can_be_left_out(checkpoint, tmp_path):
    request = BundleRequest(id="inner", version="1", levels=2)
    bundle_checkpoint(checkpoint, tmp_path / "bundle", request)
    model = load_model(tmp_path / "bundle")
    assert model.sizes == (8, 16)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (BundleRequest(id="x", version="1", levels=9), "give 1 to 3"),
        (BundleRequest(id="No Name", version="1"), "cannot be named so"),
    ],
)
def test_that_a_request_the_checkpoint_cannot_meet_is_refused(checkpoint, tmp_path, request_, sentence):
    with pytest.raises(RefusedInput, match=sentence):
        bundle_checkpoint(checkpoint, tmp_path / "bundle", request_)
    assert not (tmp_path / "bundle").exists()


def test_that_a_folder_which_is_no_checkpoint_is_refused(tmp_path):
    with pytest.raises(RefusedInput, match="is no checkpoint"):
        bundle_checkpoint(tmp_path, tmp_path / "bundle", REQUEST)


def test_that_weights_too_large_for_half_precision_are_refused(checkpoint, tmp_path, network):
    name = next(iter(network.state_dict()))
    tensors = {f"ema.{key}": value for key, value in network.state_dict().items()}
    tensors[f"ema.{name}"] = torch.full_like(tensors[f"ema.{name}"], 1e6)
    state = {"step": 8, "network": NETWORK}
    large = save_checkpoint(tmp_path / "large", Checkpoint(tensors, state))
    with pytest.raises(RefusedInput, match="store it as float32"):
        bundle_checkpoint(large, tmp_path / "bundle", REQUEST)


def evaluation(checkpoint, **model):
    """A report of `genu train evaluate` with one knee, and figures that a card must show."""

    def table(dice, assd):
        cells = {"dice": dice, "iou": 0.8, "assd_mm": assd, "hd95_mm": 3.0, "nsd_1mm": 0.5, "nsd_2mm": 0.75}
        intervals = {name: {"mean": v, "low": v - 0.01, "high": v + 0.01, "cases": 2} for name, v in cells.items()}
        return dict.fromkeys(("femur", "tibia", "patella", "fibula", "mean"), intervals)

    def group(name, dice):
        interval = {"mean": dice, "low": dice, "high": dice, "cases": 2}
        return {"property": "osteopenia", "group": name, "knees": 1, "dice": interval, "assd_mm": interval}

    named = {"id": "checkpoint-of-tiny", "version": "7", "sha256": file_digest(checkpoint / TENSORS), "voxels": 32}
    return {
        "format": "genu-evaluation",
        "format_version": 1,
        "model": named | model,
        "settings": {"steps": 4, "seed": 11},
        "cases": {"scored": 1, "failed": [], "refused": []},
        "scores": {kind: table(0.8762, 1.234) for kind in ("unregistered", "registered")},
        "ceiling": {"unregistered": table(0.9876, 0.123)},
        "subgroups": [group("no", 0.88), group("yes", 0.71), group("unknown", 0.5)],
        "images": {"status": "not measured: no extractor given"},
        "knees": [{"name": "D1", "films": "taken"}],
    }


def test_that_the_card_and_the_manifest_hold_the_figures_of_an_evaluation(checkpoint, tmp_path):
    bundle_checkpoint(checkpoint, tmp_path / "bundle", replace(REQUEST, scores=evaluation(checkpoint)))
    bundle = read_bundle(tmp_path / "bundle")
    assert bundle.manifest.scores["dice_unregistered"]["mean"] == 0.8762
    assert bundle.manifest.scores["assd_mm_registered"]["femur"] == 1.234
    assert bundle.manifest.scores["subgroups"][1] == {
        "property": "osteopenia",
        "group": "yes",
        "knees": 1,
        "dice": 0.71,
        "assd_mm": 0.71,
    }
    for words in (
        "## What it is for",
        "## What it must not be used for",
        "12 knees drawn from LLP26",
        "1 knee with films of their own; from the meshes, 4 network evaluations, seed 11",
        "| mean | 0.876 [0.866, 0.886] |",
        "1.23 [1.22, 1.24]",
        "| osteopenia | yes | 1 | 0.710 [0.710, 0.710] |",
        "Weakest subgroup: osteopenia, yes (1 knee), Dice 0.710",
        "FID and KID: not measured: no extractor given.",
    ):
        assert words in bundle.model_card


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"model": {"sha256": "00" * 32}}, "of another checkpoint"), ({"format_version": 2}, "evaluate again")],
)
def test_that_an_evaluation_of_something_else_is_refused(checkpoint, tmp_path, change, sentence):
    report = evaluation(checkpoint, **change.get("model", {})) | {k: v for k, v in change.items() if k != "model"}
    with pytest.raises(RefusedInput, match=sentence):
        bundle_checkpoint(checkpoint, tmp_path / "bundle", replace(REQUEST, scores=report))
    assert not (tmp_path / "bundle").exists()
