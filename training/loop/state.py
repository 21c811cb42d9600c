"""The state that training changes: weights, their averages, the optimiser, and how many steps are done."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.domain import MachineFailure, RefusedInput
from training.configuration import Batch, Stage, TrainConfig
from training.loop.checkpoint import Checkpoint, checkpoints, load_checkpoint
from training.loop.ema import AVERAGED, Ema, averaged_weights, decay_at
from training.loop.events import StepDone
from training.loop.gradients import Gradients
from training.loop.learner import NESTED, Learner
from training.loop.objective import Noise
from training.loop.ranks import Ranks, Whole
from training.loop.shards import divided_like, fill, whole

_ADAM = ("step", "exp_avg", "exp_avg_sq")


class Run:
    """A network in training, from some step to the end of that step's stage."""

    def __init__(self, config: TrainConfig, ranks: Ranks, learner: Learner = NESTED) -> None:
        self.config, self.ranks, self.step, self._learner = config, ranks, 0, learner
        self.cases, self.seconds = 0, 0.0  # shown and spent so far, with those of a run that this one started from
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            self.network = learner.build(config.network).to(ranks.device)
        self._whole = Whole(self.network)
        ranks.shard(self._whole)
        self.ema = Ema(self.network)
        values = list(self.network.parameters())
        self._optimiser = torch.optim.AdamW(values, betas=config.betas, weight_decay=config.weight_decay, fused=True)
        self._begun: tuple[Stage, Gradients] | None = None

    def advance(self, batch: Batch, noise: Noise | None = None) -> StepDone:
        """One step of the optimiser. batch: this rank's cases; noise: theirs, None to draw it now.

        Raises MachineFailure where the gradient is not finite.
        """
        started = time.monotonic()
        stage, step_in_stage = self.config.stage_at(self.step)
        if noise is None:
            place = self.config.seed, self.step, self.ranks.rank, self.ranks.size
            noise = self._learner.draw(batch, stage, *place)
        terms = self._gradients(stage).find(batch, noise)
        terms["grad"] = self._clip()
        for group in self._optimiser.param_groups:
            group["lr"] = stage.learning_rate_at(step_in_stage)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.ema.update(self.network, decay_at(step_in_stage, self.config.ema_decay))
        self.step += 1
        self.cases += stage.batch_size
        seconds = time.monotonic() - started
        self.seconds += seconds
        return StepDone(self.step, self.config.steps, stage.name, terms, seconds)

    def _gradients(self, stage: Stage) -> Gradients:
        if self._begun is None or self._begun[0] != stage:
            self.close()
            self._learner.begin_stage(self.network, stage)
            self._begun = stage, Gradients(self._whole, self.config, stage, self.ranks, self._learner)
        return self._begun[1]

    def _clip(self) -> float:
        norm = whole(nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip_norm))
        if not torch.isfinite(norm):
            raise MachineFailure(f"step {self.step}: the gradient is not finite; go on with a lower learning rate")
        return float(norm)

    def close(self) -> None:
        """End the threads."""
        if self._begun is not None:
            self._begun[1].close()

    @contextmanager
    def averaged(self) -> Iterator[nn.Module | None]:
        """On rank 0 a network with the averaged weights, whole and without gradients; None on the others.

        All ranks must enter together.
        """
        first, averages = self.ranks.rank == 0, {}
        for name, value in self.ema.averages.items():
            full = whole(value)
            averages |= {name: full} if first else {}
        if not first:
            yield None
            return
        network = self._learner.unallocated(self.config.network).requires_grad_(False)
        network.load_state_dict(averages, assign=True)
        with torch.no_grad():
            yield network

    def checkpoint(self) -> Checkpoint:
        """Everything that `resume` needs for the same next step, bit by bit; tensors only on rank 0.

        All ranks must ask together: divided tensors are gathered one by one, so that no GPU ever holds all of them.
        """
        tensors, divided = {}, self.ranks.size > 1
        for name, value in self._tensors():
            full = whole(value)
            if self.ranks.rank == 0:
                tensors[name] = full.detach().cpu() if divided else full
        network = _plain(self.config.network)
        spent = {"cases": self.cases, "seconds": round(self.seconds, 1)}
        return Checkpoint(tensors, {"step": self.step, "network": network, "seed": self.config.seed} | spent)

    def _tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, value in self.network.named_parameters():
            yield f"weights.{name}", value
        for name, value in self.ema.averages.items():
            yield AVERAGED + name, value
        for name, value in self.network.named_parameters():
            for part, number in self._optimiser.state.get(value, {}).items():
                yield f"adam.{part}.{name}", number

    def take_over(self, checkpoint: Checkpoint) -> None:
        """Start from a checkpoint's averaged weights that were trained and fit this network; a new optimiser."""
        averages = averaged_weights(checkpoint)
        self._spent_before(checkpoint)
        for name, value in self.network.named_parameters():
            old = averages.get(name)
            if old is not None and old.shape == value.shape and f"adam.step.{name}" in checkpoint.tensors:
                fill(value, old)
                fill(self.ema.averages[name], old)

    def resume(self, folder: Path) -> bool:
        """Whether `folder` had a checkpoint; the newest is taken over. Raises RefusedInput for another network's."""
        newest = self.ranks.agreed(next(iter(checkpoints(folder)[::-1]), None))
        if newest is None:
            return False
        checkpoint = load_checkpoint(newest)
        if checkpoint.state["network"] != _plain(self.config.network):
            raise RefusedInput(f"{newest}: belongs to another network; train in a new folder")
        self.step = checkpoint.state["step"]
        self._spent_before(checkpoint)
        self._take(checkpoint.tensors)
        return True

    def _spent_before(self, checkpoint: Checkpoint) -> None:
        self.cases, self.seconds = checkpoint.state.get("cases", 0), checkpoint.state.get("seconds", 0.0)

    def _take(self, tensors: Mapping[str, Tensor]) -> None:
        for name, value in self.network.named_parameters():
            fill(value, tensors[f"weights.{name}"])
            fill(self.ema.averages[name], tensors[AVERAGED + name])
            if f"adam.step.{name}" in tensors:
                step, *moments = (tensors[f"adam.{part}.{name}"] for part in _ADAM)
                state = [step.to(value.device), *(divided_like(value, moment) for moment in moments)]
                self._optimiser.state[value] = dict(zip(_ADAM, state, strict=True))


def _plain(spec: object) -> object:
    """A specification as JSON gives it back."""
    return json.loads(json.dumps(asdict(spec), default=lambda choice: choice.value))  # type: ignore[call-overload]
