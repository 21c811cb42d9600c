"""Salted hashes in place of names, and the split that they decide."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.domain import RefusedInput
from engine.io.durable import write_file_atomically

SPLITS = ("train", "validation", "test")
_SALT_BYTES, _KEY_CHARACTERS = 32, 16


@dataclass(frozen=True, slots=True)
class Salt:
    """A secret; without it nobody can try names against hashes. The same salt gives the same hashes and splits."""

    secret: bytes

    @classmethod
    def of(cls, path: Path) -> Salt:
        """The secret of a file, which is made where there is none. Raises RefusedInput for any other file."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file_atomically(secrets.token_hex(_SALT_BYTES).encode(), path)
            path.chmod(0o600)
        text = path.read_bytes().strip()
        if len(text) < 2 * _SALT_BYTES:
            raise RefusedInput(f"{path} is no salt of {2 * _SALT_BYTES} characters; name the right file, or a new one")
        return cls(text)

    def hash(self, kind: str, text: str) -> str:
        """16 hexadecimal digits. kind keeps a patient's and a series' hashes of one text apart."""
        return hashlib.sha256(b"\0".join((self.secret, kind.encode(), text.encode()))).hexdigest()[:_KEY_CHARACTERS]


def split_of(salt: Salt, unit: str, shares: tuple[float, float, float]) -> str:
    """The split of a unit by its hash alone, so that what is added later moves nothing."""
    place = int(salt.hash("split", unit), 16) / 16**_KEY_CHARACTERS
    if place < shares[0]:
        return SPLITS[0]
    return SPLITS[1] if place < shares[0] + shares[1] else SPLITS[2]


def units(pairs: Iterable[tuple[str, str]], by_site: bool) -> Mapping[tuple[str, str], str]:
    """The unit that is never divided, for each (patient, site).

    The patient alone; by site, everything that shares patients or sites with each other.
    """
    pairs = sorted(set(pairs))
    if not by_site:
        return {pair: pair[0] for pair in pairs}
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for patient, site in pairs:
        low, high = sorted((root(f"patient {patient}"), root(f"site {site}")), reverse=True)
        parent[high] = low
    return {pair: root(f"patient {pair[0]}") for pair in pairs}
