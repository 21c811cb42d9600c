"""How a job is drained before a person."""

import io
from collections.abc import Generator

import pytest

from app.cli.console import StageClock, drain_visibly
from engine.progress import Event, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def steps(total: int, stages: tuple[str, ...] = ("read", "denoise")) -> Generator[Event, None, int]:
    for stage in stages:
        for done in range(total + 1):
            yield Progress(stage, done, total)
    return 42


def test_that_the_result_of_a_job_comes_back() -> None:
    assert drain_visibly(steps(2), StageClock(), io.StringIO()) == 42


def test_that_every_stage_is_on_the_clock() -> None:
    clock = StageClock()
    drain_visibly(steps(2), clock, io.StringIO())
    assert list(clock.seconds) == ["read", "denoise"]
    assert all(seconds >= 0 for seconds in clock.seconds.values())


def test_that_a_stage_that_comes_again_is_summed() -> None:
    clock = StageClock()
    clock.add("write", 1.0)
    clock.add("write", 2.0)
    assert clock.seconds == {"write": 3.0}


def test_that_a_pipe_gets_one_plain_line_a_step() -> None:
    stream = io.StringIO()
    drain_visibly(steps(2, ("denoise",)), StageClock(), stream)
    lines = stream.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == ["denoise 0/2", "denoise 1/2", "denoise 2/2"]
    assert "elapsed" in lines[1]
    assert "remaining" in lines[1]
    assert "\x1b" not in stream.getvalue()


def test_that_a_terminal_gets_bars_with_elapsed_and_remaining_time() -> None:
    stream = Terminal()
    drain_visibly(steps(2), StageClock(), stream)
    assert all(word in stream.getvalue() for word in ("denoise", "2/2", "elapsed", "remaining"))


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["pipe", "terminal"])
def test_that_an_interrupted_job_is_closed_and_its_stage_still_counted(stream: io.StringIO) -> None:
    closed = []

    def interrupted() -> Generator[Event, None, None]:
        try:
            yield Progress("denoise", 0, 2)
            raise KeyboardInterrupt
        finally:
            closed.append(True)

    clock = StageClock()
    with pytest.raises(KeyboardInterrupt):
        drain_visibly(interrupted(), clock, stream)
    assert closed == [True]
    assert "denoise" in clock.seconds
