"""Edits a case under every limit of file size from none to more than enough. Run by test_disk_faults.

Prints how many edits were refused and how many were accepted.
"""

from __future__ import annotations

import resource
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore, OpenCase
from engine.domain import MachineFailure


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _edit(case: OpenCase, title: str) -> bool:
    try:
        film = FilmEntry(case.put(title.encode() * 30), "film.dcm")
        case.save(replace(case.document, title=title, films=(film,)), title)
    except MachineFailure as told:
        if "the file would exceed the size limit; make room" not in str(told):
            raise
        return False
    return True


def _look(folder: Path, case_id: str, expected: str) -> None:
    with closing(CaseStore(folder)) as store, closing(store.open(case_id)) as case:
        assert (case.document.title, case.damage, case.read_only) == (expected, "", False)
        assert [summary.title for summary in store.summaries()] == [expected]


def main(folder: Path) -> None:
    """The store is open under the limit, and looked at without."""
    with closing(CaseStore(folder)) as store:
        store.create(document := new_case("start")).close()
    stands, counts = "start", [0, 0]
    for size in range(0, 3000, 50):
        with closing(CaseStore(folder)) as store, closing(store.open(document.id)) as case:
            _limit(size)
            accepted = _edit(case, f"step {size}")
            stands = f"step {size}" if accepted else stands
            counts[accepted] += 1
            assert case.document.title == stands
        _limit(resource.RLIM_INFINITY)
        _look(folder, document.id, stands)
    print(*counts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
