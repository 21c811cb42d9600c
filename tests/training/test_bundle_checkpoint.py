import json

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
from training.loop.checkpoint import Checkpoint, save_checkpoint

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
