"""Knees drawn from a statistical shape model: surfaces, pose, tissue."""
