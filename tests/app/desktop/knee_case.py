"""Puts a phantom knee into an open case, as the Generate step would."""

from __future__ import annotations

from dataclasses import replace

from app.cases.document import CaseDocument, GeneratedEntry, GenerateRequest, Reviewed, Step, basis_of
from app.cases.store import OpenCase
from engine.domain import Side
from tests.generated_knee import knee_files


def with_knee(case: OpenCase, document: CaseDocument, reviewed: bool = True) -> CaseDocument:
    """The document with a knee of the side that was checked, not yet saved; its files are kept in the case."""
    assert document.checked is not None
    side = Side(document.checked.side.value)
    files = {name: case.put(content) for name, content in knee_files(side).items()}
    basis = basis_of(document, Step.GENERATE)
    document = replace(document, generated=GeneratedEntry(basis, GenerateRequest(), files))
    if not reviewed:
        return document
    similarity = {"AP": 0.61, "LATERAL": 0.42}
    return replace(document, reviewed=Reviewed(basis_of(document, Step.REVIEW), similarity, "Fits well"))
