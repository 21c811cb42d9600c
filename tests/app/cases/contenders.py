"""Eight programs at one store, forked from one. Run by test_locks.

Each adds one to the number in a case's title whenever it gets to write, until it has done so TURNS times; and makes,
lists, tidies and deletes cases of its own meanwhile. Prints the number in the end and how often one had to wait.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore
from engine.domain import RefusedInput

PROGRAMS, TURNS = 8, 10


def _contend(folder: Path, case_id: str, pipe: int) -> None:
    store, done, waited = CaseStore(folder), 0, 0
    while done < TURNS:
        with closing(store.open(case_id)) as case:
            if case.read_only:
                waited += 1
            else:
                number = int(case.document.title) + 1
                film = FilmEntry(case.put(str(number).encode()), "film.dcm")
                case.save(replace(case.document, title=str(number), films=(film,)), str(number))
                done += 1
        if done % 3 == 0:
            own = store.create(new_case("own"))
            assert not own.read_only
            own.close()
            store.collect_garbage()
            assert not [summary.damage for summary in store.summaries() if summary.damage]
            _delete(store, own.document.id)
        time.sleep(0.002)
    store.close()
    os.write(pipe, f"{waited} ".encode())


def _delete(store: CaseStore, case_id: str) -> None:
    """Others may be tidying or listing it for longer than one delete waits."""
    for _ in range(200):
        try:
            return store.delete(case_id)
        except RefusedInput as told:
            assert "open in a window" in str(told), told  # noqa: PT017
    raise AssertionError("nobody has it open and it cannot be deleted")


def main(folder: Path) -> None:
    with closing(CaseStore(folder)) as store, closing(store.create(new_case("0"))) as case:
        case_id = case.document.id
    reading, writing = os.pipe()
    programs = []
    for _ in range(PROGRAMS):
        if (pid := os.fork()) == 0:
            try:
                _contend(folder, case_id, writing)
                status = 0
            except Exception as error:  # noqa: BLE001
                sys.stderr.write(f"{error!r}\n")
                status = 1
            os._exit(status)
        programs.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in programs] == [0] * PROGRAMS
    os.close(writing)
    with closing(CaseStore(folder)) as store, closing(store.open(case_id)) as case:
        assert len(store.summaries()) == 1
        print(case.document.title, sum(map(int, os.read(reading, 1000).split())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
