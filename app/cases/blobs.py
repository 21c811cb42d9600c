"""Immutable contents under their SHA-256 in one folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from engine.domain import MachineFailure
from engine.io.durable import place_file, sync_folder, told

_NAME = re.compile(r"[0-9a-f]{64}")


class BlobFolder:
    """A folder whose files are named by what is in them: they come whole and never change. Any thread may ask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep `content` durably; its SHA-256. Raises MachineFailure or RefusedInput where the disk refuses."""
        sha256 = hashlib.sha256(content).hexdigest()
        try:
            if self._intact(sha256, len(content)):
                sync_folder(self.folder)  # an earlier try may have failed between the name and its sync
            else:
                place_file(content, self.folder / sha256)
        except OSError as error:
            raise told("A file of the case", error) from error
        return sha256

    def read(self, sha256: str) -> bytes:
        """The content, verified. Raises MachineFailure where it is missing or damaged."""
        try:
            content = (self.folder / _checked(sha256)).read_bytes()
        except FileNotFoundError as error:
            raise MachineFailure(_lost(sha256, "missing")) from error
        except OSError as error:
            raise MachineFailure(_lost(sha256, "unreadable")) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise MachineFailure(_lost(sha256, "damaged"))
        return content

    def path(self, sha256: str) -> Path:
        """Where the content is, after verifying it. Errors as of `read`."""
        try:
            with open(self.folder / _checked(sha256), "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise MachineFailure(_lost(sha256, "missing")) from error
        except OSError as error:
            raise MachineFailure(_lost(sha256, "unreadable")) from error
        if found != sha256:
            raise MachineFailure(_lost(sha256, "damaged"))
        return self.folder / sha256

    def sizes(self, wanted: Iterable[str]) -> dict[str, int]:
        """Bytes of those of `wanted` that are here."""
        paths = {sha256: self.folder / sha256 for sha256 in wanted if _NAME.fullmatch(sha256)}
        return {sha256: path.stat().st_size for sha256, path in paths.items() if path.is_file()}

    def names(self) -> list[str]:
        """Every content here, by its SHA-256."""
        return [path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]

    def _intact(self, sha256: str, size: int) -> bool:
        path = self.folder / sha256
        try:
            return path.stat().st_size == size and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        except OSError:
            return False


def _checked(sha256: str) -> str:
    """Only names of blobs reach the disk, so that a crafted document cannot name a file outside the folder."""
    if not _NAME.fullmatch(sha256):
        raise MachineFailure("The case names a file that is not one of its own; restore the case from a copy")
    return sha256


def _lost(sha256: str, how: str) -> str:
    return f"A file of the case ({sha256[:12]}) is {how}; repeat the step that made it, or restore it from a copy"
