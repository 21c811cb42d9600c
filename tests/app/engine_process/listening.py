"""A client of a real engine process that writes down what it is told, for tests that wait for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

from app.engine_process import Answer, Cancelled, Done, EngineClient, Failed, Told
from tests.app.engine_process.fake_jobs import HERE

# Far beyond what a process needs to start, even on a machine with other work; no test waits for it to pass.
PATIENCE_S = 120.0

ENDS = (Done, Failed, Cancelled)


class Listener:
    """Starts jobs by the names of fake_jobs.py and waits for answers."""

    def __init__(self, warm_up: str = "warm_up", **options: Any) -> None:
        self.heard: list[Answer] = []
        self._queue: Queue[Answer] = Queue()
        self.client = EngineClient(self._tell, f"{HERE}:{warm_up}", **options)

    def _tell(self, answer: Answer) -> None:
        self.heard.append(answer)
        self._queue.put(answer)

    def start(self, job: str, *arguments: Any) -> int:
        return self.client.start(f"{HERE}:{job}", *arguments)

    def until(self, wanted: Callable[[Answer], bool]) -> Answer:
        """The first answer from now that is wanted."""
        while True:
            answer = self._queue.get(timeout=PATIENCE_S)
            if wanted(answer):
                return answer

    def event(self) -> Told:
        answer = self.until(lambda answer: isinstance(answer, Told))
        assert isinstance(answer, Told)
        return answer

    def end(self) -> Done | Failed | Cancelled:
        answer = self.until(lambda answer: isinstance(answer, ENDS))
        assert isinstance(answer, ENDS)
        return answer


@contextmanager
def listening(warm_up: str = "warm_up", **options: Any) -> Iterator[Listener]:
    """A listener whose client is closed at the end."""
    listener = Listener(warm_up, **options)
    try:
        yield listener
    finally:
        listener.client.close()
