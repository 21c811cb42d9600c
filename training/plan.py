"""What a preset's run looks like: stages, batch sizes, crops. Data beside the presets of engine/models/presets.py."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain import RefusedInput
from training.configuration import Stage


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage and the side in voxels of the crop its outermost level trains on (None: all of it)."""

    stage: Stage
    crop: int | None = None


# compact: the last run behind the shipped model, which began from an earlier one (docs/experiments.md). The encoder
# learns alone first, because a step without volumes costs little; then labels, mostly from the films under nearly pure
# noise, then the image; outer levels learn on crops of frozen inner ones, labels first again at 64³.
PLANS: dict[str, tuple[PlannedStage, ...]] = {
    "compact": (
        PlannedStage(Stage("encoder", 0, 900, 8, 1.5e-3, final_share=0.1)),
        PlannedStage(Stage("32", 1, 1500, 4, 8e-4, noise_emphasis=8.0)),
        PlannedStage(Stage("32-image", 1, 150, 4, 3e-4, final_share=0.1, noise_emphasis=1.4)),
        PlannedStage(
            Stage("64-labels", 2, 350, 4, 1.2e-3, final_share=0.1, frozen_levels=1, noise_emphasis=6.0), crop=32
        ),
        PlannedStage(Stage("64", 2, 150, 4, 5e-4, final_share=0.1, frozen_levels=1, noise_emphasis=1.4), crop=32),
        PlannedStage(Stage("128", 3, 300, 4, 1.5e-3, frozen_levels=2, noise_emphasis=1.5), crop=48),
    ),
    # As published: 32³, 64³, 128³ at batch 224, 80, 16, of which a GPU takes 14, 5, 1 (reference/science.md); with
    # fewer GPUs gradients accumulate. Numbers of steps and learning rates were not published and are this project's.
    "m3d-400": (
        PlannedStage(Stage("32", 1, 200_000, 224, 1e-4, warm_up_steps=2000, micro_batch=14)),
        PlannedStage(Stage("64", 2, 100_000, 80, 1e-4, warm_up_steps=2000, micro_batch=5, recomputed_levels=(1,))),
        PlannedStage(Stage("128", 3, 50_000, 16, 5e-5, warm_up_steps=2000, micro_batch=1, recomputed_levels=(1, 2))),
    ),
    "tiny": (
        PlannedStage(Stage("encoder", 0, 10, 2, 2e-3, warm_up_steps=5)),
        PlannedStage(Stage("8", 1, 20, 2, 2e-3, warm_up_steps=5)),
    ),
}


@dataclass(frozen=True, slots=True)
class Habits:
    """What a preset does in all its stages. ema_decay: the longest; dice_per_case: see LossWeights."""

    ema_decay: float = 0.995
    dice_per_case: bool = False


# A long run averages long; and its loss must not depend on how many GPUs share a batch.
HABITS: dict[str, Habits] = {"m3d-400": Habits(ema_decay=0.9999, dice_per_case=True)}


def plan_of(preset: str) -> tuple[PlannedStage, ...]:
    """The stages of a preset. Raises RefusedInput for one that has no plan."""
    if preset not in PLANS:
        raise RefusedInput(f"--preset {preset} has no training plan; choose one of {', '.join(PLANS)}")
    return PLANS[preset]
