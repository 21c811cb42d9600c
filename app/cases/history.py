"""The accepted steps of a case in a line, and which of them is shown. Values only; see case_folder for the disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.cases.document import CaseDocument, document_from, document_json
from app.cases.sealed import DamagedFile, sealed, unsealed

_CASE, _VERSION = "genu_case_folder", "genu_case_version"


@dataclass(frozen=True, slots=True)
class Version:
    """A document as accepted. number: never used twice in a case.   parent: the number it was made from, 0 for none.

    label: what was done, for Undo.   at: ISO 8601 in UTC.   sizes: bytes of each blob the document needs.
    """

    number: int
    parent: int
    label: str
    at: str
    sizes: Mapping[str, int]
    document: CaseDocument


@dataclass(frozen=True, slots=True)
class Entry:
    """A version's place in the line."""

    number: int
    label: str
    at: str


@dataclass(frozen=True, slots=True)
class History:
    """line: versions that undo and redo can reach, oldest first.   place: index of the one shown.   changed: when."""

    id: str
    line: tuple[Entry, ...]
    place: int
    changed: str

    @property
    def entry(self) -> Entry:
        """The version shown."""
        return self.line[self.place]

    @property
    def undo_label(self) -> str | None:
        """What an undo would take back."""
        return self.entry.label if self.place > 0 else None

    @property
    def redo_label(self) -> str | None:
        """What a redo would bring again."""
        return self.line[self.place + 1].label if self.place + 1 < len(self.line) else None

    def moved(self, steps: int, at: str) -> History:
        """The pointer moved along the line; both ends hold."""
        place = min(max(self.place + steps, 0), len(self.line) - 1)
        return replace(self, place=place, changed=at)

    def followed_by(self, version: Version) -> History:
        """The line to the version shown, and then `version`; what could be redone is out of view."""
        line = (*self.line[: self.place + 1], Entry(version.number, version.label, version.at))
        return replace(self, line=line, place=len(line) - 1, changed=version.at)


def first(version: Version) -> History:
    """The history of a case with one version."""
    return History(version.document.id, (Entry(version.number, version.label, version.at),), 0, version.at)


def history_json(history: History) -> bytes:
    """The content of case.json."""
    # By hand, because asdict takes 20 times as long and a line may have hundreds of steps.
    line = [{"number": one.number, "label": one.label, "at": one.at} for one in history.line]
    return sealed(_CASE, {"id": history.id, "line": line, "place": history.place, "changed": history.changed})


def history_from(content: bytes, where: str) -> History:
    """Raises DamagedFile, or RefusedInput for one of a newer Genu."""
    body = unsealed(content, _CASE, where)
    try:
        line = tuple(Entry(int(one["number"]), str(one["label"]), str(one["at"])) for one in body["line"])
        history = History(str(body["id"]), line, int(body["place"]), str(body["changed"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedFile("case.json") from error
    if not 0 <= history.place < len(line):
        raise DamagedFile("case.json")
    return history


def version_json(version: Version) -> bytes:
    """The content of a version's file; the document in it is that of `document_json`."""
    return sealed(
        _VERSION,
        {
            "number": version.number,
            "parent": version.parent,
            "label": version.label,
            "at": version.at,
            "sizes": dict(version.sizes),
            "document": json.loads(document_json(version.document)),
        },
    )


def version_from(content: bytes, where: str) -> Version:
    """Raises DamagedFile, or RefusedInput for one whose document this Genu cannot read."""
    body = unsealed(content, _VERSION, where)
    document = document_from(json.dumps(body.pop("document", None)).encode(), where)
    try:
        return Version(**body, document=document)
    except TypeError as error:
        raise DamagedFile("version") from error
