"""`genu train run`: a preset's plan over a folder of cases."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.domain import RefusedInput
from engine.models.network import Network
from engine.models.presets import ConditioningMode, NetworkSpec, preset
from engine.models.unallocated import unallocated_network
from training.configuration import TrainConfig
from training.evaluate.quick import label_scores
from training.loop.dataset import CaseFolder
from training.loop.events import Saved, StepDone, Validated
from training.loop.train import train
from training.loop.workers import batch_workers
from training.plan import PlannedStage, plan_of

VALIDATE_EVERY = 100


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to train.

    steps: other numbers of steps by stage name. until: the last stage. conditioning: other than the preset's.
    warm_start: a checkpoint whose averaged weights a new run begins with.
    """

    preset: str
    seed: int = 0
    steps: Mapping[str, int] = field(default_factory=dict)
    until: str | None = None
    conditioning: str | None = None
    warm_start: Path | None = None

    @property
    def network(self) -> NetworkSpec:
        """The preset with the wanted conditioning. Raises RefusedInput for an unknown preset."""
        spec = preset(self.preset)
        return spec if self.conditioning is None else replace(spec, conditioning=ConditioningMode(self.conditioning))

    @property
    def plan(self) -> tuple[PlannedStage, ...]:
        """The stages to train. Raises RefusedInput for stages that the plan does not have."""
        planned = plan_of(self.preset)
        names = [part.stage.name for part in planned]
        unknown = ({*self.steps, self.until} - {None}) - set(names)
        if unknown:
            raise RefusedInput(
                f"{self.preset} has no stage {sorted(map(str, unknown))[0]}; its stages: {', '.join(names)}"
            )
        last = len(names) if self.until is None else names.index(self.until) + 1
        return tuple(
            replace(part, stage=replace(part.stage, steps=self.steps.get(part.stage.name, part.stage.steps)))
            for part in planned[:last]
        )


def plan_text(request: RunRequest) -> str:
    """Stages, and parameters counted without allocating them."""
    network = unallocated_network(request.network)
    millions = sum(p.numel() for p in network.parameters()) / 1e6
    lines = [f"{request.preset}: {millions:.1f} M parameters"]
    for part in request.plan:
        stage, crop = part.stage, part.crop
        frozen = f", {stage.frozen_levels} inner levels frozen" if stage.frozen_levels else ""
        on = f" on crops of {crop}³" if crop else ""
        lines.append(f"{stage.name}: {stage.levels} levels{on}, {stage.steps} steps of {stage.batch_size}{frozen}")
    return "\n".join(lines)


def run(
    request: RunRequest, cases: Path, out: Path, workers: int, validation: Path | None
) -> Generator[str, None, None]:
    """Train and tell a line every ten steps, at every checkpoint and at every validation."""
    plan, spec = request.plan, request.network
    stages = tuple(part.stage for part in plan)
    every = VALIDATE_EVERY if validation is not None else 0
    config = TrainConfig(spec, stages, seed=request.seed, ema_decay=0.995, validate_every=every)
    crops = {part.stage.name: part.crop for part in plan}
    checked = None if validation is None else CaseFolder.of(validation, request.seed, spec.base_voxels)

    def validate(network: Network, step: int) -> Mapping[str, float]:
        assert checked is not None
        return label_scores(network, checked, max(1, config.stage_at(step - 1)[0].levels))

    with batch_workers(CaseFolder.of(cases, request.seed, spec.base_voxels), config, crops, workers) as batch_at:
        for event in train(config, batch_at, out, validate if checked else None, request.warm_start):
            if isinstance(event, StepDone) and event.step % 10 == 0:
                terms = " ".join(f"{name} {value:.4f}" for name, value in event.terms.items())
                yield f"{event.stage} {event.step}/{event.total} {event.seconds:.2f} s {terms}"
            elif isinstance(event, Saved):
                yield f"checkpoint {event.path}"
            elif isinstance(event, Validated):
                yield "validation " + " ".join(f"{name} {value:.3f}" for name, value in event.scores.items())
