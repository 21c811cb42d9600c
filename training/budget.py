"""What a plan costs on described machines: FLOPs, memory, time. Estimates all, and the text says what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.domain import RefusedInput
from engine.models.presets import NetworkSpec
from engine.models.unallocated import unallocated_network
from training.configuration import Stage
from training.loop.cost import StageCost, stage_cost
from training.loop.ranks import Strategy
from training.plan import PlannedStage

_FLOAT, _ADAM = 4, 8  # bytes of a parameter in float32, and of its two moments
_GB, _DAY = 1e9, 86400.0

_RESTS_ON = """Estimates. FLOPs and kept activations are counted operation by operation on tensors without values, a
multiply-add as two; memory leaves out the allocator's reserve, communication buffers, what a block holds while it is
computed and, with fsdp, the blocks gathered at the time. Time is FLOPs over GPUs x {tflops:g} TFLOP/s x {utilisation:g}
utilisation, which only a measurement on the machine itself can tell; reading cases is not in it."""


@dataclass(frozen=True, slots=True)
class Machines:
    """A cluster. tflops: of one GPU at its peak, in the precision used (312: A100, bfloat16).   utilisation: the share
    of it that training gets.   memory_gb: of one GPU."""

    gpus: int = 1
    tflops: float = 312.0
    utilisation: float = 0.4
    memory_gb: float = 80.0
    strategy: Strategy = Strategy.DDP
    bfloat16: bool = True

    def __post_init__(self) -> None:
        if self.gpus < 1 or self.tflops <= 0 or not 0 < self.utilisation <= 1 or self.memory_gb <= 0:
            raise RefusedInput(
                "--gpus, --gpu-tflops and --gpu-memory must be positive and --utilisation above 0 and at most 1;"
                " correct them"
            )


@dataclass(frozen=True, slots=True)
class Budget:
    """A stage on some machines. passes: forward and backward passes of a GPU in a step, of `cases` each.

    Bytes are of one GPU. flops: of a whole step on all GPUs.
    """

    stage: Stage
    passes: int
    cases: int
    flops: int
    weights: float
    gradients: float
    adam: float
    averages: float
    activations: float
    seconds_per_step: float

    @property
    def bytes(self) -> float:
        """All of a GPU's memory that is counted."""
        return self.weights + self.gradients + self.adam + self.averages + self.activations

    @property
    def days(self) -> float:
        """Of the stage."""
        return self.stage.steps * self.seconds_per_step / _DAY


def budgets(spec: NetworkSpec, plan: Sequence[PlannedStage], machines: Machines) -> Iterator[Budget]:
    """The budget of every stage. Raises RefusedInput where a batch cannot be shared evenly by the GPUs."""
    ever_trained = 0
    for part in plan:
        if part.stage.batch_size % machines.gpus:
            raise RefusedInput(
                f"stage {part.stage.name}: a batch of {part.stage.batch_size} cannot be shared evenly by"
                f" {machines.gpus} GPUs; choose another --gpus"
            )
        cost = stage_cost(spec, part.stage, part.crop, machines.bfloat16)
        # Moments of what an earlier stage trained stay.
        ever_trained = min(cost.parameters, ever_trained + cost.trained)
        yield _budget(part.stage, cost, ever_trained, machines)


def _budget(stage: Stage, cost: StageCost, ever_trained: int, machines: Machines) -> Budget:
    share = stage.batch_size // machines.gpus
    passes = stage.pieces(share)
    cases = -(-share // passes)
    parts = machines.gpus if machines.strategy is Strategy.FSDP else 1
    flops = stage.batch_size * cost.flops
    return Budget(
        stage,
        passes,
        cases,
        flops,
        weights=_FLOAT * cost.parameters / parts,
        gradients=_FLOAT * cost.trained / parts,
        adam=_ADAM * ever_trained / parts,
        averages=_FLOAT * cost.parameters / parts,
        activations=cases * cost.kept_bytes,
        seconds_per_step=flops / (machines.gpus * machines.tflops * 1e12 * machines.utilisation),
    )


def budget_text(spec: NetworkSpec, plan: Sequence[PlannedStage], machines: Machines) -> str:
    """The budget in lines, and what it rests on."""
    parameters = sum(value.numel() for value in unallocated_network(spec).parameters())
    each = list(budgets(spec, plan, machines))
    head = f"{spec.name}: {parameters / 1e6:.1f} M parameters, on {machines.gpus} GPUs with {machines.strategy.value}"
    lines = [line for part, budget in zip(plan, each, strict=True) for line in _lines(part, budget, machines)]
    total = f"all stages: {sum(budget.days for budget in each):.3g} days"
    rests_on = _RESTS_ON.format(tflops=machines.tflops, utilisation=machines.utilisation)
    return "\n".join([head, *lines, total, "", rests_on])


def _lines(part: PlannedStage, budget: Budget, machines: Machines) -> Iterator[str]:
    stage = part.stage
    frozen = f", {stage.frozen_levels} inner levels frozen" if stage.frozen_levels else ""
    on = f" on crops of {part.crop}³" if part.crop else ""
    again = f", blocks of levels {stage.recomputed_levels} computed twice" if stage.recomputed_levels else ""
    yield f"{stage.name}: {stage.levels} levels{on}, {stage.steps} steps of {stage.batch_size}{frozen}{again}"
    yield f"  a GPU takes {budget.passes} x {budget.cases} cases; {budget.flops / 1e12:.3g} TFLOP a step"
    memory = {
        "weights": budget.weights,
        "gradients": budget.gradients,
        "Adam": budget.adam,
        "averages": budget.averages,
        "activations": budget.activations,
    }
    told = ", ".join(f"{name} {size / _GB:.3g}" for name, size in memory.items())
    yield f"  {budget.bytes / _GB:.3g} GB of a GPU's {machines.memory_gb:g}: {told}"
    if budget.bytes > machines.memory_gb * _GB:
        yield f"  does not fit: try --strategy fsdp, --micro-batch {stage.name}=N or --recompute {stage.name}=LEVELS"
    yield f"  {1 / budget.seconds_per_step:.3g} steps/s, {budget.days:.3g} days"
