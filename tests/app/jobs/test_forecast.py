"""What is said before a run starts."""

import json
from pathlib import Path

import pytest

from app.assets import shipped_models
from app.cases.document import GenerateRequest
from app.jobs.forecast import Basis, Concern, Pace, forecast, needed_bytes, pace_of
from app.jobs.machine import Machine
from app.jobs.memory import available_bytes
from app.jobs.models import ModelEntry, model_entry

COMPACT = ModelEntry(
    "compact", Path(), preset="compact", voxels=(32, 64, 128), outer_channels=16, weights_bytes=18 << 20
)
LARGE = ModelEntry("m3d", Path(), preset="m3d-400", voxels=(32, 64, 128), outer_channels=32, weights_bytes=858 << 20)
CPU, GPU = Machine(2), Machine(16, "A card", 80 << 30, 70 << 30)
GIB = 1 << 30


def test_that_the_processor_takes_the_place_of_a_missing_gpu_and_says_so() -> None:
    told = forecast(GenerateRequest(), COMPACT, CPU, 8 * GIB)
    assert (told.device, told.concerns, told.possible) == ("cpu", (Concern.NO_GPU,), True)
    assert told.available_bytes == 8 * GIB


def test_that_a_gpu_that_was_asked_for_and_is_missing_keeps_the_run_from_starting() -> None:
    told = forecast(GenerateRequest(device="cuda"), COMPACT, CPU, 8 * GIB)
    assert told.concerns == (Concern.GPU_MISSING,)
    assert not told.possible


def test_that_a_gpu_is_used_with_its_own_memory() -> None:
    told = forecast(GenerateRequest(), COMPACT, GPU, 8 * GIB)
    assert (told.device, told.device_name, told.available_bytes) == ("cuda", "A card", 70 << 30)
    assert told.concerns == ()
    assert told.seconds is None


def test_that_the_processor_may_be_chosen_beside_a_gpu() -> None:
    told = forecast(GenerateRequest(device="cpu"), COMPACT, GPU, 8 * GIB)
    assert (told.device, told.device_name, told.concerns) == ("cpu", "", ())


def test_that_before_the_engine_has_answered_no_device_is_claimed() -> None:
    told = forecast(GenerateRequest(), COMPACT, None, 8 * GIB)
    assert (told.device, told.seconds, told.possible) == ("", None, True)


def test_that_short_memory_is_said_and_does_not_forbid() -> None:
    told = forecast(GenerateRequest(device="cpu"), COMPACT, CPU, GIB)
    assert told.concerns == (Concern.MEMORY_SHORT,)
    assert told.possible


@pytest.mark.parametrize("samples", [1, 4])
def test_that_time_grows_with_every_evaluation(samples: int) -> None:
    def seconds(steps: int) -> float:
        told = forecast(GenerateRequest(steps=steps, samples=samples, device="cpu"), COMPACT, CPU, None)
        assert told.seconds is not None
        return told.seconds

    assert seconds(16) - seconds(8) == pytest.approx(8 * samples * (seconds(2) - seconds(1)) / samples)


def test_that_the_last_run_here_tells_better_than_the_table() -> None:
    paces = {("compact", "cpu"): Pace(2.0, 3.0)}
    told = forecast(GenerateRequest(steps=4, samples=2), COMPACT, CPU, None, paces)
    assert (told.seconds, told.seconds_basis) == (19.0, Basis.THIS_MACHINE)


def test_that_the_pace_of_a_run_is_in_its_report() -> None:
    said = {"timings": {"network_s": 8.0, "outside_network_s": 2.0}, "sampler": {"evaluations": 4}}
    report = json.dumps(said | {"backend": {"device": "cpu"}}).encode()
    assert pace_of(report) == ("cpu", Pace(2.0, 2.0))
    assert pace_of(b"{}") is None
    assert pace_of(b"no json") is None


def test_that_a_larger_network_is_estimated_to_need_more_than_the_measured_one() -> None:
    measured, basis = needed_bytes(COMPACT, "cpu")
    assert basis is Basis.MEASURED
    estimated, basis = needed_bytes(LARGE, "cpu")
    assert basis is Basis.ESTIMATED
    assert estimated > 2 * measured


def test_that_a_damaged_model_or_another_resolution_keep_the_run_from_starting() -> None:
    damaged = ModelEntry("m", Path(), damage="The manifest cannot be read.")
    assert not forecast(GenerateRequest(), damaged, CPU, None).possible
    assert not forecast(GenerateRequest(resolution=512), COMPACT, CPU, None).possible


def test_that_the_shipped_model_describes_itself() -> None:
    for key, folder in shipped_models().items():
        entry = model_entry(key, folder)
        assert entry.damage == ""
        assert (entry.id, entry.voxels) == (key, (32, 64, 128))
        assert "must not be used for" in entry.card


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1, "network": {"outers": 3}}', "\0" * 10, "[" * 100_000])
def test_that_a_manifest_that_is_none_is_damage_and_no_crash(text: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text)
    assert "install the model again" in model_entry("odd", tmp_path).damage


def test_that_memory_is_what_the_system_and_the_group_both_leave(tmp_path: Path) -> None:
    system, groups = tmp_path / "proc", tmp_path / "groups"
    (system / "self").mkdir(parents=True)
    (groups / "job").mkdir(parents=True)
    (system / "meminfo").write_text("MemTotal: 9000 kB\nMemAvailable:    8000 kB\n")
    assert available_bytes(system, groups) == 8000 * 1024
    (system / "self" / "cgroup").write_text("0::/job\n")
    (groups / "job" / "memory.max").write_text("max\n")
    (groups / "job" / "memory.current").write_text("5000\n")
    assert available_bytes(system, groups) == 8000 * 1024
    (groups / "job" / "memory.max").write_text("10000\n")
    (groups / "job" / "memory.stat").write_text("anon 1\ninactive_file 1000\n")
    assert available_bytes(system, groups) == 6000
