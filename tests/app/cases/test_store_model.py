"""A case against a model of a few lines, over any order of edits, openings, tidying and damage."""

import shutil
import tempfile
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.cases.document import FilmEntry, new_case
from app.cases.store import CaseStore


class StoreAsModel(RuleBasedStateMachine):
    """A case against a list of titles and a place in it."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="genu-model-"))
        self.store = CaseStore(self.folder)
        self.case = self.store.create(new_case(""))
        self.line, self.place = [("", ())], 0

    @rule(title=st.text(max_size=3), films=st.lists(st.binary(max_size=1), max_size=2))
    def save(self, title, films):
        wanted = (title, tuple(films))
        entries = tuple(FilmEntry(self.case.put(film), "name") for film in films)
        self.case.save(replace(self.case.document, title=title, films=entries), title)
        if wanted != self.line[self.place]:
            self.line = [*self.line[: self.place + 1], wanted]
            self.place += 1

    @rule()
    def undo(self):
        self.case.undo()
        self.place = max(self.place - 1, 0)

    @rule()
    def redo(self):
        self.case.redo()
        self.place = min(self.place + 1, len(self.line) - 1)

    @rule()
    def open_again(self):
        self.case.close()
        self.case = self.store.open(self.case.document.id)

    @rule()
    def collect_garbage(self):
        self.case.close()
        self.store.collect_garbage()
        self.case = self.store.open(self.case.document.id)

    @rule()
    def lose_the_index(self):
        self.store.close()
        for path in self.folder.glob("index.sqlite*"):
            path.unlink()
        self.store = CaseStore(self.folder)

    @precondition(lambda self: self.place > 0)
    @rule(data=st.data())
    def damage_case_json(self, data):
        """The line is told from the versions; the one shown is then the newest of all that were ever saved."""
        self.case.close()
        path = self.folder / "cases" / self.case.document.id / "case.json"
        whole = path.read_bytes()
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
        with closing(self.store.open(self.case.document.id)) as damaged:
            assert damaged.damage
        path.write_bytes(whole)
        self.case = self.store.open(self.case.document.id)

    @invariant()
    def the_case_is_as_the_model(self):
        title, films = self.line[self.place]
        assert self.case.document.title == title
        assert tuple(self.case.blob(film.blob) for film in self.case.document.films) == films
        assert self.case.undo_label == (title if self.place else None)
        redo = self.line[self.place + 1][0] if self.place + 1 < len(self.line) else None
        assert self.case.redo_label == redo
        (summary,) = self.store.summaries()
        assert (summary.title, summary.damage) == (title, "")

    def teardown(self):
        self.case.close()
        self.store.close()
        with suppress(OSError):
            shutil.rmtree(self.folder)


StoreAsModel.TestCase.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStoreAsModel = StoreAsModel.TestCase
