"""Bones, sides and views in the planner's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.domain import Bone, Side, View

translate = QCoreApplication.translate


def bone_name(bone: Bone) -> str:
    """A bone."""
    return {
        Bone.FEMUR: translate("Anatomy", "Femur"),
        Bone.TIBIA: translate("Anatomy", "Tibia"),
        Bone.PATELLA: translate("Anatomy", "Patella"),
        Bone.FIBULA: translate("Anatomy", "Fibula"),
    }[bone]


def side_name(side: Side) -> str:
    """A side, lower-case."""
    return translate("Anatomy", "right") if side is Side.RIGHT else translate("Anatomy", "left")


def view_name(view: View) -> str:
    """A view."""
    return translate("Anatomy", "AP") if view is View.AP else translate("Anatomy", "Lateral")
