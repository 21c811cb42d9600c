"""The colours of the bones, the same in every view, list and exported file. A label always stands beside a colour."""

from __future__ import annotations

from engine.domain import Bone

BONE_COLOURS: dict[Bone, str] = {
    Bone.FEMUR: "#E8B04B",
    Bone.TIBIA: "#4FA3D1",
    Bone.PATELLA: "#D96C75",
    Bone.FIBULA: "#6DBE8C",
}
