"""What `genu doctor` finds."""

import json
from pathlib import Path

import pytest

from app.cli import doctor, main
from engine.domain import DamagedModel


def findings(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)["findings"]}


@pytest.fixture
def one_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(doctor, "shipped_models", lambda: {"compact": tmp_path})
    return tmp_path


def test_that_the_findings_name_device_backend_renderer_model_memory_and_disk(
    one_model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("engine.models.bundle.read_bundle", lambda folder: None)
    assert main(["doctor", "--json"]) == 0
    found = findings(capsys)
    expected = {"genu", "torch", "nanodrr", "vtk", "cpu features", "torch backend", "device", "renderer"}
    assert expected | {"model compact", "memory", "disk"} <= set(found)
    assert found["model compact"]["state"] == "ok"


def test_that_a_damaged_model_is_a_failure_with_status_one(
    one_model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def damaged(folder: Path) -> None:
        raise DamagedModel(f"{folder}: wrong hash; copy it again")

    monkeypatch.setattr("engine.models.bundle.read_bundle", damaged)
    monkeypatch.setattr(doctor, "LOOKS", (doctor._models,))
    assert main(["doctor", "--json"]) == 1
    assert findings(capsys)["model compact"]["state"] == "failure"


def test_that_no_shipped_model_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "shipped_models", dict)
    monkeypatch.setattr(doctor, "LOOKS", (doctor._models,))
    assert main(["doctor", "--json"]) == 1


def test_that_a_renderer_that_kills_its_process_is_only_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "DRAWING_MODULE", "tests.app.aborting_child")
    (finding,) = doctor._renderer()
    assert finding.state is doctor.State.WARNING


def test_that_the_table_shows_every_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "LOOKS", (doctor._processor, doctor._room))
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("processor", "cpu features", "memory", "disk"))
