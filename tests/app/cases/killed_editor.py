"""A program that edits cases and is killed, again and again; and the look at what it left. Run by test_kill.

    python -m tests.app.cases.killed_editor FOLDER random KILLS SEED | calls

Each edit is told on a pipe before it is made ("will") and when it has returned ("did"). After the kill the case must
stand as the last edit that returned, or as the one under way. Prints how many kills fell where.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore, OpenCase
from engine.io import durable
from tests.app.cases.killing_calls import die_at_call

_ROUNDS_A_CASE = 25


class Editor:
    """The child: edits one case, makes, lists and deletes others, and says so."""

    def __init__(self, folder: Path, case_id: str, pipe: int, name: str) -> None:
        self.store, self._pipe, self._name = CaseStore(folder), pipe, name
        self.case = self.store.open(case_id)
        self.titles, self.place, self.others = [self.case.document.title], 0, []

    def say(self, *words: str) -> None:
        os.write(self._pipe, (" ".join(words) + "\n").encode())

    def save(self, count: int) -> None:
        title = f"{self._name}.{count}"
        self.say("will", title)
        film = FilmEntry(self.case.put(title.encode() * 500), "film.dcm")
        self.case.save(replace(self.case.document, title=title, films=(film,)), title)
        self.titles = [*self.titles[: self.place + 1], title]
        self.place += 1
        self.say("did", title)

    def move(self, steps: int) -> None:
        if 0 <= self.place + steps < len(self.titles):
            self.place += steps
            self.say("will", self.titles[self.place])
            self.case.undo() if steps < 0 else self.case.redo()
            self.say("did", self.titles[self.place])

    def back(self, _: int) -> None:
        self.move(-1)

    def other(self, count: int) -> None:
        document = new_case(f"other {count}")
        self.store.create(document).close()
        self.say("created", document.id)
        self.others.append(document.id)

    def tidy(self, count: int) -> None:
        self.store.collect_garbage()
        if self.others:
            doomed = self.others.pop()
            self.say("deleting", doomed)
            self.store.delete(doomed)
            self.say("deleted", doomed)

    def edit(self, turns: int | None) -> None:
        for count in itertools.count() if turns is None else range(turns):
            self.save(count)
            (self.save, self.back, self.other, self.back, self.tidy)[count % 5](count + 1000)
            self.move(+1) if count % 3 else self.save(count + 2000)
        self.case.close()
        self.store.close()


def _look(folder: Path, case_id: str, before: str, heard: list[list[str]]) -> str:
    """Assert that nothing accepted is lost; the title that stands."""
    sure, maybe, alive, dead = before, before, set(), set()
    for word, name in heard:
        if word == "will":
            maybe = name
        elif word == "did":
            sure = maybe = name
        elif word == "created":
            alive.add(name)
        else:
            alive.discard(name)
            dead |= {name} if word == "deleted" else set()
    with closing(CaseStore(folder)) as store, closing(store.open(case_id)) as case:
        assert not case.read_only, "the lock outlived its holder"
        title = case.document.title
        assert title in (sure, maybe), f"{title!r} stands; {sure!r} was accepted, {maybe!r} under way"
        _assert_whole(case)
        listed = {summary.id: summary for summary in store.summaries()}
        assert listed[case_id].title == title
        assert not [summary.damage for summary in listed.values() if summary.damage]
        assert alive <= listed.keys(), "a case that was created is gone"
        assert not dead & listed.keys(), "a case that was deleted is back"
        for other in alive:
            store.delete(other)
    return title


def _assert_whole(case: OpenCase) -> None:
    assert not case.damage
    shown = case.document
    for film in shown.films:
        assert case.blob(film.blob) == shown.title.encode() * 500
    if case.undo_label:
        case.undo()
        _ = [case.blob(film.blob) for film in case.document.films]
        case.redo()
    assert case.document == shown


def _fork(folder: Path, case_id: str, name: str, turns: int | None, calls: int | None) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        status = 1
        try:
            if calls is not None:
                die_at_call(calls, durable)
            Editor(folder, case_id, writing, name).edit(turns)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    return pid, reading


def _heard(reading: int) -> list[list[str]]:
    with os.fdopen(reading) as pipe:
        return [line.split() for line in pipe.read().splitlines()]


def _where(heard: list[list[str]]) -> str:
    return "before the first edit" if not heard else "under an edit" if heard[-1][0] == "will" else "between edits"


def _made(folder: Path) -> str:
    with closing(CaseStore(folder)) as store, closing(store.create(new_case("start"))) as case:
        return case.document.id


def killed_at_random(folder: Path, kills: int, seed: int) -> Counter[str]:
    """SIGKILL after a random time, `kills` times."""
    draw, fell, case_id, title = random.Random(seed), Counter(), "", ""
    for number in range(kills):
        if number % _ROUNDS_A_CASE == 0:
            case_id, title = _made(folder), "start"
        pid, reading = _fork(folder, case_id, str(number), None, None)
        time.sleep(draw.uniform(0.0, 0.12))
        os.kill(pid, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL, "the editor ended by itself"
        heard = _heard(reading)
        fell[_where(heard)] += 1
        title = _look(folder, case_id, title, heard)
    return fell


def killed_at_every_call(folder: Path) -> Counter[str]:
    """SIGKILL at the first call that touches the disk, at the second, and so on to the end of a short edit."""
    fell: Counter[str] = Counter()
    for call in itertools.count(1):
        case_id = _made(folder)
        pid, reading = _fork(folder, case_id, str(call), 5, call)
        status = os.waitpid(pid, 0)[1]
        heard = _heard(reading)
        fell[_where(heard)] += os.WIFSIGNALED(status)
        _look(folder, case_id, "start", heard)
        with closing(CaseStore(folder)) as store:
            store.delete(case_id)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "the editor failed"
            return fell
    raise AssertionError


if __name__ == "__main__":
    where = Path(sys.argv[1])
    found = killed_at_every_call(where) if sys.argv[2] == "calls" else killed_at_random(where, *map(int, sys.argv[3:]))
    print(dict(found))
