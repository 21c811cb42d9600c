"""The draft of the Check step in the window: taken up from the case, edited, and accepted into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.cases.check_draft import CheckDraft, new_draft, swapped
from app.cases.check_needs import OpenItem, checked_of, open_items
from app.cases.document import CaseDocument, Checked, Step, basis_of
from app.cases.film_draft import with_view
from app.cases.films import apply_decisions, pair_of
from app.desktop.check.films import CheckFilms
from app.desktop.session import Session
from engine.domain import LateralBeam, RefusedInput, View
from engine.geometry.calibrate import calibrate

_ACCEPTED = "Check"  # what undo calls it


class CheckWork(QObject):
    """changed: the draft is another, or there is none any more."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.films = CheckFilms(session, self)
        self.films.changed.connect(self.take_up)
        self.draft: CheckDraft | None = None
        self._taken_from: tuple = ()

    @property
    def editable(self) -> bool:
        """Whether decisions can be made here and now."""
        return self.draft is not None and not self.session.read_only

    @property
    def items(self) -> tuple[OpenItem, ...]:
        """What is open."""
        return () if self.draft is None else open_items(self.draft)

    @property
    def accepted(self) -> bool:
        """Whether the case already holds the draft as it is."""
        document = self.session.document
        if self.draft is None or document is None or document.checked is None or self.items:
            return False
        return self._checked(self.draft, document) == document.checked

    def take_up(self) -> None:
        """Begin from the case as it is, unless the planner is at work on just this state of it."""
        document = self.session.document
        if document is None or len(document.films) < 2:
            self.draft, self._taken_from = None, ()
            self.films.load(())
        else:
            self.films.load(document.films)
            taken = (self.session.case, document.films, document.checked)
            if not self.films.whole:
                self.draft, self._taken_from = None, ()
            elif taken != self._taken_from:
                self._taken_from = taken
                self.draft = new_draft(self.films.radiographs, document.checked)
        self.changed.emit()

    def edit(self, do: Callable[[CheckDraft], CheckDraft]) -> None:
        """Change the draft; what cannot be is said and changes nothing."""
        if self.draft is None or not self.editable:
            return
        try:
            self.draft = do(self.draft)
        except RefusedInput as told:
            self.session.fail(str(told))
        self.changed.emit()

    def choose_view(self, place: View, view: View) -> None:
        """The planner's word on which view the film in a place is; it takes that place."""

        def said(draft: CheckDraft) -> CheckDraft:
            placed = draft if view is place else swapped(draft, self.films.radiographs)
            return placed.with_film(with_view(placed.film(view)))

        self.edit(said)

    def swap(self) -> None:
        """Each film into the other's place."""
        self.edit(lambda draft: swapped(draft, self.films.radiographs))

    def accept(self) -> None:
        """Save what is settled, and go on."""
        document = self.session.document
        if self.draft is None or document is None or self.items:
            return
        checked = self._checked(self.draft, document)
        if checked == document.checked or self._saved(document, checked):
            self.session.want(Step.GENERATE)

    def _checked(self, draft: CheckDraft, document: CaseDocument) -> Checked:
        return checked_of(draft, basis_of(document, Step.CHECK))

    def _saved(self, document: CaseDocument, checked: Checked) -> bool:
        try:
            self._try_out(checked)
        except RefusedInput as told:
            self.session.fail(str(told))
            return False
        return self.session.accept(replace(document, checked=checked), _ACCEPTED)

    def _try_out(self, checked: Checked) -> None:
        """Raises RefusedInput where the engine would refuse these films later; pixels do not matter to that."""
        films, speck = self.films.radiographs, np.zeros((2, 2), np.float32)
        ap, lateral = (
            apply_decisions(replace(films[film.blob], pixels=speck), film, checked.side)
            for film in (checked.ap, checked.lateral)
        )
        calibrate(pair_of(ap, lateral), LateralBeam(checked.beam.value))
