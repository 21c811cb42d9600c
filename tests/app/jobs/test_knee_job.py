"""The job that command line and engine process share."""

import json
from pathlib import Path

import pytest

from app.cases.document import GenerateRequest
from app.engine_process import Done, EngineClient, Failed, Ready, Told
from app.jobs import knee_job
from app.jobs.knee_job import knee_files, warm_model
from engine.domain import Bone, DamagedModel, LateralBeam, MachineFailure, RefusedInput, Side
from engine.pipeline import DEFAULT_STEPS
from engine.progress import Preview, Progress, Stopwatch, drain
from tests.app.engine_process.films import calibrated_pair
from tests.app.engine_process.listening import ENDS, PATIENCE_S
from tests.app.jobs.tiny_model import write_tiny
from tests.app.phantom_knee import phantom_job

BEAM = LateralBeam.LATEROMEDIAL
SMALL = GenerateRequest(resolution=0, steps=2)


@pytest.fixture(autouse=True)
def cold():
    knee_job._warm.clear()
    yield
    knee_job._warm.clear()


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "tiny")


def test_that_a_request_and_the_pipeline_have_the_same_usual_steps() -> None:
    assert GenerateRequest().steps == DEFAULT_STEPS


def test_that_the_files_are_a_whole_result_with_the_time_of_every_stage(tmp_path: Path) -> None:
    watch = Stopwatch()
    watch.add("reading", 1.5)
    job = knee_files(calibrated_pair(Side.LEFT), tmp_path, GenerateRequest(seed=3), BEAM, watch, phantom_job)
    files = drain(job)
    meshes = {f"meshes/{bone.word}{suffix}" for bone in Bone for suffix in (".stl", ".json")}
    assert set(files) == {"ct.nii.gz", "labels.nii.gz", "report.json"} | meshes
    report = json.loads(files["report.json"])
    assert report["lateral_beam"] == "lateromedial"
    assert report["sampler"]["seed"] == 3
    assert set(report["files"]) == set(files) - {"report.json"}
    stages = {"reading_s", "sampling_s", "checks_s", "files_s", "network_s", "outside_network_s", "total_s"}
    assert stages <= set(report["timings"])
    assert report["timings"]["reading_s"] == 1.5


def test_that_every_stage_is_told_from_none_done_to_all_done(tmp_path: Path) -> None:
    events = list(knee_files(calibrated_pair(Side.RIGHT), tmp_path, GenerateRequest(), BEAM, draw=phantom_job))
    for stage in ("sampling", "checks", "files"):
        told = [event for event in events if isinstance(event, Progress) and event.stage == stage]
        assert (told[0].done, told[-1].done) == (0, told[-1].total)


def test_that_a_model_stays_loaded_until_its_files_change(tiny: Path, tmp_path: Path) -> None:
    first = warm_model(tiny)
    assert warm_model(tiny) is first
    other = write_tiny(tmp_path / "other", "0.2.0")
    assert warm_model(other).version == "0.2.0"
    assert len(knee_job._warm) == 1
    data = bytearray((other / "weights.safetensors").read_bytes())
    data[-1] ^= 1
    (other / "weights.safetensors").write_bytes(data)
    with pytest.raises(DamagedModel, match="SHA-256"):
        warm_model(other)


def test_that_a_resolution_the_model_does_not_make_is_refused(tiny: Path) -> None:
    with pytest.raises(RefusedInput, match="untrained makes 32³"):
        drain(knee_files(calibrated_pair(Side.RIGHT), tiny, GenerateRequest(resolution=128), BEAM))


def test_that_a_bone_that_is_missing_is_no_result(tmp_path: Path) -> None:
    def without_fibula(*arguments):
        from dataclasses import replace

        knee = yield from phantom_job(*arguments)
        return replace(knee, meshes=knee.meshes[:-1])

    with pytest.raises(MachineFailure, match="has no fibula, so nothing was written"):
        drain(knee_files(calibrated_pair(Side.RIGHT), tmp_path, GenerateRequest(), BEAM, draw=without_fibula))


def test_that_a_real_network_runs_in_the_engine_and_its_failure_arrives(tiny: Path) -> None:
    """Everything but trained weights: PyTorch warms up, the bundle is verified, three levels form, and the untrained
    network is not believed, in the second run as in the first."""
    from queue import Queue

    heard: Queue = Queue()
    client = EngineClient(heard.put)
    try:
        for run in range(2):
            pair = calibrated_pair(Side.LEFT)
            client.start("app.jobs.knee_job:knee_files", pair, tiny, SMALL, BEAM)
            answers = []
            while not answers or not isinstance(answers[-1], ENDS):
                answers.append(heard.get(timeout=PATIENCE_S))
            assert isinstance(answers[-1], Failed)
            assert "use a trained model" in answers[-1].sentence
            assert isinstance(answers[0], Ready) is (run == 0)
            events = [answer.event for answer in answers if isinstance(answer, Told)]
            assert [e.hu.shape[0] for e in events if isinstance(e, Preview)] == [8, 16, 32] * 2
    finally:
        client.close()


@pytest.mark.slow
def test_that_the_shipped_model_gives_the_same_knee_in_the_engine_as_here(repository: Path) -> None:
    from queue import Queue

    folder = repository / "assets" / "models" / "compact"
    if not folder.is_dir():
        pytest.skip("the source tree has no shipped model")
    from engine.geometry.calibrate import calibrate
    from engine.io.radiograph_file import pair_radiographs

    films = [repository / "assets" / "sample-case" / name for name in ("ap.dcm", "lateral.dcm")]
    pair, request = calibrate(pair_radiographs(*films), BEAM), GenerateRequest()
    here = drain(knee_files(pair, folder, request, BEAM))
    heard: Queue = Queue()
    client = EngineClient(heard.put)
    try:
        client.start("app.jobs.knee_job:knee_files", pair, folder, request, BEAM)
        answer = heard.get(timeout=PATIENCE_S)
        while not isinstance(answer, ENDS):
            answer = heard.get(timeout=PATIENCE_S)
    finally:
        client.close()
    assert isinstance(answer, Done)
    assert {n: c for n, c in answer.result.items() if n != "report.json"} == {
        n: c for n, c in here.items() if n != "report.json"
    }
