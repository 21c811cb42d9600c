"""The Check step: both films side by side, and nothing goes on until side, view and scale are settled by somebody."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.cases.check_draft import with_beam, with_confirmed, with_side
from app.cases.check_needs import Need, OpenItem
from app.cases.document import Step
from app.cases.film_draft import (
    SETTLING,
    FilmDraft,
    Scale,
    mirrored,
    turned,
    with_column_spacing,
    with_columns,
    with_scale,
    with_sid,
    with_sod,
)
from app.desktop.check.calibration import Known
from app.desktop.check.film_panel import FilmPanel
from app.desktop.check.film_settings import FilmSettings
from app.desktop.check.knee import KneeCard
from app.desktop.check.open_items import CheckList
from app.desktop.check.parts import CardScroll
from app.desktop.check.work import CheckWork
from app.desktop.film.tools import Circle, Line, Shape
from app.desktop.page import Page
from app.desktop.parts.labels import label, push_button
from app.desktop.session import Session
from engine.domain import Side, View

# What a drawing starts as; only its kind matters.
_KINDS: dict[Known, Shape] = {Known.BALL: Circle((0.0, 0.0), 1.0), Known.LENGTH: Line((0.0, 0.0), (1.0, 0.0))}
_PANEL_SIGNS = 38, 46  # narrowest and widest panel, in signs


class CheckPage(Page):
    """Films to the left, numbers and what is open to the right."""

    step = Step.CHECK

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.work = CheckWork(session, self)
        self.panels = {view: FilmPanel(view) for view in View}
        self.settings = {view: FilmSettings(view) for view in View}
        self.knee, self.open = KneeCard(), CheckList()
        self.swap = push_button(self.tr("Swap films"), "quiet", "refresh")
        self.swap.setToolTip(self.tr("Each film into the other's place"))
        self._build()
        self._connect()
        self._show()

    # Building -----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Check the films"), "title"))
        head.addStretch()
        head.addWidget(self.swap)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(8)
        for panel in self.panels.values():
            self._pair.addWidget(panel, 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(head)
        left.addLayout(self._pair, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self._side())

    def _side(self) -> QWidget:
        self._cards = cards = QWidget()
        cards.setObjectName("page")
        column = QVBoxLayout(cards)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        for card in (self.knee, *self.settings.values()):
            column.addWidget(card)
        column.addStretch()
        self._scroll = CardScroll(cards)
        self._panel = QWidget()
        whole = QVBoxLayout(self._panel)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.open)
        return self._panel

    def _connect(self) -> None:
        work = self.work
        work.changed.connect(self._show)
        self.swap.clicked.connect(work.swap)
        self.knee.side_chosen.connect(self._choose_side)
        self.knee.beam_chosen.connect(lambda beam: work.edit(lambda draft: with_beam(draft, beam)))
        self.open.chosen.connect(self._settle)
        self.open.accepted.connect(self._go_on)
        for view in View:
            self._connect_panel(view, self.panels[view])
            self._connect_settings(view, self.settings[view])

    def _connect_panel(self, view: View, panel: FilmPanel) -> None:
        panel.turn.connect(self._change(view, turned))
        panel.mirror.connect(self._change(view, mirrored))
        panel.columns_chosen.connect(self._change(view, with_columns))
        panel.side_chosen.connect(self._choose_side)
        panel.view_chosen.connect(lambda chosen: self.work.choose_view(view, chosen))
        panel.measure.connect(lambda known: self._measure(view, known))
        panel.view.shape_changed.connect(panel.form.show_shape)
        panel.view.cancelled.connect(lambda: self._end_measuring(view))
        panel.form.accepted.connect(lambda scale: self._take_scale(view, scale))
        panel.form.cancelled.connect(lambda: self._end_measuring(view))

    def _connect_settings(self, view: View, settings: FilmSettings) -> None:
        settings.spacing_entered.connect(self._change(view, with_column_spacing))
        settings.sid_entered.connect(self._change(view, with_sid))
        settings.sod_entered.connect(self._change(view, with_sod))
        settings.measure.connect(lambda known: self._measure(view, known))

    def _change(self, view: View, do: Callable[..., FilmDraft]) -> Callable[..., None]:
        """A slot that does something to the film in a place."""
        return lambda *given: self.work.edit(lambda draft: draft.with_film(do(draft.film(view), *given)))

    # What the window calls ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the case as it is now."""
        self.work.take_up()

    # What the planner does ----------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """The button below the list: accept, or what leads to films that can be accepted."""
        document = self.session.document
        if document is None or len(document.films) < 2:
            self.session.want(Step.IMPORT)
        elif self.work.draft is None:
            self.work.films.read_again()
        else:
            self.work.accept()

    def _choose_side(self, side: Side) -> None:
        self.work.edit(lambda draft: with_side(draft, side))

    def _settle(self, item: OpenItem) -> None:
        """To the control that settles an open item, or its plain confirmation."""
        if item.by_confirmation:
            self.work.edit(lambda draft: with_confirmed(draft, item.record))
        elif item.need is Need.PAIR:
            self.session.want(Step.IMPORT)
        elif item.place is None:
            self._lead_to(self.knee.sides[Side.RIGHT])
        elif item.need is Need.SCALE:
            self._lead_to(self.settings[item.place].spacing.box)
        elif item.need is Need.DISTANCES:
            self._lead_to(self.settings[item.place].sid.box)
        else:
            self._lead_to_image(item.need, self.panels[item.place])

    def _lead_to(self, control: QWidget) -> None:
        self._scroll.ensureWidgetVisible(control)
        control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lead_to_image(self, need: Need, panel: FilmPanel) -> None:
        draft = self.work.draft
        if need is Need.ORIENTATION and draft is not None and draft.film(panel.place).bottom != "F":
            panel.turn_right.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        chip = panel.view_chip if need is Need.VIEW else panel.edges_chip
        chip.setFocus(Qt.FocusReason.OtherFocusReason)
        chip.open_choices()

    def _measure(self, view: View, known: Known) -> None:
        if self.work.draft is None or not self.work.editable:
            return
        panel = self.panels[view]
        form = panel.form
        form.start(self.work.draft.film(view), known)
        form.show()
        panel.view.start_drawing(_KINDS[known], form.how_to_draw())
        panel.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_measuring(self, view: View) -> None:
        self.panels[view].view.show_shape(None)
        self.panels[view].form.hide()

    def _take_scale(self, view: View, scale: Scale) -> None:
        self._end_measuring(view)
        self.work.edit(lambda draft: draft.with_film(with_scale(draft.film(view), scale)))

    # Showing ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        draft, editable = self.work.draft, self.work.editable
        self.swap.setEnabled(editable)
        self.knee.enable(editable)
        for settings in self.settings.values():
            settings.enable(editable)
        if draft is None:
            self._show_waiting()
            return
        self.knee.show_draft(draft)
        side_settled = draft.side is not None and draft.side.source in SETTLING
        for view in View:
            film = draft.film(view)
            self.panels[view].show_draft(film, draft.side, side_settled, self.work.films.image(film.blob))
            self.panels[view].enable(editable)
            self.settings[view].show_draft(film)
            self._show_measuring(film)
        self.open.show_open(self.work.items, draft, self.work.accepted, editable)

    def _show_measuring(self, film: FilmDraft) -> None:
        """The film may hang another way, or be another one."""
        form, view = self.panels[film.place].form, self.panels[film.place].view
        form.setVisible(view.measuring)
        form.show_film(film)
        form.show_shape(view.shape_drawn)

    def _show_waiting(self) -> None:
        """No draft: films are missing, being read, or unreadable."""
        document = self.session.document
        entries = () if document is None else document.films
        for number, panel in enumerate(self.panels.values()):
            self._end_measuring(panel.place)
            panel.show_message(
                self._waiting_for(entries[number].blob, entries[number].name) if number < len(entries) else ""
            )
        if len(entries) < 2:
            self.open.show_nothing(self.tr("Two films are needed"), self.tr("Import films"))
        elif any(self.work.films.refusal(entry.blob) for entry in entries):
            self.open.show_nothing(self.tr("A film cannot be read"), self.tr("Read again"))
        else:
            self.open.show_nothing(self.tr("Reading the films…"))

    def _waiting_for(self, blob: str, name: str) -> str:
        return self.work.films.refusal(blob) or self.tr("Reading {0}…").format(name)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt: the films stand as they are larger, side by side or one above the other."""
        super().resizeEvent(event)
        sign = self.fontMetrics().averageCharWidth()
        least = self._cards.minimumSizeHint().width() + self._scroll.verticalScrollBar().sizeHint().width()
        panel = max(least, min(max(round(self.width() * 0.27), _PANEL_SIGNS[0] * sign), _PANEL_SIGNS[1] * sign))
        self._panel.setFixedWidth(panel)
        wide, high = self.width() - panel - 52, self.height() - 60
        tight = wide < 2 * self.panels[View.LATERAL].sizeHint().width()
        stacked = min(wide, high / 2) > (1.0 if tight else 1.15) * min(wide / 2, high)
        ways = QBoxLayout.Direction
        self._pair.setDirection(ways.TopToBottom if stacked else ways.LeftToRight)
        self.open.set_tallest(round(self.height() * 0.28))
