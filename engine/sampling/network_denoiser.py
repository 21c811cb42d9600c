"""A trained network as a `Denoiser`: v in, clean levels out, and every answer looked at before it is believed."""

from __future__ import annotations

import time
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.domain import MachineFailure
from engine.models.backend import Backend
from engine.models.conditioning import Encoded
from engine.models.loaded import LoadedModel
from engine.models.schedule import x0_from_v
from engine.sampling.multistep import level_ratios

# Clean levels lie in [-1, 1]; a healthy network leaves it by a little at edges, a broken one everywhere.
PLAUSIBLE_X0 = 1.5
IMPLAUSIBLE_SHARE = 0.02


class NetworkDenoiser:
    """Denoises with one encoded pair of radiographs.

    label_probabilities: (5, n, n, n) float32 of the last evaluation's outermost level, first of the batch.
    outside: largest share of voxels of a level that the last evaluation put beyond PLAUSIBLE_X0.
    evaluations, seconds: of all calls.
    """

    def __init__(self, model: LoadedModel, encoded: Encoded, backend: Backend) -> None:
        self._model, self._encoded, self._backend = model, encoded, backend
        self.label_probabilities = torch.zeros(())
        self.outside = 1.0
        self.evaluations = 0
        self.seconds = 0.0

    def __call__(self, x: Sequence[Tensor], t: float) -> list[Tensor]:
        """Clean levels in [-1, 1] of the noisy ones at time t.

        Raises MachineFailure when the device fails or an answer is not finite.
        """
        began = time.monotonic()
        schedule, ratios = self._model.schedule, level_ratios(x)
        gammas = [torch.full((len(x[0]),), schedule.log_snr(t, r), device=x[0].device) for r in ratios]
        with self._backend.running("sampling"):
            outputs = self._model.network.denoise(list(x), gammas[0], self._encoded)
            raw = [x0_from_v(n, o.v.float(), g) for n, o, g in zip(x, outputs, gammas, strict=True)]
            logits = outputs[-1].logits.float()
            finite = all(bool(torch.isfinite(tensor).all()) for tensor in (*raw, logits))
            self.outside = max(float((level.abs() > PLAUSIBLE_X0).float().mean()) for level in raw)
        self.evaluations += 1
        self.seconds += time.monotonic() - began
        if not finite:
            raise MachineFailure(
                f"sampling: the network's answer {self.evaluations} is not finite; run again with --device cpu,"
                " and if it happens again report the model"
            )
        self.label_probabilities = logits[0].softmax(dim=0)
        return [level.clamp(-1, 1) for level in raw]

    def check_range(self) -> None:
        """Refuse a last answer that is far from any CT.

        Raises MachineFailure.
        """
        if self.outside > IMPLAUSIBLE_SHARE:
            raise MachineFailure(
                f"sampling: {100 * self.outside:.0f} % of the voxels lie outside the range of a CT, so the result was"
                " thrown away; use a trained model, and check it with genu doctor"
            )
