"""What shards hold, beside them: `manifest.json`. It knows hashes and numbers, no names.

A shard is an uncompressed tar of `<case>.<array>.npy`, the layout that WebDataset groups into samples by the part of
a name before its first dot; place, size and CRC-32 of every array stand in the manifest, so any case can be read alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.domain import RefusedInput

MANIFEST = "manifest.json"
FORMAT, VERSION = "genu-shards", 1


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as the manifest tells of it.

    key, series, patient and site are salted hashes; side: "R" or "L" as in the patient; spacing_mm: in-plane spacing
    and slice thickness as scanned; labels: "given" or "automatic"; films: views whose film is a real one.
    """

    key: str
    series: str
    patient: str
    site: str
    side: str
    spacing_mm: tuple[float, float]
    labels: str
    films: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case in its shard. arrays: name → first byte in the tar, bytes, CRC-32 of the .npy."""

    facts: CaseFacts
    arrays: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Shard:
    """A tar. name: of the file in the manifest's folder."""

    name: str
    sha256: str
    size: int
    cases: tuple[StoredCase, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All shards of one split ("train", "validation" or "test")."""

    split: str
    shards: tuple[Shard, ...]

    def json(self) -> bytes:
        """As written to disk; the same content gives the same bytes."""
        cases = sum(len(shard.cases) for shard in self.shards)
        head = {"format": FORMAT, "version": VERSION, "split": self.split, "cases": cases}
        return json.dumps(head | {"shards": [asdict(shard) for shard in self.shards]}, indent=1).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder of shards. Raises RefusedInput naming the folder."""
    try:
        stored = json.loads((folder / MANIFEST).read_bytes())
        if stored["format"] != FORMAT or stored["version"] > VERSION:
            raise RefusedInput(f"{folder / MANIFEST} was written by another version; prepare the cases again")
        return Manifest(stored["split"], tuple(shard_of(shard) for shard in stored["shards"]))
    except (OSError, KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RefusedInput(f"{folder / MANIFEST} cannot be read; prepare the cases again or copy them anew") from error


def shard_of(stored: Mapping[str, Any]) -> Shard:
    """A shard from its JSON. Raises KeyError or TypeError where something is missing."""
    return Shard(stored["name"], stored["sha256"], stored["size"], tuple(_case_of(c) for c in stored["cases"]))


def _case_of(stored: Mapping[str, Any]) -> StoredCase:
    return StoredCase(facts_of(stored["facts"]), {name: tuple(place) for name, place in stored["arrays"].items()})


def facts_of(stored: Mapping[str, Any]) -> CaseFacts:
    """Facts from their JSON."""
    words: Sequence[float] = stored["spacing_mm"]
    films = tuple(stored.get("films", ()))
    return CaseFacts(**{**stored, "spacing_mm": (float(words[0]), float(words[1])), "films": films})
