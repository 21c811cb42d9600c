"""`genu train evaluate` with a network that was never trained: the whole way, and what is refused before any work."""

import json

import pytest
import torch

from app.cli import main
from engine.models.manifest import Manifest, manifest_bytes
from engine.models.network import Network
from engine.models.presets import PRESETS
from tests.training.evaluate.phantom_cases import write_phantom_case
from training.loop.checkpoint import Checkpoint, save_checkpoint


@pytest.fixture(scope="module")
def untrained(tmp_path_factory):
    torch.manual_seed(0)
    spec = json.loads(manifest_bytes(Manifest("x", "1", "MIT", PRESETS["tiny"]), {}))["network"]
    tensors = {f"ema.{name}": value for name, value in Network(PRESETS["tiny"]).state_dict().items()}
    return save_checkpoint(tmp_path_factory.mktemp("run"), Checkpoint(tensors, {"step": 3, "network": spec}))


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    write_phantom_case(folder / "000000.npz")
    return folder


def test_that_a_checkpoint_is_evaluated_to_a_report_on_disk_and_on_standard_output(untrained, cases, tmp_path, capsys):
    words = ["train", "evaluate", str(untrained), "--cases", str(cases), "--out", str(tmp_path), "--steps", "1"]
    assert main([*words, "--json"]) == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert report == json.loads((tmp_path / "report.json").read_text())
    assert (report["model"]["id"], report["model"]["version"]) == ("checkpoint-of-tiny", "3")
    assert (report["settings"]["steps"], len(report["knees"])) == (1, 1)
    assert report["scores"]["unregistered"]["mean"]["dice"]["mean"] < 0.5 < report["knees"][0]["ceiling_dice"]
    assert "knees 1/1" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--steps", "2"], "need --out"),
        (["--out", "{out}", "--limit", "0"], "--limit 0 is too small"),
        (["--out", "{out}", "--steps", "0"], "--steps 0 is too small"),
        (["--out", "{out}", "--extractor", "none.safetensors"], "is not a safetensors file"),
        (["--out", "{out}", "--atlas", "none.npz"], "is not a shape model"),
    ],
)
def test_that_a_wrong_word_is_refused_before_any_work(untrained, cases, tmp_path, capsys, words, sentence):
    out = tmp_path / "out"
    given = [word.format(out=out) for word in words]
    assert main(["train", "evaluate", str(untrained), "--cases", str(cases), *given]) == 2
    assert sentence in capsys.readouterr().err
    assert not out.exists()


def test_that_a_folder_that_is_no_model_is_refused(cases, tmp_path, capsys):
    assert main(["train", "evaluate", str(tmp_path), "--cases", str(cases), "--out", str(tmp_path / "out")]) == 2
    assert "is neither a model bundle nor a checkpoint" in capsys.readouterr().err
