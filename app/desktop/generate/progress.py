"""How far the run is: its stages, one bar, the time so far and the time left, and the way to end it."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.desktop.generate.run import READING, SAVING
from app.desktop.parts.flow_layout import FlowLayout
from app.desktop.parts.job_clock import JobClock
from app.desktop.parts.labels import label, push_button, retone
from app.desktop.parts.words import duration_words
from engine.progress import Progress

_EVERY_MS = 250


class ProgressCard(QFrame):
    """cancelled: the planner wants the run to end."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._clock, self._ending = JobClock(0.0), False
        self._tick = QTimer(self)
        self._tick.setInterval(_EVERY_MS)
        self._tick.timeout.connect(self._show_times)
        self._words = self._stage_words()
        self.chips = {stage: label(words, "chip") for stage, words in self._words.items()}
        self.headline, self.times = label(role="heading"), label(role="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the generation"))
        self.cancel = push_button(self.tr("Cancel"), icon_name="cancel")
        self.cancel.setShortcut("Esc")
        self.cancel.setToolTip(self.tr("End the run within two seconds; nothing of it is kept (Esc)"))
        self.cancel.clicked.connect(self.cancelled)
        self._build()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.headline)
        top.addStretch(1)
        top.addWidget(self.times)
        top.addWidget(self.cancel)
        chips = QWidget()
        flow = FlowLayout(chips)
        for chip in self.chips.values():
            flow.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(chips)
        column.addStretch(1)

    def start(self, began: float) -> None:
        """A run begins. began: by time.monotonic()."""
        self._clock, self._ending = JobClock(began), False
        for stage, chip in self.chips.items():
            chip.setText(self._words[stage])
            retone(chip, "tone", "")
        self.cancel.setEnabled(True)
        self.headline.setText(self._words[READING])
        self._tick.start()
        self._show_times()

    def told(self, progress: Progress) -> None:
        """The run tells how far it is."""
        self._clock.told(progress)
        stages = list(self.chips)
        if progress.stage not in stages:
            return
        at = stages.index(progress.stage)
        for stage in stages[:at]:
            self._show_done(stage)
        self.headline.setText(self._words[progress.stage])
        self._show_now(progress)
        self._show_times()

    def show_ending(self) -> None:
        """The planner has cancelled, and the run has not ended yet."""
        self._ending = True
        self._disable_cancel()
        self.headline.setText(self.tr("Cancelling"))
        self._show_times()

    def show_saving(self) -> None:
        """The result is whole and is being kept."""
        self._disable_cancel()

    def stop(self) -> None:
        """The run has ended."""
        self._tick.stop()

    @property
    def has_keyboard(self) -> bool:
        """Whether the keyboard is here: on Cancel, or where Cancel was while it could be pressed."""
        return self.hasFocus() or self.cancel.hasFocus()

    def _disable_cancel(self) -> None:
        """The keyboard stays here; Qt would hand it to whatever comes next in the window."""
        if self.cancel.hasFocus():
            self.setFocus()
        self.cancel.setEnabled(False)

    def _show_now(self, progress: Progress) -> None:
        chip, words = self.chips[progress.stage], self._words[progress.stage]
        if progress.done == progress.total:
            self._show_done(progress.stage)
            return
        retone(chip, "tone", "accent")
        chip.setText(f"{words} {progress.done}/{progress.total}" if progress.total > 1 else words)

    def _show_done(self, stage: str) -> None:
        chip = self.chips[stage]
        chip.setText(f"✓ {self._words[stage]}")
        retone(chip, "tone", "success")

    def _show_times(self) -> None:
        now = self._clock.estimate(time.monotonic())
        self.bar.setValue(round(1000 * now.fraction))
        elapsed = duration_words(now.elapsed_s)
        if self._ending or now.remaining_s is None:
            self.times.setText(self.tr("{elapsed} so far").format(elapsed=elapsed))
        else:
            left = duration_words(now.remaining_s)
            self.times.setText(self.tr("{elapsed} so far, about {left} left").format(elapsed=elapsed, left=left))

    def _stage_words(self) -> dict[str, str]:
        return {
            READING: self.tr("Read films"),
            "model": self.tr("Load model"),
            "films": self.tr("Prepare films"),
            "encoding": self.tr("Encode films"),
            "sampling": self.tr("Form knee"),
            "surfaces": self.tr("Make bones"),
            "checks": self.tr("Check bones"),
            "files": self.tr("Write files"),
            SAVING: self.tr("Save case"),
        }
