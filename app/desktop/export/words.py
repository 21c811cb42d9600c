"""Formats, units and frames in the planner's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def format_purpose(name: str) -> str:
    """What a format is good for, in a few words."""
    return {
        "stl": translate("Export", "Printers, CAD, robots"),
        "ply": translate("Export", "Research tools"),
        "obj": translate("Export", "3-D editors"),
        "glb": translate("Export", "Headsets and the web"),
    }.get(name, "")


def frame_chip(name: str) -> str:
    """The axes of a format in a word."""
    return {"glb": translate("Export", "+Y up")}.get(name, "LPS")


def frame_sentence(name: str) -> str:
    """The axes of a format."""
    glb = translate("Export", "up is +Y and the front is +Z, for headsets")
    lps = translate("Export", "patient axes LPS, origin where the two films' central rays meet")
    return {"glb": glb}.get(name, lps)


def unit_name(unit: str) -> str:
    """A unit, spelt out."""
    return {"mm": translate("Export", "millimetres"), "m": translate("Export", "metres")}[unit]
