"""What a report is put together from, before anything is painted. Every text is plain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.desktop.report.pictures import Picture


class Tone(Enum):
    """How loud a paragraph is."""

    BODY = "body"
    QUIET = "quiet"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Heading:
    """Stays on the page of what follows it."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Wrapped text."""

    text: str
    tone: Tone = Tone.BODY


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts. shares: of the width, one a column.   columns: headings, or none.   numbers: which flush right.
    joined: whether it goes on from the table right above, of which it is a piece.   small: type for long hashes.
    """

    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()
    joined: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    """Colours (#RRGGBB) and what they stand for, on one line."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class PictureRow:
    """Pictures side by side at one height, not higher than `most_mm`. black: whether they stand on black."""

    pictures: tuple[Picture, ...]
    most_mm: float
    black: bool = False


Part = Heading | Paragraph | Table | Legend | PictureRow


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A report as it will be painted. foot: what stands at the foot of every page, beside its number."""

    title: str
    subtitle: str
    foot: str
    parts: tuple[Part, ...]
