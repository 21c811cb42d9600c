"""How far a job is and how long it will still take, from the progress it tells."""

from __future__ import annotations

from dataclasses import dataclass

from engine.progress import Progress

# Share of the whole time, as measured on two cores with the shipped model and eight steps; only their ratio counts.
# A stage that is not listed has the share of a short one.
_SHARES = {"model": 8.0, "films": 1.0, "encoding": 6.0, "sampling": 60.0, "surfaces": 15.0, "checks": 6.0, "files": 4.0}
_SHORT = 2.0
_ENOUGH_S, _ENOUGH_DONE = 2.0, 0.05  # before this, an estimate would only jump about


@dataclass(frozen=True, slots=True)
class Estimate:
    """stage: its word.   fraction: of the whole job, 0 to 1.   remaining_s: None while nobody can know."""

    stage: str
    fraction: float
    elapsed_s: float
    remaining_s: float | None


class JobClock:
    """Turns what a job tells into estimates. Times are of one clock, in seconds."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._last = Progress("", 0, 1)
        self._past: list[str] = []

    def told(self, progress: Progress) -> None:
        """Take in one event."""
        if progress.stage != self._last.stage and self._last.stage and self._last.stage not in self._past:
            self._past.append(self._last.stage)
        self._last = progress

    def estimate(self, now: float) -> Estimate:
        """How things stand."""
        fraction, elapsed = self._fraction(), max(0.0, now - self._started)
        knows = elapsed >= _ENOUGH_S and fraction >= _ENOUGH_DONE
        remaining = elapsed / fraction * (1 - fraction) if knows else None
        return Estimate(self._last.stage, fraction, elapsed, remaining)

    def _fraction(self) -> float:
        order = list(_SHARES)
        stage = self._last.stage
        at = order.index(stage) if stage in order else -1
        past = set(order[:at]) if at >= 0 else set(self._past)
        done = sum(_SHARES.get(name, _SHORT) for name in past)
        share = _SHARES.get(stage, _SHORT if stage else 0.0)
        within = self._last.done / self._last.total if self._last.total else 0.0
        whole = sum(_SHARES.values()) + (share if stage not in order else 0.0)
        return min(1.0, (done + share * within) / whole)
