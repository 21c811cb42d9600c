"""How a job is drained before a person."""

import io
from collections.abc import Generator

import pytest

from app.cli.console import drain_visibly
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
    assert drain_visibly(steps(2), io.StringIO()) == 42


def test_that_a_pipe_gets_one_plain_line_a_step() -> None:
    stream = io.StringIO()
    drain_visibly(steps(2, ("denoise",)), stream)
    lines = stream.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == ["denoise 0/2", "denoise 1/2", "denoise 2/2"]
    assert "elapsed" in lines[1]
    assert "remaining" in lines[1]
    assert "\x1b" not in stream.getvalue()


def test_that_a_terminal_gets_bars_with_elapsed_and_remaining_time() -> None:
    stream = Terminal()
    drain_visibly(steps(2), stream)
    assert all(word in stream.getvalue() for word in ("denoise", "2/2", "elapsed", "remaining"))


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["pipe", "terminal"])
def test_that_an_interrupted_job_is_closed(stream: io.StringIO) -> None:
    closed = []

    def interrupted() -> Generator[Event, None, None]:
        try:
            yield Progress("denoise", 0, 2)
            raise KeyboardInterrupt
        finally:
            closed.append(True)

    with pytest.raises(KeyboardInterrupt):
        drain_visibly(interrupted(), stream)
    assert closed == [True]
