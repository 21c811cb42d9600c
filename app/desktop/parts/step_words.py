"""The steps across the top of the window, in the planner's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.cases.document import Step

translate = QCoreApplication.translate


def step_word(step: Step) -> str:
    """A step."""
    return {
        Step.IMPORT: translate("Step", "Import"),
        Step.CHECK: translate("Step", "Check"),
        Step.GENERATE: translate("Step", "Generate"),
        Step.REVIEW: translate("Step", "Review"),
        Step.PLAN: translate("Step", "Plan"),
        Step.EXPORT: translate("Step", "Export"),
    }[step]
