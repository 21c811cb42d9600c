"""A trained network as a `Denoiser`: v in, clean levels out, and every answer looked at before it is believed."""

from __future__ import annotations

import time
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.domain import MachineFailure
from engine.models.backend import Backend
from engine.models.conditioning import Encoded, LevelOutput
from engine.models.loaded import LoadedModel
from engine.models.refinement import refined
from engine.models.schedule import Schedule, x0_from_v
from engine.sampling.multistep import level_ratios

# Clean levels lie in [-1, 1]; a healthy network leaves it by a little at edges, a broken one everywhere.
PLAUSIBLE_X0 = 1.5
IMPLAUSIBLE_SHARE = 0.02

# Labels are read where noise outweighs the image, so from what the films say. In later answers the label head trusts
# the volume being sampled, one knee of the many that fit: mean Dice on D1-D3 at 32³ falls from 0.82 to 0.66.
LABELS_UP_TO_LOG_SNR = 0.0


def level_log_snrs(schedule: Schedule, x: Sequence[Tensor], t: float) -> list[Tensor]:
    """(B,) of every noisy level (B, 1, n, n, n) at time t, innermost first.

    Raises ValueError when the levels do not nest.
    """
    return [torch.full((len(x[0]),), schedule.log_snr(t, r), device=x[0].device) for r in level_ratios(x)]


def unclipped_levels(
    outputs: Sequence[LevelOutput], x: Sequence[Tensor], log_snrs: Sequence[Tensor]
) -> tuple[Tensor, ...]:
    """Clean levels (B, 1, n, n, n) float32 that the network's outputs say of the noisy ones, about in [-1, 1].

    outputs: as they leave the network, not yet refined. log_snrs: of `level_log_snrs`.
    """
    parts = zip(x, refined(outputs, x, log_snrs), log_snrs, strict=True)
    return tuple(x0_from_v(level, output.v.float(), log_snr) for level, output, log_snr in parts)


class NetworkDenoiser:
    """Denoises with one encoded pair of radiographs, and keeps its last answer.

    evaluations, network_s: calls so far, and the seconds spent in the network itself.
    """

    def __init__(self, model: LoadedModel, encoded: Encoded, backend: Backend) -> None:
        self._model, self._encoded, self._backend = model, encoded, backend
        self._unclipped: tuple[Tensor, ...] = ()
        self._logits, self._answers = torch.zeros(()), 0
        self.evaluations = 0
        self.network_s = 0.0

    def __call__(self, x: Sequence[Tensor], t: float) -> list[Tensor]:
        """Clean levels in [-1, 1] of the noisy ones at time t.

        Raises MachineFailure when the device fails or an answer is not finite.
        """
        log_snrs = level_log_snrs(self._model.schedule, x, t)
        with self._backend.running("sampling"):
            outputs = self._timed_outputs(x, log_snrs[0])
            self._unclipped = unclipped_levels(outputs, x, log_snrs)
            if not self._answers or float(log_snrs[0][0]) <= LABELS_UP_TO_LOG_SNR:
                self._logits, self._answers = self._logits + outputs[-1].logits[0].float(), self._answers + 1
            self._check_finite(*self._unclipped, outputs[-1].logits)
            return [level.clamp(-1, 1) for level in self._unclipped]

    def label_probabilities(self) -> Tensor:
        """(5, n, n, n) float32 of the outermost level, first of the batch: mean logits of the noisier answers.

        Raises MachineFailure when they are not finite.
        """
        self._check_finite(self._logits)
        return (self._logits / max(1, self._answers)).softmax(dim=0)

    def check_range(self) -> None:
        """Refuse a last answer that is far from any CT.

        Raises MachineFailure.
        """
        share = max(float((level.abs() > PLAUSIBLE_X0).float().mean()) for level in self._unclipped)
        if share > IMPLAUSIBLE_SHARE:
            raise MachineFailure(
                f"sampling: {100 * share:.0f} % of the voxels lie outside the range of a CT, so the result was thrown"
                " away; use a trained model, and check it with genu doctor"
            )

    def _timed_outputs(self, x: Sequence[Tensor], log_snr: Tensor) -> Sequence[LevelOutput]:
        began = time.monotonic()
        outputs = self._model.network.denoise(list(x), log_snr, self._encoded)
        self._backend.finish()
        self.network_s += time.monotonic() - began
        self.evaluations += 1
        return outputs

    def _check_finite(self, *answers: Tensor) -> None:
        """One pass a tensor: a sum is finite only where all its terms are."""
        if not all(torch.isfinite(answer.sum(dtype=torch.float32)) for answer in answers):
            raise MachineFailure(
                f"sampling: the network's answer {self.evaluations} is not finite; run again with --device cpu,"
                " and if it happens again report the model"
            )
