"""How well a generated knee matches the truth: Dice, IoU, ASSD, HD95 and NSD of every bone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.domain import Bone
from engine.quality.registration import RigidMotion
from engine.quality.surface_distance import SurfaceScores


@dataclass(frozen=True, slots=True)
class BoneScores:
    """One bone. surface is None where the bone was not predicted, or nowhere in view; Dice and IoU are then 0."""

    bone: Bone
    dice: float
    iou: float
    surface: SurfaceScores | None

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        surface = self.surface
        distances: dict[str, object] = {
            name: getattr(surface, name) if surface else None for name in SurfaceScores.__slots__
        }
        return {"dice": self.dice, "iou": self.iou, **distances}


@dataclass(frozen=True, slots=True)
class KneeScores:
    """All bones that the truth holds, and their unweighted means."""

    bones: tuple[BoneScores, ...]

    @property
    def mean_dice(self) -> float:
        """Mean over the bones of the truth; a bone that was not predicted counts as 0."""
        return float(np.mean([scores.dice for scores in self.bones]))

    @property
    def mean_iou(self) -> float:
        """Mean over the bones of the truth; a bone that was not predicted counts as 0."""
        return float(np.mean([scores.iou for scores in self.bones]))

    @property
    def mean_assd_mm(self) -> float | None:
        """Mean over the bones of the truth; None where one was not predicted."""
        found = [scores.surface.assd_mm for scores in self.bones if scores.surface]
        return float(np.mean(found)) if len(found) == len(self.bones) else None

    def of(self, bone: Bone) -> BoneScores:
        """Scores of one bone of the truth."""
        return next(scores for scores in self.bones if scores.bone is bone)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "bones": {scores.bone.word: scores.as_dict() for scores in self.bones},
            "mean": {"dice": self.mean_dice, "iou": self.mean_iou, "assd_mm": self.mean_assd_mm},
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One knee: without registration, after one motion of the whole knee, and after a motion of each bone."""

    unregistered: KneeScores
    registered: KneeScores
    motion: RigidMotion
    registered_per_bone: KneeScores
    bone_motions: Mapping[Bone, RigidMotion]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "bone_motions", MappingProxyType(dict(self.bone_motions)))

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "unregistered": self.unregistered.as_dict(),
            "registered": self.registered.as_dict() | {"motion": self.motion.as_dict()},
            "registered_per_bone": self.registered_per_bone.as_dict()
            | {"motions": {bone.word: motion.as_dict() for bone, motion in self.bone_motions.items()}},
            "warnings": list(self.warnings),
        }
