"""How well bones fit a film, in the planner's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.quality.similarity import Verdict


def verdict_words(found: Verdict) -> str:
    """A verdict in the planner's language."""
    return {
        Verdict.AGREES: QCoreApplication.translate("Verdict", "agrees"),
        Verdict.LOOK: QCoreApplication.translate("Verdict", "look closely"),
        Verdict.DIFFERS: QCoreApplication.translate("Verdict", "does not agree"),
    }[found]
