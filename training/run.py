"""`genu train run`: a preset's plan over a folder of cases, in one process or in as many as a cluster has."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.domain import RefusedInput
from engine.models.network import Network
from engine.models.presets import ConditioningMode, NetworkSpec, preset
from training.budget import Machines, budget_text
from training.configuration import TrainConfig
from training.evaluate.quick import label_scores
from training.loop.dataset import CaseFolder
from training.loop.events import Picture
from training.loop.lines import lines
from training.loop.loss import LossWeights
from training.loop.pictures import made_beside_true
from training.loop.ranks import Cluster, ranks_of
from training.loop.train import Validate, train
from training.loop.workers import batch_workers
from training.plan import HABITS, Habits, PlannedStage, plan_of


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to train.

    steps, micro_batch, recompute: other numbers of steps, cases at once and recomputed levels by stage name.
    until: the last stage. conditioning: other than the preset's.
    warm_start: a checkpoint whose averaged weights a new run begins with.
    """

    preset: str
    seed: int = 0
    steps: Mapping[str, int] = field(default_factory=dict)
    micro_batch: Mapping[str, int] = field(default_factory=dict)
    recompute: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
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
        unknown = ({*self.steps, *self.micro_batch, *self.recompute, self.until} - {None}) - set(names)
        if unknown:
            raise RefusedInput(
                f"{self.preset} has no stage {sorted(map(str, unknown))[0]}; its stages: {', '.join(names)}"
            )
        last = len(names) if self.until is None else names.index(self.until) + 1
        return tuple(self._wanted(part) for part in planned[:last])

    def _wanted(self, part: PlannedStage) -> PlannedStage:
        stage, name = part.stage, part.stage.name
        changed = replace(
            stage,
            steps=self.steps.get(name, stage.steps),
            micro_batch=self.micro_batch.get(name, stage.micro_batch),
            recomputed_levels=self.recompute.get(name, stage.recomputed_levels),
        )
        return replace(part, stage=changed)

    @property
    def config(self) -> TrainConfig:
        """The run as the loop takes it."""
        habits = HABITS.get(self.preset, Habits())
        stages = tuple(part.stage for part in self.plan)
        weights = LossWeights(dice_per_case=habits.dice_per_case)
        return TrainConfig(self.network, stages, seed=self.seed, weights=weights, ema_decay=habits.ema_decay)


@dataclass(frozen=True, slots=True)
class Validation:
    """Cases to look at every so many steps."""

    folder: Path
    every: int = 100


def plan_text(request: RunRequest, machines: Machines | None = None) -> str:
    """Stages, parameters, and what they cost on some machines, without allocating the network."""
    return budget_text(request.network, request.plan, machines or Machines())


def run(
    request: RunRequest,
    cases: Path,
    out: Path,
    workers: int,
    validation: Validation | None,
    cluster: Cluster | None = None,
) -> Generator[str, None, None]:
    """Train and tell a line every ten steps, at every checkpoint and at every validation; of many processes one tells.

    Raises RefusedInput where there are no cases, and what `train` raises.
    """
    config = replace(request.config, validate_every=validation.every if validation else 0)
    crops = {part.stage.name: part.crop for part in request.plan}
    base = config.network.base_voxels
    folder = CaseFolder.of(cases, request.seed, base)
    validate = None if validation is None else _validate(CaseFolder.of(validation.folder, request.seed, base), config)
    ranks = ranks_of(cluster or Cluster(), config.precision)
    with batch_workers(folder, config, crops, workers, ranks.rank, ranks.size) as batch_at:
        for event in train(config, batch_at, out, validate, request.warm_start, ranks):
            yield from lines(event, ranks)


def _validate(cases: CaseFolder, config: TrainConfig) -> Validate:
    def validate(network: Network, step: int) -> Mapping[str, float | Picture]:
        levels = max(1, config.stage_at(step - 1)[0].levels)
        picture = made_beside_true(network, cases.item(0, levels, None))
        return {**label_scores(network, cases, levels), "made above true": picture}

    return validate
