"""Generate: a model and how to run it, what that needs, and the knee as it forms."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.cases.document import GenerateRequest, Step, StepState, reachable, step_state
from app.desktop.engine_bridge import EngineBridge
from app.desktop.generate.forecast import ForecastCard
from app.desktop.generate.level_previews import LevelPreviews
from app.desktop.generate.model import ModelCard
from app.desktop.generate.progress import ProgressCard
from app.desktop.generate.run import GenerateRun, RunState
from app.desktop.generate.settings import SettingsCard
from app.desktop.page import Page
from app.desktop.parts.elided_label import ElidedLabel
from app.desktop.parts.labels import label, push_button, retone
from app.desktop.session import Session
from app.jobs.forecast import Forecast, forecast
from app.jobs.memory import available_bytes
from engine.progress import Progress

_COLUMN_LETTERS = 42  # width of the settings, in letters of the type in use


class GeneratePage(Page):
    """defaults: what a new generation begins with, from the preferences."""

    step: ClassVar[Step] = Step.GENERATE

    def __init__(
        self,
        session: Session,
        bridge: EngineBridge,
        parent: QWidget | None = None,
        defaults: GenerateRequest | None = None,
    ) -> None:
        super().__init__(session, parent)
        self._bridge, self._defaults, self._case_shown = bridge, defaults or GenerateRequest(), ""
        self.run = GenerateRun(session, bridge, self)
        self.model, self.settings, self.forecast = ModelCard(), SettingsCard(), ForecastCard()
        self.previews, self.progress = LevelPreviews(), ProgressCard()
        self.state, self.hint = label(role="chip"), label(role="muted", wrap=True)
        self.made = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self.below = QStackedWidget()  # before and during a run, of one height, so that nothing jumps
        self.generate = push_button(self.tr("Generate"), "primary", "sparkle")
        self.review = push_button(self.tr("Go to review"), "quiet", "arrow-right")
        self.check = push_button(self.tr("Go to check"), "quiet", "arrow-left")
        self._build()
        self._connect()
        self._show_model()
        self._show_state()

    def refresh(self) -> None:
        """Show the case as it is now, and have the engine warm before it is needed."""
        document = self.session.document
        if document is not None and document.id != self._case_shown:
            self._case_shown = document.id
            self.previews.expect(self._levels())
            self._show_request(document.generated.request if document.generated else self._defaults)
        if document is not None and not self.run.busy:
            self._bridge.prepare()
        self._show_forecast()
        self._show_state()

    @property
    def unfinished(self) -> str:
        """A run that is on its way, from reading the films to saving the knee."""
        return self.tr("A knee is being generated.") if self.run.busy else ""

    def show_defaults(self, defaults: GenerateRequest) -> None:
        """Other preferences: what the planner has not set otherwise follows them, unless a knee stands or forms."""
        before, self._defaults = self._defaults, defaults
        document, chosen = self.session.document, self.request()
        follows = (chosen.model, chosen.steps, chosen.device) == (before.model, before.steps, before.device)
        if follows and not self.run.busy and (document is None or document.generated is None):
            self._show_request(replace(defaults, seed=chosen.seed, samples=chosen.samples))

    def close_page(self) -> None:
        """End what runs; the engine is the program's and stays."""
        self.run.close()
        self.progress.stop()
        self.model.close_card()

    def start(self) -> None:
        """Generate, where that may be."""
        if self.generate.isEnabled():
            self.previews.expect(self._levels(), self.run.side_of_case)
            self.run.start(self.request())

    def request(self) -> GenerateRequest:
        """What is chosen on the page."""
        entry = self.model.entry
        return self.settings.request(entry.key if entry else "")

    def _build(self) -> None:
        column = QWidget()
        cards = QVBoxLayout(column)
        cards.setContentsMargins(0, 0, 8, 0)
        cards.setSpacing(12)
        cards.addWidget(self.model)
        cards.addWidget(self.settings)
        cards.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(column)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = scroll.verticalScrollBar().sizeHint().width()
        needed = column.minimumSizeHint().width() + bar
        scroll.setMinimumWidth(max(needed, self.fontMetrics().averageCharWidth() * _COLUMN_LETTERS))
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(scroll, 1)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, 8, 0)  # as wide as the cards
        below.setSpacing(10)
        below.addWidget(self.hint)
        below.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self.generate)
        left.addLayout(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 20, 16)
        row.setSpacing(16)
        row.addLayout(left, 2)
        row.addLayout(self._right(), 5)

    def _right(self) -> QVBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(label(self.tr("The knee as it forms"), "title"))
        top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.made, 1)
        top.addWidget(self.review)
        kept = self.review.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # or everything below would move
        self.review.setSizePolicy(kept)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addLayout(top)
        right.addWidget(self.previews, 1)
        for card in (self.forecast, self.progress):
            self.below.addWidget(card)
        self.below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        right.addWidget(self.below)
        return right

    def _connect(self) -> None:
        self.model.chosen.connect(self._show_model)
        self.model.refused.connect(self.session.fail)
        self.settings.changed.connect(self._show_forecast)
        self.generate.clicked.connect(self.start)
        self.generate.setToolTip(self.tr("Generate the knee (Ctrl+Return)"))
        for keys in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(Qt.Modifier.CTRL | keys), self)
            shortcut.activated.connect(self.start)
        self.review.clicked.connect(lambda: self.session.want(Step.REVIEW))
        self.check.clicked.connect(lambda: self.session.want(Step.CHECK))
        self.progress.cancelled.connect(self.run.cancel)
        self.run.changed.connect(self._show_run)
        self.run.told.connect(self._told)
        self._bridge.ready.connect(self._show_forecast)
        self._bridge.preview.connect(self.previews.show_preview)

    def _told(self, progress: Progress) -> None:
        self.progress.told(progress)

    def _show_request(self, request: GenerateRequest) -> None:
        self.model.choose(request.model)
        self.settings.show_request(request)

    def _levels(self) -> tuple[int, ...]:
        entry = self.model.entry
        return entry.voxels[-3:] if entry is not None else ()

    def _show_model(self) -> None:
        self.settings.offer_resolutions(self.model.entry)
        if not self.run.busy and self._levels():
            self.previews.expect(self._levels())
        self._show_forecast()

    def _forecast(self) -> Forecast | None:
        entry = self.model.entry
        if entry is None:
            return None
        return forecast(self.request(), entry, self._bridge.machine, available_bytes(), self.run.paces)

    def _show_forecast(self) -> None:
        expected = self._forecast()
        if expected is not None:
            self.forecast.show_forecast(expected)
        self._show_state()

    def _show_run(self) -> None:
        """The run has entered another state."""
        match self.run.state:
            case RunState.READING:
                self.progress.start(self.run.began)
            case RunState.CANCELLING:
                self.progress.show_ending()
            case RunState.SAVING:
                self.progress.show_saving()
            case RunState.IDLE:
                self.progress.stop()
        self._show_forecast()

    def _show_state(self) -> None:
        """What may be pressed now, and why not what may not."""
        reason, busy = self._reason(), self.run.busy
        at_generate, at_cancel = self.generate.hasFocus(), self.progress.has_keyboard
        self.generate.setEnabled(not reason and not busy)
        self.hint.setText(reason)
        self.hint.setVisible(bool(reason) and not busy)
        document = self.session.document
        self.check.setVisible(document is not None and not reachable(document, Step.GENERATE))
        for card in (self.model, self.settings):
            card.setEnabled(not busy)
        self.below.setCurrentWidget(self.progress if busy else self.forecast)
        self._show_made()
        if busy and at_generate:  # a button that may not be pressed any more cannot keep the keyboard
            self.progress.cancel.setFocus()
        elif not busy and at_cancel:
            (self.review if self.review.isVisible() else self.generate).setFocus()

    def _reason(self) -> str:
        """Why no knee can be generated now; empty where it can."""
        document, expected = self.session.document, self._forecast()
        if document is None:
            return self.tr("Open a case, or import two films, to generate a knee.")
        if self.session.read_only:
            return self.tr("This case is open in another window and can only be looked at here.")
        if not reachable(document, Step.GENERATE):
            return self.tr("Side, view and scale of both films must be settled on the Check page first.")
        if expected is None:
            return self.tr("No model is at hand. Install one from a file.")
        return "" if expected.possible else self.tr("This cannot run as chosen; see what this run needs.")

    def _show_made(self) -> None:
        """What the case has already."""
        document = self.session.document
        entry = None if document is None else document.generated
        for part in (self.state, self.review):
            part.setVisible(entry is not None and not self.run.busy)
        self.generate.setText(self.tr("Generate again") if entry is not None else self.tr("Generate"))
        if document is None or entry is None:
            self.made.show_text(
                "" if self.run.busy else self.tr("Three levels of the network, shown after every step.")
            )
            return
        stale = step_state(document, Step.GENERATE) is StepState.STALE
        self.state.setText(self.tr("Stale") if stale else self.tr("Done"))
        retone(self.state, "tone", "warning" if stale else "success")
        request = entry.request
        words = self.tr("{model}, {steps} steps, seed {seed}")
        self.made.show_text(words.format(model=request.model, steps=request.steps, seed=request.seed))
