"""Which page a case is shown on when it is opened."""

from __future__ import annotations

from app.cases.document import CaseDocument, Step, StepState, reachable, step_state


def next_step(document: CaseDocument) -> Step:
    """The first step that is not done and can be worked on; Review where everything is done."""
    for step in Step:
        if step_state(document, step) is not StepState.DONE and reachable(document, step):
            return step
    return Step.REVIEW
