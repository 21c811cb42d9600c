"""A run's events as lines for a terminal or a cluster's log."""

from __future__ import annotations

from collections.abc import Iterator

from training.loop.events import Saved, StepDone, TrainEvent, Validated
from training.loop.ranks import Ranks


def lines(event: TrainEvent, ranks: Ranks) -> Iterator[str]:
    """A line every ten steps, at every checkpoint and at every validation; of many processes rank 0 tells."""
    if ranks.rank:
        return
    if isinstance(event, StepDone) and event.step % 10 == 0:
        terms = " ".join(f"{name} {value:.4f}" for name, value in event.terms.items())
        yield f"{event.stage} {event.step}/{event.total} {event.seconds:.2f} s{_wait(event)} {terms}"
    elif isinstance(event, Saved):
        yield f"checkpoint {event.path}"
    elif isinstance(event, Validated):
        yield "validation " + " ".join(f"{name} {value:.3f}" for name, value in event.scores.items())


def _wait(event: StepDone) -> str:
    """Said where a step waits for its batch a twentieth of the time or more: then the loader is what to speed up."""
    share = event.waited / (event.seconds + event.waited)
    return f" and {event.waited:.2f} s for its batch" if share >= 0.05 else ""
