"""The files to look at in what was dropped: folders are walked, links are not followed, and there are limits."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_FILES, DEEPEST = 2_000, 16


@dataclass(frozen=True, slots=True)
class Listed:
    """paths: of files, as dropped and then by name.   names: of each, below what was dropped.

    from_folder: whether any stands in a dropped folder rather than having been dropped itself.
    left_out: whether there were more than MOST_FILES.   links: how many links were passed by.
    unread: folders that could not be opened, by name.
    """

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    from_folder: bool
    left_out: bool
    links: int
    unread: tuple[str, ...]


def list_files(dropped: Sequence[Path]) -> Listed:
    """What is there to look at. A file dropped twice counts once; hidden files in folders are passed by."""
    walk = _Walk()
    found: dict[Path, str] = {}
    for place in dropped:
        for path, name in walk.of(place):
            if len(found) >= MOST_FILES:
                walk.left_out = True
                break
            found.setdefault(path, name)
    return Listed(tuple(found), tuple(found.values()), walk.from_folder, walk.left_out, walk.links, tuple(walk.unread))


class _Walk:
    """What came up on the way."""

    def __init__(self) -> None:
        self.from_folder, self.left_out, self.links = False, False, 0
        self.unread: list[str] = []

    def of(self, place: Path) -> Iterator[tuple[Path, str]]:
        """The file itself, or the files below a folder, breadth first so that the nearest come first."""
        place = Path(os.path.abspath(place))
        if not place.is_dir():
            yield place, place.name
            return
        self.from_folder = True
        level = [place]
        for _ in range(DEEPEST):
            folders: list[Path] = []
            for folder in level:
                for entry in self._entries(folder, place):
                    path = Path(entry.path)
                    if entry.is_symlink():
                        self.links += 1
                    elif entry.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif entry.is_file(follow_symlinks=False):
                        yield path, str(path.relative_to(place))
            level = folders

    def _entries(self, folder: Path, top: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                visible = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError:
            self.unread.append(folder.name if folder == top else str(folder.relative_to(top)))
            return []
        return sorted(visible, key=lambda entry: entry.name)
