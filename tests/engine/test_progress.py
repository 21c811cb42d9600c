"""The stop watch of a job."""

from collections.abc import Generator
from types import SimpleNamespace

import pytest

from engine.progress import Event, Progress, Stopwatch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=10.0)
    monkeypatch.setattr("engine.progress.time.monotonic", lambda: clock.now)
    return clock


def test_that_time_goes_to_the_stage_that_was_told_last(clock: SimpleNamespace) -> None:
    def job() -> Generator[Event, None, None]:
        clock.now += 1
        yield Progress("read", 0, 1)
        clock.now += 2
        yield Progress("read", 1, 1)
        yield Progress("denoise", 0, 1)
        clock.now += 5

    watch = Stopwatch()
    assert len(list(watch.timed("start", job()))) == 3
    assert watch.seconds == {"start": 1.0, "read": 2.0, "denoise": 5.0}
    assert watch.total == 8.0


def test_that_a_stage_that_comes_again_is_summed() -> None:
    watch = Stopwatch()
    watch.add("write", 1.0)
    watch.add("write", 2.0)
    assert watch.seconds == {"write": 3.0}


def test_that_the_whole_counts_from_when_it_began(clock: SimpleNamespace) -> None:
    assert Stopwatch(since=4.0).total == 6.0


def test_that_closing_a_timed_job_closes_the_job_at_once() -> None:
    closed = []

    def job() -> Generator[Event, None, None]:
        try:
            yield Progress("read", 0, 1)
        finally:
            closed.append(True)

    timed = Stopwatch().timed("start", job())
    next(timed)
    timed.close()
    assert closed == [True]
