"""`genu train` from labels to a bundle, in small."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from app.cli import main
from engine.domain import RefusedInput, Side
from engine.io.nifti import label_nifti_bytes
from engine.models.bundle import read_bundle
from tests.phantoms import knee_labels
from training.baselines.answer import network_of_baseline
from training.baselines.spec import BASELINES
from training.evaluate.model import evaluated_model, trained_record
from training.loop.checkpoint import load_checkpoint
from training.plan import PLANS, plan_of
from training.run import RunRequest, plan_text


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Two cases from the labels of a left and a right phantom knee."""
    place = tmp_path_factory.mktemp("labelled")
    for side in Side:
        (place / f"{side.word}_labels.nii.gz").write_bytes(label_nifti_bytes(knee_labels(64, side)))
    out = place / "cases"
    assert main(["train", "prepare", "--ct", str(place), "--out", str(out), "--count", "2", "--workers", "1"]) == 0
    return out


def test_that_prepared_cases_are_made_once(cases):
    before = {path: path.stat().st_mtime_ns for path in cases.glob("*.npz")}
    again = ["train", "prepare", "--ct", str(cases.parent), "--out", str(cases), "--count", "2", "--workers", "1"]
    assert main(again) == 0
    assert {path: path.stat().st_mtime_ns for path in cases.glob("*.npz")} == before
    assert len(before) == 2


def test_that_a_model_is_trained_scored_and_packed(cases, tmp_path, capsys):
    run = tmp_path / "run"
    steps = ["--steps", "encoder=2", "--steps", "8=2"]
    words = ["train", "run", "--preset", "tiny", "--cases", str(cases), "--out", str(run), "--workers", "1", *steps]
    assert main(words) == 0
    checkpoint = str(max(run.glob("step-*")))
    capsys.readouterr()
    assert main(["train", "evaluate", checkpoint, "--cases", str(cases), "--levels", "1", "--json"]) == 0
    assert 0 <= json.loads(capsys.readouterr().out)["mean"] <= 1
    for name, values in (("training", {"cases": 2}), ("scores", {"dice": 0.1})):
        (tmp_path / f"{name}.json").write_text(json.dumps(values))
    bundle = tmp_path / "mine"
    files = ["--training", str(tmp_path / "training.json"), "--scores", str(tmp_path / "scores.json")]
    assert (
        main(["train", "bundle", checkpoint, "--id", "mine", "--version", "0.1.0", "--out", str(bundle), *files]) == 0
    )
    assert read_bundle(bundle).manifest.id == "mine"


def test_that_a_warm_start_goes_on_from_the_weights_of_another_run(cases, tmp_path):
    words = ["train", "run", "--preset", "tiny", "--cases", str(cases), "--workers", "1", "--until", "encoder"]
    assert main([*words, "--out", str(tmp_path / "first"), "--steps", "encoder=4"]) == 0
    first = max((tmp_path / "first").glob("step-*"))
    assert main([*words, "--out", str(tmp_path / "warm"), "--steps", "encoder=1", "--warm-start", str(first)]) == 0
    assert main([*words, "--out", str(tmp_path / "cold"), "--steps", "encoder=1", "--seed", "1"]) == 0
    taught, warm, cold = (
        load_checkpoint(max((tmp_path / name).glob("step-*"))).tensors for name in ("first", "warm", "cold")
    )
    weights = [name for name in taught if name.startswith("ema.encoder") and taught[name].dim() > 1]
    distances = [sum(float((run[name] - taught[name]).norm()) for name in weights) for run in (warm, cold)]
    assert distances[0] < 0.2 * distances[1]


def test_that_a_finished_run_asked_again_trains_nothing(cases, tmp_path, capsys):
    words = ["train", "run", "--preset", "tiny", "--cases", str(cases), "--out", str(tmp_path), "--until", "encoder"]
    words += ["--steps", "encoder=1", "--workers", "1"]
    assert main(words) == 0
    capsys.readouterr()
    assert main(words) == 0
    assert "encoder" not in capsys.readouterr().out


def test_that_a_baseline_is_trained_on_the_same_cases_and_taken_for_a_model(cases, tmp_path, capsys):
    words = ["train", "baseline", "tiny-unet", "--cases", str(cases), "--out", str(tmp_path), "--workers", "1"]
    assert main([*words, "--steps", "2", "--batch", "2", "--validate", str(cases), "--validate-every", "2"]) == 0
    assert "validation femur" in capsys.readouterr().out
    checkpoint = max(tmp_path.glob("step-*"))
    model, trained = evaluated_model(checkpoint), trained_record(checkpoint)
    assert (model.id, model.version, model.sizes) == ("checkpoint-of-tiny-unet", "2", (16,))
    assert (trained["steps"], trained["cases"]) == (2, 4)
    assert main(["train", "evaluate", str(checkpoint), "--cases", str(cases), "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"femur", "tibia", "patella", "fibula", "mean"}
    assert trained["parameters"] == sum(
        value.numel() for value in network_of_baseline(BASELINES["tiny-unet"]).parameters()
    )


def test_that_an_unknown_baseline_is_refused_by_name(cases, tmp_path, capsys):
    words = ["train", "baseline", "best", "--cases", str(cases), "--out", str(tmp_path / "run"), "--steps", "1"]
    assert main(words) == 2
    assert "no baseline 'best'" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", PLANS)
def test_that_every_plan_is_printed_without_allocating_the_network(name):
    text = plan_text(RunRequest(name))
    assert "M parameters" in text
    assert all(part.stage.name in text for part in plan_of(name))


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        (RunRequest("compact", until="256"), "256"),
        (RunRequest("compact", steps={"33": 1}), "33"),
        (RunRequest("huge"), "huge"),
    ],
)
def test_that_unknown_stages_and_presets_are_refused_by_name(request_, named):
    with pytest.raises(RefusedInput, match=named):
        plan_text(request_)


def test_that_a_plan_for_many_gpus_is_for_processes_that_train_together(capsys):
    assert main(["train", "run", "--preset", "tiny", "--plan", "--gpus", "2"]) == 0
    assert "on 2 GPUs with ddp" in capsys.readouterr().out


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_that_a_run_and_its_workers_end_when_their_group_is_told_to(cases, tmp_path):
    words = ["train", "run", "--preset", "tiny", "--cases", str(cases), "--out", str(tmp_path), "--workers", "2"]
    command = [sys.executable, "-c", f"import sys; from app.cli import main; sys.exit(main({words!r}))"]
    log = tmp_path / "train.log"
    with subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL) as run:
        while run.poll() is None and not (log.exists() and len(_workers(run.pid)) == 2):
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGTERM)
        assert run.wait(60) == 143
    limit = time.monotonic() + 10  # s; multiprocessing's own tracker ends a moment after the run it watched
    while _session(run.pid) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not _session(run.pid)


def _session(leader):
    """Processes of a session that have not ended, with their groups."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, group, session = stat.read_text().rpartition(")")[2].split()[:4]
            found |= {stat.parent.name: int(group)} if int(session) == leader and state != "Z" else {}
    return found


def _workers(leader):
    """Those that have left the group that signals reach."""
    return [process for process, group in _session(leader).items() if group != leader]


def test_that_processes_of_torchrun_are_not_let_train_alone_in_one_folder(cases, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert main(["train", "run", "--preset", "tiny", "--cases", str(cases), "--out", str(tmp_path / "run")]) == 2
    assert "torchrun started 4 processes" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_that_a_run_without_cases_is_refused(capsys):
    assert main(["train", "run"]) == 2
    assert "--cases" in capsys.readouterr().err
