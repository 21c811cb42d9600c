"""Scores of trained networks, and pictures of what they made."""
