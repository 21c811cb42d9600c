"""How the model is run: quality, resolution, averaging, seed and device."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QGridLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from app.cases.document import GenerateRequest
from app.desktop.parts.labels import icon_button, label, line_up, push_button
from app.jobs.models import ModelEntry

STEPS = (1, 64)
SAMPLES = (1, 16)
LARGEST_SEED = 2**31 - 1
LATER_RESOLUTION = 512


class SettingsCard(QFrame):
    """changed: another request."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.steps = _spin(self.tr("Steps"), STEPS, GenerateRequest().steps)
        self.samples = _spin(self.tr("Knees averaged"), SAMPLES, 1)
        self.seed = _spin(self.tr("Seed"), (0, LARGEST_SEED), 0)
        self.resolution, self.device = QComboBox(), QComboBox()
        keep_narrow(self.resolution)
        self.qualities: dict[int, QWidget] = {}
        self._group = QButtonGroup(self)
        self._build()
        for spin in (self.steps, self.samples, self.seed):
            spin.valueChanged.connect(self._changed)
        self.device.currentIndexChanged.connect(self._changed)
        self._changed()

    def request(self, model: str) -> GenerateRequest:
        """What is set here, for a model."""
        return GenerateRequest(
            model=model,
            resolution=self.resolution.currentData() or 0,
            steps=self.steps.value(),
            seed=self.seed.value(),
            samples=self.samples.value(),
            device=self.device.currentData(),
        )

    def show_request(self, request: GenerateRequest) -> None:
        """Set everything as in a request."""
        self.steps.setValue(request.steps)
        self.seed.setValue(min(request.seed, LARGEST_SEED))
        self.samples.setValue(request.samples)
        self.device.setCurrentIndex(max(0, self.device.findData(request.device)))

    def offer_resolutions(self, model: ModelEntry | None) -> None:
        """What the model makes; the larger one is named, so that nobody looks for it."""
        self.resolution.clear()
        if model is not None and model.voxels:
            self.resolution.addItem(self.tr("{voxels}³").format(voxels=model.voxels[-1]), model.voxels[-1])
        self.resolution.addItem(self.tr("512³ · needs a super-resolution model"), LATER_RESOLUTION)
        offered = self.resolution.model()
        assert isinstance(offered, QStandardItemModel)
        offered.item(self.resolution.count() - 1).setEnabled(False)

    def _build(self) -> None:
        self.resolution.setAccessibleName(self.tr("Resolution"))
        self.device.setAccessibleName(self.tr("Device"))
        for words, wish in ((self.tr("Automatic"), "auto"), (self.tr("Processor"), "cpu"), (self.tr("GPU"), "cuda")):
            self.device.addItem(words, wish)
        self.device.setToolTip(self.tr("Automatic is the GPU where there is one"))
        self.samples.setToolTip(self.tr("Knees that fit the films, averaged: smoother and slower"))
        self.seed.setToolTip(self.tr("Which of the knees that fit the films; the same seed gives the same knee"))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        column.addWidget(label(self.tr("Settings"), "heading"))
        column.addLayout(self._quality_row())
        column.addLayout(self._fields())

    def _quality_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        mean = self.tr("The network once: the mean of the knees that fit the films, smooth, with the fewest errors")
        one = self.tr("The network {steps} times: one of the knees that fit the films, with a texture of its own")
        for steps, word, meaning in ((1, self.tr("Smooth"), mean), (4, self.tr("Textured"), one)):
            button = push_button(f"{word} {steps}")
            button.setCheckable(True)
            button.setToolTip(meaning.format(steps=steps))
            button.clicked.connect(lambda _=False, steps=steps: self.steps.setValue(steps))
            self._group.addButton(button)
            self.qualities[steps] = button
            row.addWidget(button, 1)
        return row

    def _fields(self) -> QGridLayout:
        self.another = icon_button("refresh", self.tr("Another seed"))
        self.another.clicked.connect(lambda: self.seed.setValue(secrets.randbelow(LARGEST_SEED)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("&Steps"), self.steps),
            (self.tr("&Resolution"), self.resolution),
            (self.tr("&Knees averaged"), self.samples),
            (self.tr("S&eed"), self.seed),
            (self.tr("&Device"), self.device),
        )
        for row, (words, field) in enumerate(rows):
            name = label(words, "muted")
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1, 1, 1 if field is self.seed else 2)
            if field is self.seed:
                grid.addWidget(self.another, row, 2, Qt.AlignmentFlag.AlignLeft)
        return grid

    def _changed(self) -> None:
        """Show which of the named qualities the steps are, if any."""
        self._group.setExclusive(False)
        for steps, button in self.qualities.items():
            button.setChecked(steps == self.steps.value())  # type: ignore[attr-defined]
        self._group.setExclusive(True)
        self.changed.emit()


def keep_narrow(combo: QComboBox) -> None:
    """Let a long entry be cut in the closed box rather than widen the page."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(8)


def _spin(name: str, span: tuple[int, int], value: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(*span)
    spin.setValue(value)
    spin.setAccessibleName(name)
    line_up(spin)
    return spin
