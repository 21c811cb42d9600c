"""The mean gradient of a batch, found in pieces: threads of one core each on a CPU, one after another elsewhere."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor, nn

from training.configuration import Batch, Stage, TrainConfig
from training.loop.learner import NESTED, Learner
from training.loop.objective import Noise, split
from training.loop.prefetch import Work
from training.loop.ranks import Backward, Ranks, Terms, Whole, computes_bfloat16

_Answer = tuple[tuple[Tensor | None, ...], dict[str, float]]


class Gradients:
    """Puts the mean gradient of a step into the parameters that train, and tells the terms of its loss."""

    def __init__(
        self, whole: Whole, config: TrainConfig, stage: Stage, ranks: Ranks, learner: Learner = NESTED
    ) -> None:
        self._whole, self._config, self._stage, self._ranks = whole, config, stage, ranks
        self._loss_terms = learner.loss_terms
        self._backward: Backward | None = ranks.backward(whole)
        on_cpu_alone = ranks.device.type == "cpu" and self._backward is None
        self._workers = max(1, config.workers) if on_cpu_alone else 1
        one_core_each = (lambda: torch.set_num_threads(1)) if self._workers > 1 else None
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="gradients", initializer=one_core_each)

    def find(self, batch: Batch, noise: Noise) -> dict[str, float]:
        """Terms of the loss by name, means over the batch and over all ranks. batch: this rank's cases."""
        cases = len(batch.films)
        pieces = split(batch, noise, max(self._workers, self._stage.pieces(cases)))
        shares = [len(piece.films) / cases for piece, _ in pieces]
        found = self._apart(pieces, shares) if self._backward is None else self._together(self._backward, pieces)
        names = found[0]
        return self._ranks.mean({n: sum(s * terms[n] for s, terms in zip(shares, found, strict=True)) for n in names})

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True)

    def _together(self, backward: Backward, pieces: list[Work]) -> list[dict[str, float]]:
        """One piece after another, gradients added up where they belong and averaged over the ranks after the last."""
        told, cases = [], sum(len(batch.films) for batch, _ in pieces)
        for index, (batch, noise) in enumerate(pieces):
            terms = functools.partial(self._terms, batch=batch, noise=noise)
            told.append(_numbers(backward(terms, len(batch.films) / cases, index == len(pieces) - 1)))
        return told

    def _apart(self, pieces: list[Work], shares: list[float]) -> list[dict[str, float]]:
        """As many pieces at a time as there are threads, added up in the order of the pieces whichever ends first."""
        trained = [value for value in self._whole.parameters() if value.requires_grad]
        told = []
        for first in range(0, len(pieces), self._workers):
            part = slice(first, first + self._workers)
            answers = list(self._pool.map(self._piece, pieces[part]))
            for value, *gradients in zip(trained, *(gradient for gradient, _ in answers), strict=True):
                sum_so_far = [] if value.grad is None else [value.grad]
                parts = [s * one for s, one in zip(shares[part], gradients, strict=True) if one is not None]
                if parts:
                    value.grad = _laid_out_as(value, functools.reduce(Tensor.add_, parts, *sum_so_far))
            told += [terms for _, terms in answers]
        return told

    def _piece(self, work: Work) -> _Answer:
        """Gradients and terms of some cases of a batch; called from a thread of the pool."""
        bfloat16 = computes_bfloat16(self._ranks.device, self._config.precision)
        with torch.autocast(self._ranks.device.type, torch.bfloat16, enabled=bfloat16):
            terms = self._terms(self._whole.network, *work)
        loss = sum(terms.values(), torch.zeros((), device=self._ranks.device))
        trained = [value for value in self._whole.parameters() if value.requires_grad]
        return torch.autograd.grad(loss, trained, allow_unused=True), _numbers(terms)

    def _terms(self, network: nn.Module, batch: Batch, noise: Noise) -> Terms:
        return self._loss_terms(network, batch.to(self._ranks.device), noise, self._stage, self._config)


def _laid_out_as(value: Tensor, gradient: Tensor) -> Tensor:
    """The gradient in its weight's order in memory, which fused Adam takes for granted: convolutions give theirs with
    the channels last, and Adam would then move each weight by the gradient of another."""
    return gradient if gradient.stride() == value.stride() else torch.empty_like(value).copy_(gradient)


def _numbers(terms: Terms) -> dict[str, float]:
    return {name: float(value.detach()) for name, value in terms.items()}
