"""What the list of cases shows of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.cases.case_folder import CaseFolder, Found
from app.cases.document import Step, StepState, step_state
from engine.domain import RefusedInput

_LOST = "{} of the files of the case are missing or damaged; import or generate them again, or restore them from a copy"


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """created, changed: ISO 8601 in UTC.   damage: a sentence, empty when whole; such a case may still open.

    states is empty where nothing of the case can be read.
    """

    id: str
    title: str
    created: str
    changed: str
    bytes_used: int
    states: Mapping[Step, StepState]
    damage: str


@dataclass(frozen=True, slots=True)
class Row:
    """A summary with what tells whether it still holds. stamp: of case.json.   needs: bytes of each file relied on,
    by its path in the case's folder."""

    stamp: str
    summary: CaseSummary
    needs: Mapping[str, int]


def row_of(folder: CaseFolder, known: Row | None = None) -> Row:
    """Read a case for the list. known: an earlier row, for what a damaged case cannot tell any more."""
    stamp = folder.stamp()
    try:
        found = folder.read()
    except RefusedInput as told:
        title, created, changed = ("", "", "")
        if known is not None:
            title, created, changed = known.summary.title, known.summary.created, known.summary.changed
        summary = CaseSummary(folder.id, title, created, changed, folder.bytes_used(), MappingProxyType({}), str(told))
        return Row(stamp, summary, {})
    return row_of_found(folder, found, stamp)


def row_of_found(folder: CaseFolder, found: Found, stamp: str) -> Row:
    """The row of a case that has been read."""
    document, damage = found.version.document, damage_of(folder, found)
    states = MappingProxyType({step: step_state(document, step) for step in Step})
    summary = CaseSummary(
        folder.id,
        document.title,
        document.created,
        found.history.changed,
        folder.bytes_used(),
        states,
        damage,
    )
    needs = {f"blobs/{sha256}": size for sha256, size in found.version.sizes.items()}
    path = folder.version_path(found.version.number)
    needs[f"versions/{path.name}"] = path.stat().st_size if path.exists() else 0
    return Row(stamp, summary, needs)


def damage_of(folder: CaseFolder, found: Found) -> str:
    """A sentence on what is wrong with a case that opens; empty when nothing is known to be."""
    here = folder.blobs.sizes(found.version.document.blobs)
    lost = [sha256 for sha256, size in found.version.sizes.items() if here.get(sha256) != size]
    return found.damage or (_LOST.format(len(lost)) if lost else "")


def holds(row: Row, folder: CaseFolder) -> bool:
    """Whether a row still tells the truth, as far as the names and sizes of files can say."""
    if not row.stamp or row.stamp != folder.stamp() or row.summary.damage:
        return False
    try:
        return all((folder.folder / path).stat().st_size == size for path, size in row.needs.items())
    except OSError:
        return False
