"""Training: a generator of events that may be killed at any moment and goes on where its last checkpoint was."""

from __future__ import annotations

import functools
import json
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.domain import MachineFailure, RefusedInput
from engine.models.backend import multiplies_bfloat16
from engine.models.heap import keep_heap
from engine.models.network import Network
from training.configuration import Batch, Stage, TrainConfig
from training.loop.checkpoint import Checkpoint, checkpoints, load_checkpoint, save_checkpoint
from training.loop.ema import Ema, decay_at
from training.loop.events import Saved, StepDone, TrainEvent, Validated
from training.loop.objective import Noise, draw_noise, loss_terms, split
from training.loop.run_log import RunLog

BatchAt = Callable[[int], Batch]
Validate = Callable[[Network, int], Mapping[str, float]]


def train(
    config: TrainConfig,
    batch_at: BatchAt,
    folder: Path,
    validate: Validate | None = None,
    warm_start: Path | None = None,
) -> Generator[TrainEvent, None, None]:
    """Train, or go on training, in `folder`; `averaged_network` reads the result.

    batch_at: a pure function of the step, called ahead of time from one other thread.
    validate: scores of a network with averaged weights at a step.
    warm_start: a checkpoint, also another network's, whose averaged weights a new run takes over where names and
        shapes agree.
    Raises RefusedInput where `folder` holds another network's checkpoint, MachineFailure where the loss is not finite.
    """
    keep_heap()
    # Saturated softmaxes leave gradients and moments near 1e-40; unflushed they made steps at 32³ four times as slow.
    torch.set_flush_denormal(True)
    folder.mkdir(parents=True, exist_ok=True)
    run = Run(config, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    if not run.resume(folder) and warm_start is not None:
        run.take_over(load_checkpoint(warm_start))
    saved = time.monotonic()
    with closing(run), RunLog(folder) as log, Prefetch(batch_at, run.step, config) as batches:
        for batch in batches:
            event = run.advance(batch)
            log.step(event, config.log_every)
            yield event
            done = run.step
            if validate is not None and config.validate_every and done % config.validate_every == 0:
                with run.averaged() as network:
                    checked = Validated(done, dict(validate(network, done)))
                log.scores(checked.step, checked.scores)
                yield checked
            stage_ended = done == config.steps or config.stage_at(done)[1] == 0
            if stage_ended or time.monotonic() - saved >= 60 * config.checkpoint_minutes:
                yield Saved(done, save_checkpoint(folder, run.checkpoint()))
                saved = time.monotonic()


class Run:
    """The state that training changes: weights, their averages, the optimiser, and how many steps are done."""

    def __init__(self, config: TrainConfig, device: torch.device) -> None:
        self.config, self.device, self.step = config, device, 0
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            self.network = Network(config.network).to(device)
        self.ema = Ema(self.network)
        self._workers = max(1, config.workers) if device.type == "cpu" else 1
        one_core_each = (lambda: torch.set_num_threads(1)) if self._workers > 1 else None
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="gradients", initializer=one_core_each)
        names, values = zip(*self.network.named_parameters(), strict=True)
        self._names: tuple[str, ...] = names
        self._optimiser = torch.optim.AdamW(values, betas=config.betas, weight_decay=config.weight_decay, fused=True)

    def advance(self, batch: Batch) -> StepDone:
        """One step of the optimiser. Raises MachineFailure where the loss is not finite."""
        started = time.monotonic()
        stage, step_in_stage = self.config.stage_at(self.step)
        freeze(self.network, stage)
        terms = self._gradients(batch, stage)
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip_norm)
        if not torch.isfinite(norm):
            raise MachineFailure(f"step {self.step}: the gradient is not finite; go on with a lower learning rate")
        for group in self._optimiser.param_groups:
            group["lr"] = stage.learning_rate_at(step_in_stage)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.ema.update(self.network, decay_at(step_in_stage, self.config.ema_decay))
        self.step += 1
        terms["grad"] = float(norm)
        return StepDone(self.step, self.config.steps, stage.name, terms, time.monotonic() - started)

    def _gradients(self, batch: Batch, stage: Stage) -> dict[str, float]:
        """Put the batch's mean gradient into the parameters; returns the terms of its loss."""
        noise = draw_noise(batch, stage, self.config.seed, self.step)
        pieces = split(batch, noise, self._workers)
        answers = list(self._pool.map(lambda piece: self._piece(piece[0], piece[1], stage), pieces))
        shares = [len(piece.films) / len(batch.films) for piece, _ in pieces]
        trained = [value for value in self.network.parameters() if value.requires_grad]
        for value, *gradients in zip(trained, *(gradient for gradient, _ in answers), strict=True):
            found = [share * one for share, one in zip(shares, gradients, strict=True) if one is not None]
            value.grad = functools.reduce(Tensor.add_, found) if found else None
        names = answers[0][1]
        return {name: sum(s * terms[name] for s, (_, terms) in zip(shares, answers, strict=True)) for name in names}

    def _piece(self, batch: Batch, noise: Noise, stage: Stage) -> tuple[tuple[Tensor | None, ...], dict[str, float]]:
        """Gradients and terms of some cases of a batch; called from a thread of the pool."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=multiplies_bfloat16(self.device)):
            terms = loss_terms(self.network, batch.to(self.device), noise, stage, self.config)
        loss = sum(terms.values(), torch.zeros((), device=self.device))
        trained = [value for value in self.network.parameters() if value.requires_grad]
        gradients = torch.autograd.grad(loss, trained, allow_unused=True)
        return gradients, {name: float(value.detach()) for name, value in terms.items()}

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True)

    def averaged(self) -> Averaged:
        """A context in which the network carries the averaged weights and computes no gradients."""
        return Averaged(self.network, self.ema)

    def checkpoint(self) -> Checkpoint:
        """Everything that `resume` needs for the same next step, bit by bit."""
        tensors: dict[str, Tensor] = {f"weights.{name}": value for name, value in self.network.named_parameters()}
        tensors |= {f"ema.{name}": value for name, value in self.ema.averages.items()}
        for name, value in zip(self._names, self.network.parameters(), strict=True):
            for part, number in self._optimiser.state.get(value, {}).items():
                tensors[f"adam.{part}.{name}"] = number
        return Checkpoint(
            tensors, {"step": self.step, "network": _plain(self.config.network), "seed": self.config.seed}
        )

    @torch.no_grad()
    def take_over(self, checkpoint: Checkpoint) -> None:
        """Start from a checkpoint's averaged weights that were trained and fit this network; a new optimiser."""
        for name, value in self.network.named_parameters():
            old = checkpoint.tensors.get(f"ema.{name}")
            if old is not None and old.shape == value.shape and f"adam.step.{name}" in checkpoint.tensors:
                value.copy_(old)
                self.ema.averages[name].copy_(old)

    def resume(self, folder: Path) -> bool:
        """Whether `folder` had a checkpoint; the newest is taken over. Raises RefusedInput for another network's."""
        found = checkpoints(folder)
        if not found:
            return False
        checkpoint = load_checkpoint(found[-1])
        if checkpoint.state["network"] != _plain(self.config.network):
            raise RefusedInput(f"{found[-1]}: belongs to another network; train in a new folder")
        self.step = checkpoint.state["step"]
        self._take(checkpoint.tensors)
        return True

    @torch.no_grad()
    def _take(self, tensors: Mapping[str, Tensor]) -> None:
        for name, value in self.network.named_parameters():
            value.copy_(tensors[f"weights.{name}"])
            parts = ("step", "exp_avg", "exp_avg_sq")
            if f"adam.step.{name}" in tensors:
                state = {part: tensors[f"adam.{part}.{name}"].to(value.device) for part in parts}
                self._optimiser.state[value] = state
        self.ema.load({name: tensors[f"ema.{name}"] for name in self._names})


class Averaged:
    """Swaps averaged weights in on entry and the training weights back in on exit."""

    def __init__(self, network: Network, ema: Ema) -> None:
        self._network, self._ema = network, ema
        self._kept: list[Tensor] = []
        self._no_grad = torch.no_grad()

    def __enter__(self) -> Network:
        self._no_grad.__enter__()
        self._kept = [value.detach().clone() for value in self._network.parameters()]
        for name, value in self._network.named_parameters():
            value.copy_(self._ema.averages[name])
        return self._network

    def __exit__(self, *failure: object) -> None:
        for value, kept in zip(self._network.parameters(), self._kept, strict=True):
            value.copy_(kept)
        self._no_grad.__exit__(None, None, None)


class Prefetch:
    """The batches from a step to the last, at most `config.prefetch` of them made ahead by one thread."""

    def __init__(self, batch_at: BatchAt, first: int, config: TrainConfig) -> None:
        self._batch_at, self._steps = batch_at, iter(range(first, config.steps))
        self._ahead = max(1, config.prefetch)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="batches")
        self._waiting: deque[Future[Batch]] = deque()

    def __enter__(self) -> Iterator[Batch]:
        return self._batches()

    def __exit__(self, *failure: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _batches(self) -> Iterator[Batch]:
        self._ask(self._ahead)
        while self._waiting:
            batch = self._waiting.popleft().result()
            self._ask(1)
            yield batch

    def _ask(self, count: int) -> None:
        for _, step in zip(range(count), self._steps, strict=False):
            self._waiting.append(self._thread.submit(self._batch_at, step))


def freeze(network: Network, stage: Stage) -> None:
    """Let exactly the parameters train that a stage uses and does not keep."""
    network.requires_grad_(False)
    network.encoder.requires_grad_(stage.frozen_levels == 0 and not stage.frozen_encoder)
    if stage.levels > 1 and stage.frozen_levels == 1 and not stage.frozen_encoder:
        # Nothing inside the frozen level reads the fine maps, so they may still learn for the first level that does.
        for part in network.encoder.fine_parts():
            part.requires_grad_(True)
    if stage.levels and not stage.frozen_levels:
        for part in (network.inner, network.micro, network.noise_level):
            part.requires_grad_(True)
    for level in range(stage.frozen_levels, stage.levels):
        parts = [network.stems[level], network.noisy[level], network.heads[level]]
        for part in [*parts, *([network.outers[level - 1]] if level else [])]:
            part.requires_grad_(True)


def averaged_network(network: Network, checkpoint: Checkpoint) -> Network:
    """The network with a checkpoint's averaged weights."""
    prefix = "ema."
    weights = {name[len(prefix) :]: value for name, value in checkpoint.tensors.items() if name.startswith(prefix)}
    network.load_state_dict(weights)
    return network


def _plain(spec: object) -> object:
    """A specification as JSON gives it back."""
    return json.loads(json.dumps(asdict(spec), default=lambda choice: choice.value))  # type: ignore[call-overload]
