"""What the run will need, before it starts: device, memory against what is there, time, and what speaks against it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.desktop.parts.labels import label, retone
from app.desktop.parts.marks import Mark
from app.desktop.parts.words import duration_words, size_words
from app.jobs.forecast import BLOCKING, CPU, Basis, Concern, Forecast


class ForecastCard(QFrame):
    """Shows a Forecast in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.device, self.memory, self.seconds = label(wrap=True), label(wrap=True), label(wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Share of the memory that the run needs"))
        self._notices = QVBoxLayout()
        self.concerns: list[str] = []
        self._build()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        figures = (
            ("cpu", self.tr("Device"), self.device),
            ("memory", self.tr("Memory"), self.memory),
            ("clock", self.tr("Time"), self.seconds),
        )
        for column, (mark, name, words) in enumerate(figures):
            grid.addLayout(_heading(mark, name), 0, column)
            grid.addWidget(words, 1, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.bar, 2, 1)
        self._notices.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addWidget(label(self.tr("What this run needs"), "heading"))
        column.addLayout(grid)
        column.addLayout(self._notices)
        column.addStretch(1)

    def show_forecast(self, forecast: Forecast) -> None:
        """Show another forecast."""
        self.device.setText(self._device_words(forecast))
        self.memory.setText(self._memory_words(forecast))
        self.seconds.setText(self._time_words(forecast))
        there = forecast.available_bytes
        self.bar.setVisible(there is not None)
        self.bar.setRange(0, 1000)
        self.bar.setValue(min(1000, round(1000 * forecast.needed_bytes / max(1, there or 1))))
        self._show_concerns(forecast)

    def _show_concerns(self, forecast: Forecast) -> None:
        said = [self._concern_words(concern) for concern in forecast.concerns]
        if said == self.concerns:
            return
        self.concerns = said
        while (item := self._notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for concern, words in zip(forecast.concerns, said, strict=True):
            self._notices.addWidget(_notice(concern, words))

    def _device_words(self, forecast: Forecast) -> str:
        if not forecast.device:
            return self.tr("Asking the engine…")
        return self.tr("Processor") if forecast.device == CPU else forecast.device_name or self.tr("GPU")

    def _memory_words(self, forecast: Forecast) -> str:
        needed = size_words(forecast.needed_bytes)
        if forecast.needed_basis is not Basis.MEASURED:
            needed = self.tr("about {needed}").format(needed=needed)
        if forecast.available_bytes is None:
            return self.tr("{needed} needed").format(needed=needed)
        there = size_words(forecast.available_bytes)
        return self.tr("{needed} needed, {there} free").format(needed=needed, there=there)

    def _time_words(self, forecast: Forecast) -> str:
        if not forecast.device:
            return "…"
        if forecast.seconds is None:
            return self.tr("not known yet for this device")
        time = duration_words(forecast.seconds)
        if forecast.seconds_basis is Basis.THIS_MACHINE:
            return self.tr("about {time}, as the last run here").format(time=time)
        return self.tr("about {time} on two cores, less on more").format(time=time)

    def _concern_words(self, concern: Concern) -> str:
        return {
            Concern.MODEL_DAMAGED: self.tr("The model is damaged. Install it again, or choose another."),
            Concern.NO_SUCH_RESOLUTION: self.tr("The model does not make this resolution. Choose another."),
            Concern.GPU_MISSING: self.tr("This machine has no CUDA GPU. Choose Automatic or Processor."),
            Concern.NO_GPU: self.tr("This machine has no CUDA GPU: the network runs on the processor."),
            Concern.MEMORY_SHORT: self.tr("Memory is short: close other programs, or the run may be ended."),
            Concern.MEMORY_UNKNOWN: self.tr("The system does not tell how much memory is free."),
        }[concern]


def _heading(mark: str, name: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    row.addWidget(Mark(mark, "muted"))
    row.addWidget(label(name, "caption"), 1)
    return row


def _notice(concern: Concern, words: str) -> QFrame:
    """A note, a warning, or what keeps the run from starting, each with its mark and not by colour alone."""
    made = QFrame()
    made.setProperty("role", "notice")
    quiet = concern in (Concern.NO_GPU, Concern.MEMORY_UNKNOWN)
    tone = "" if quiet else "danger" if concern in BLOCKING else "warning"
    retone(made, "tone", tone)
    mark = {"": ("info", "accent"), "warning": ("warning", "warning"), "danger": ("error", "danger")}[tone]
    row = QHBoxLayout(made)
    row.setContentsMargins(10, 7, 10, 7)
    row.setSpacing(8)
    row.addWidget(Mark(*mark))
    row.addWidget(label(words, wrap=True), 1)
    return made
