"""The card with the bones' own sizes, what they mean, and what they cannot say."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.desktop.parts.anatomy_words import bone_name
from app.desktop.parts.labels import label
from app.desktop.parts.panels import card
from engine.domain import Bone, BoneMesh
from engine.quality.bone_dimensions import (
    FEMUR_END_MM,
    PUBLISHED_DEPTH_MM,
    PUBLISHED_SOURCE,
    PUBLISHED_WIDTH_MM,
    TIBIA_END_MM,
    BoneDimensions,
    bone_dimensions,
)


class DimensionsCard(QWidget):
    """Sizes of the four bones; empty until a knee is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = {(bone, column): _cell() for bone in Bone for column in range(4)}
        made, column = card(self.tr("Sizes of the bones"))
        column.addLayout(self._table())
        for words in (self._definitions(), self._published(), self._limits()):
            column.addWidget(label(words, "caption", wrap=True))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(made)

    def show_meshes(self, meshes: tuple[BoneMesh, ...]) -> None:
        """The sizes of these bones; dashes for the others."""
        for cell in self.cells.values():
            cell.setText("–")
        for mesh in meshes:
            for column, value in enumerate(_values(bone_dimensions(mesh))):
                self.cells[mesh.bone, column].setText(QLocale().toString(value, "f", 1))

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        heads = (self.tr("Width"), self.tr("Depth"), self.tr("Length"), self.tr("Volume"))
        for column, (head, unit) in enumerate(zip(heads, ("mm", "mm", "mm", "cm³"), strict=True), 1):
            words = label(f"{head}\n{unit}", "caption")
            words.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(words, 0, column)
            grid.setColumnStretch(column, 1)
        for row, bone in enumerate(Bone, 1):
            grid.addWidget(label(bone_name(bone)), row, 0)
            for column in range(4):
                grid.addWidget(self.cells[bone, column], row, column + 1)
        return grid

    def _definitions(self) -> str:
        return self.tr(
            "Width is medial to lateral, depth front to back, along the patient's axes as filmed: of the femur's lowest"
            " {0} mm, the tibia's highest {1} mm, the whole of the others. Length is what lies in the field of view."
        ).format(f"{FEMUR_END_MM:g}", f"{TIBIA_END_MM:g}")

    def _published(self) -> str:
        numbers = [f"{women:g} / {men:g}" for women, men in self._published_pairs()]
        return self.tr("Adults, women / men: femur width {0}, depth {1}, tibia width {2}, depth {3} mm ({4}).").format(
            *numbers, PUBLISHED_SOURCE
        )

    @staticmethod
    def _published_pairs() -> list[tuple[float, float]]:
        return [table[bone] for bone in (Bone.FEMUR, Bone.TIBIA) for table in (PUBLISHED_WIDTH_MM, PUBLISHED_DEPTH_MM)]

    def _limits(self) -> str:
        return self.tr(
            "No HKA, mLDFA or MPTA: hip and ankle lie outside the field of view. Bones carry no cartilage (about 2 mm)."
            " For research use."
        )


def _values(size: BoneDimensions) -> tuple[float, float, float, float]:
    return size.width_mm, size.depth_mm, size.length_mm, size.volume_mm3 / 1000


def _cell() -> QLabel:
    cell = label("–")
    cell.setAlignment(Qt.AlignmentFlag.AlignRight)
    return cell
