"""The card that sets the planes: window, slab, outlines."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from app.desktop.film.window_presets import Preset
from app.desktop.parts.length_box import LengthBox
from app.desktop.parts.panels import Choices, card, named_row
from app.desktop.planes.model import PlanesModel
from app.desktop.planes.reslice import SlabMode

_THICKEST_MM = 60.0


class PlanesCard(QWidget):
    """Shows what the model says and changes it."""

    def __init__(self, model: PlanesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.presets = Choices(self._preset_words(), self)
        self.thickness = LengthBox(self.tr("Slab thickness"), 1, _THICKEST_MM, 1.0)
        self.thickness.setSpecialValueText(self.tr("one layer"))
        self.mode = QComboBox()
        self.mode.setAccessibleName(self.tr("What a slab shows"))
        self.mode.addItem(self.tr("Mean"), SlabMode.MEAN)
        self.mode.addItem(self.tr("Maximum (MIP)"), SlabMode.MAXIMUM)
        self.outlines = QCheckBox(self.tr("Bone outlines"))
        self.outlines.setToolTip(self.tr("Where the plane cuts the bones' surfaces, as they are exported"))
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        made, column = card(self.tr("Planes"))
        column.addLayout(self.presets.flow())
        column.addLayout(named_row(self.tr("Slab"), self.thickness, self.mode))
        column.addWidget(self.outlines)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(made)

    def _preset_words(self) -> list[tuple[Preset, str, str]]:
        return [
            (Preset.BONE, self.tr("Bone"), self.tr("Bone window (1 in a plane)")),
            (Preset.SOFT_TISSUE, self.tr("Soft tissue"), self.tr("Soft tissue window (2 in a plane)")),
            (Preset.FULL, self.tr("Full"), self.tr("All HU (3 in a plane)")),
        ]

    def _connect(self) -> None:
        self.presets.chosen.connect(lambda preset: self._model.update(window=preset.value))
        self.thickness.valueChanged.connect(lambda mm: self._slab(thickness_mm=float(mm)))
        self.mode.currentIndexChanged.connect(lambda _index: self._slab(mode=self.mode.currentData()))
        self.outlines.toggled.connect(lambda on: self._model.update(outlines=on))
        self._model.changed.connect(self._show)

    def _slab(self, **changes: object) -> None:
        self._model.update(slab=replace(self._model.state.slab, **changes))

    def _show(self) -> None:
        state = self._model.state
        self.presets.show_value(next((preset for preset in Preset if preset.value == state.window), None))
        for part in (self.thickness, self.mode, self.outlines):
            part.blockSignals(True)
        self.thickness.setValue(state.slab.thickness_mm)
        self.mode.setCurrentIndex(self.mode.findData(state.slab.mode))
        self.mode.setEnabled(state.slab.thickness_mm > 0)
        self.outlines.setChecked(state.outlines)
        for part in (self.thickness, self.mode, self.outlines):
            part.blockSignals(False)
