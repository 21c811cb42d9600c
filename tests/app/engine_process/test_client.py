"""The engine process seen from the program: what it answers, and that nothing it does hurts the program."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.engine_process import Cancelled, Done, Failed, Ready, Told
from engine.domain import Side
from engine.progress import Preview, Progress
from tests.app.engine_process.films import calibrated_pair
from tests.app.engine_process.listening import ENDS, PATIENCE_S, Listener, listening


@pytest.fixture
def listener():
    with listening() as listener:
        yield listener


def gone(pid: int) -> bool:
    """Whether a process has ended, be it reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def ends_soon(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not gone(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return gone(pid)


def comes(path: Path) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return path.exists()


def test_that_events_arrive_in_order_and_the_result_last(listener: Listener) -> None:
    listener.start("counting", 5)
    end = listener.end()
    assert isinstance(end, Done)
    assert isinstance(listener.heard[0], Ready)
    events = [answer.event for answer in listener.heard[1:-1] if isinstance(answer, Told)]
    assert [event.done for event in events if isinstance(event, Progress)] == list(range(6))
    assert [int(event.hu[0, 0, 0]) for event in events if isinstance(event, Preview)] == list(range(1, 6))
    assert listener.heard[-1] is end
    assert not listener.client.running


def test_that_the_process_stays_warm_between_jobs(listener: Listener) -> None:
    results = []
    for _ in range(3):
        listener.start("counting", 1)
        end = listener.end()
        assert isinstance(end, Done)
        results.append(end.result)
    assert results == [listener.client.pid] * 3
    assert [answer.found for answer in listener.heard if isinstance(answer, Ready)] == ["warm"]


def test_that_a_pair_arrives_as_it_was_and_read_only(listener: Listener) -> None:
    listener.start("described", calibrated_pair(Side.LEFT))
    end = listener.end()
    assert isinstance(end, Done)
    assert end.result == (300.0 * 260.0, True, "--ap", "L")


def test_that_a_large_result_arrives_whole(listener: Listener) -> None:
    listener.start("large", 50_000_001)
    end = listener.end()
    assert isinstance(end, Done)
    assert {name: len(content) for name, content in end.result.items()} == {
        "ct.nii.gz": 25_000_000,
        "meshes/femur.stl": 25_000_001,
    }


def test_that_what_libraries_print_does_not_disturb(listener: Listener) -> None:
    listener.start("printing")
    end = listener.end()
    assert isinstance(end, Done)
    assert end.result == "heard"


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        ("refusing", "film.dcm is empty; export it again"),
        ("failing", "sampling: the cpu is out of memory; close other programs"),
        ("without_disk", "An unforeseen error (OSError)"),
        ("aborting", "The engine ended unexpectedly (SIGABRT)"),
        ("killed", "The system ended the engine (SIGKILL), most often because memory ran out"),
    ],
)
def test_that_every_failure_is_a_sentence_and_the_next_run_is_whole(
    listener: Listener, job: str, sentence: str
) -> None:
    listener.start(job)
    end = listener.end()
    assert isinstance(end, Failed)
    assert sentence in end.sentence
    listener.start("counting", 2)
    assert isinstance(listener.end(), Done)


def test_that_the_details_of_an_unforeseen_error_hold_no_value(listener: Listener) -> None:
    listener.start("broken", "Canary^Bird")
    end = listener.end()
    assert isinstance(end, Failed)
    assert "Canary" not in end.sentence + end.details
    assert "fake_jobs.py" in end.details


def test_that_a_job_is_closed_when_it_is_cancelled_and_the_process_stays(listener: Listener, tmp_path: Path) -> None:
    with listening(grace_s=PATIENCE_S) as patient:
        patient.start("endless", str(tmp_path / "closed"))
        patient.event()
        pid = patient.client.pid
        patient.client.cancel()
        assert isinstance(patient.end(), Cancelled)
        assert (tmp_path / "closed").read_text() == "closed"
        patient.start("counting", 1)
        end = patient.end()
        assert isinstance(end, Done)
        assert end.result == pid


@pytest.mark.alone
@pytest.mark.parametrize("job", ["deaf", "deaf_native"])
def test_that_a_cancel_is_answered_within_two_seconds_by_a_job_that_ignores_it(
    listener: Listener, job: str, tmp_path: Path
) -> None:
    listener.start(job, str(tmp_path / "now"))
    assert comes(tmp_path / "now")
    pid = listener.client.pid
    assert pid is not None
    began = time.monotonic()
    listener.client.cancel()
    listener.client.cancel()  # an impatient second one changes nothing
    assert isinstance(listener.end(), Cancelled)
    assert time.monotonic() - began < 2.0
    assert ends_soon(pid, 10)
    listener.start("counting", 1)
    assert isinstance(listener.end(), Done)


@pytest.mark.alone
def test_that_a_cancel_is_answered_while_the_process_still_warms_up() -> None:
    with listening("slow_warm_up") as listener:
        listener.start("counting", 1)
        began = time.monotonic()
        listener.client.cancel()
        assert isinstance(listener.end(), Cancelled)
        assert time.monotonic() - began < 2.0


def test_that_a_process_that_dies_warming_up_is_told_of() -> None:
    with listening("dying_warm_up") as listener:
        listener.client.prepare()
        end = listener.end()
        assert isinstance(end, Failed)
        assert (end.number, "SIGABRT" in end.sentence) == (0, True)
        assert not listener.client.running


def test_that_a_kill_at_any_moment_is_a_sentence_and_the_next_run_works(listener: Listener) -> None:
    moments = random.Random(7)
    for _ in range(10):
        listener.start("counting", 1000, 0.01)
        listener.event()
        time.sleep(moments.uniform(0.0, 0.3))
        pid = listener.client.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        end = listener.end()
        assert isinstance(end, Failed)
        assert "SIGKILL" in end.sentence
        assert not listener.client.running
    listener.start("counting", 3)
    assert isinstance(listener.end(), Done)
    assert sum(isinstance(answer, ENDS) for answer in listener.heard) == 11


def test_that_one_job_runs_at_a_time(listener: Listener) -> None:
    listener.start("endless")
    with pytest.raises(RuntimeError, match="already runs"):
        listener.start("endless")


def test_that_nothing_is_told_after_close_and_no_process_is_left() -> None:
    listener = Listener()
    listener.start("endless")
    listener.event()
    pid = listener.client.pid
    assert pid is not None
    listener.client.close()
    heard = len(listener.heard)
    assert gone(pid)
    time.sleep(0.1)
    assert len(listener.heard) == heard


def test_that_a_closed_client_can_be_closed_again() -> None:
    listener = Listener()
    listener.client.close()
    listener.client.close()


@pytest.mark.parametrize("job", ["endless", "deaf_native"])
def test_that_the_engine_dies_with_the_program(job: str, repository: Path, tmp_path: Path) -> None:
    now = tmp_path / "now"
    code = f"""
import time
from tests.app.engine_process.listening import Listener
listener = Listener()
listener.start({job!r}, {str(now)!r})
listener.event()
print(listener.client.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=repository, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        assert job == "endless" or comes(now)
        assert not gone(pid)
        program.kill()
        assert ends_soon(pid, 10)


def test_that_the_engine_has_a_group_of_its_own(listener: Listener) -> None:
    listener.start("endless")
    listener.event()
    pid = listener.client.pid
    assert pid is not None
    assert os.getpgid(pid) == pid != os.getpgid(0)
