"""The bar of the running job, at the bottom of the window: device, memory, stage, percentage, time left, Cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from app.desktop.parts.job_clock import JobClock
from app.desktop.parts.labels import label, push_button, steady
from app.desktop.parts.marks import Mark
from app.desktop.parts.words import duration_words
from engine.progress import Progress

_EVERY_MS = 500


class JobBar(QFrame):
    """Hidden while nothing runs. cancelled: the planner wants the job to end."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "footer")
        self.setObjectName("jobBar")
        self.setAccessibleName(self.tr("Running job"))
        self._clock = JobClock(0.0)
        self._tick = QTimer(self)
        self._tick.setInterval(_EVERY_MS)
        self._tick.timeout.connect(self._show_estimate)
        self._build()
        self.hide()

    def _build(self) -> None:
        self.device, self.memory = label(role="caption"), label(role="caption")
        self.stage, self.percent, self.left = label(), steady(label()), steady(label(role="muted"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the job"))
        self.cancel = push_button(self.tr("Cancel"), icon_name="cancel")
        self.cancel.setToolTip(self.tr("End the job within two seconds; nothing of it is kept"))
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(10)
        row.addWidget(Mark("cpu", "muted"))
        row.addWidget(self.device)
        row.addWidget(self.memory)
        row.addSpacing(8)
        row.addWidget(self.stage)
        row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        for part in (self.percent, self.left, self.cancel):
            row.addWidget(part)

    def start(self, device: str, memory: str) -> None:
        """A job begins: on which device, with how much memory, in words."""
        self._clock = JobClock(time.monotonic())
        self.device.setText(device)
        self.show_memory(memory)
        self.cancel.setEnabled(True)
        self.cancel.setText(self.tr("Cancel"))
        self._tick.start()
        self._show_estimate()
        self.show()

    def show_memory(self, memory: str) -> None:
        """How much memory the job takes by now, in words."""
        self.memory.setText(memory)
        self.memory.setVisible(bool(memory))

    def told(self, progress: Progress) -> None:
        """The job tells how far it is."""
        self._clock.told(progress)
        self._show_estimate()

    def stop(self) -> None:
        """The job has ended, however."""
        self._tick.stop()
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel.setText(self.tr("Cancelling…"))
        self.cancelled.emit()

    def _show_estimate(self) -> None:
        now = self._clock.estimate(time.monotonic())
        self.stage.setText(self._stage_words(now.stage))
        self.bar.setValue(round(now.fraction * 1000))
        self.percent.setText(self.tr("{percent} %").format(percent=int(now.fraction * 100)))
        elapsed = duration_words(now.elapsed_s)
        if now.remaining_s is None:
            self.left.setText(self.tr("{elapsed} so far").format(elapsed=elapsed))
        else:
            self.left.setText(self.tr("about {left} left").format(left=duration_words(now.remaining_s)))

    def _stage_words(self, stage: str) -> str:
        known = {
            "": self.tr("Starting the engine"),
            "model": self.tr("Loading the model"),
            "films": self.tr("Preparing the films"),
            "encoding": self.tr("Reading the films"),
            "sampling": self.tr("Forming the knee"),
            "surfaces": self.tr("Making the bones"),
            "checks": self.tr("Checking the bones"),
            "files": self.tr("Writing the result"),
        }
        return known.get(stage, stage)
