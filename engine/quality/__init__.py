"""Measured quality: `checks` of surfaces, and `evaluate` for a generated knee against the truth.

Import the module you need: `checks` is free of scipy, which costs a generating process a third of a second.
"""
