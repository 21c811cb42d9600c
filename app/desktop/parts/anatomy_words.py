"""Bones and sides in the planner's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.domain import Bone, Side

translate = QCoreApplication.translate


def bone_name(bone: Bone) -> str:
    """A bone."""
    return {
        Bone.FEMUR: translate("Export", "Femur"),
        Bone.TIBIA: translate("Export", "Tibia"),
        Bone.PATELLA: translate("Export", "Patella"),
        Bone.FIBULA: translate("Export", "Fibula"),
    }[bone]


def side_name(side: Side) -> str:
    """A side, lower-case."""
    return translate("Export", "right") if side is Side.RIGHT else translate("Export", "left")
