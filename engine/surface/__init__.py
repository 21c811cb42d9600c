"""Bone surfaces and label maps from the label head: `Volume → tuple[BoneMesh, …]`."""

from engine.surface.extract import bone_surfaces, extract_bones, missing_bone_warnings, missing_bones

__all__ = ["bone_surfaces", "extract_bones", "missing_bone_warnings", "missing_bones"]
