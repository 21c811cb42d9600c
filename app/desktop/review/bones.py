"""The four bones as rows: shown or not, colour, name, opacity."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QGridLayout, QToolButton, QWidget

from app.desktop.knee.scene import BoneLook, Scene
from app.desktop.parts.anatomy_words import bone_name
from app.desktop.parts.labels import icon_button, label, name_button
from app.desktop.parts.panels import slider
from app.desktop.parts.swatch import swatch
from app.desktop.theme.bones import BONE_COLOURS
from app.desktop.theme.icons import icon
from engine.domain import Bone

_SWATCH = 16


class BoneRows(QWidget):
    """changed: a Bone and its new BoneLook."""

    changed = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks = {bone: BoneLook(BONE_COLOURS[bone]) for bone in Bone}
        self.eyes = {bone: icon_button("eye", self.tr("Show or hide")) for bone in Bone}
        self.swatches = {bone: QToolButton() for bone in Bone}
        self.opacities = {bone: slider(self._opacity_name(bone)) for bone in Bone}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(3, 1)
        for row, bone in enumerate(Bone):
            self._add(grid, row, bone)
            self._show(bone)

    def show_scene(self, scene: Scene, present: frozenset[Bone]) -> None:
        """Show a scene; bones that the knee lacks cannot be changed."""
        for bone, look in scene.bones.items():
            self._looks[bone] = look
            for part in (self.eyes[bone], self.swatches[bone], self.opacities[bone]):
                part.setEnabled(bone in present)
            self._show(bone)

    def choose_colour(self, bone: Bone) -> QColorDialog:
        """Ask for another colour."""
        dialog = QColorDialog(QColor(self._looks[bone].colour), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setWindowTitle(self.tr("Colour of the {0}").format(bone_name(bone).lower()))
        dialog.colorSelected.connect(lambda colour: self._change(bone, colour=colour.name()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _opacity_name(self, bone: Bone) -> str:
        return self.tr("Opacity of the {0}").format(bone_name(bone).lower())

    def _add(self, grid: QGridLayout, row: int, bone: Bone) -> None:
        eye, patch, opacity = self.eyes[bone], self.swatches[bone], self.opacities[bone]
        eye.setCheckable(True)
        eye.clicked.connect(lambda on: self._change(bone, visible=on))
        patch.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        patch.setIconSize(QSize(_SWATCH, _SWATCH))
        patch.clicked.connect(lambda: self.choose_colour(bone))
        name_button(patch, self.tr("Colour of the {0}").format(bone_name(bone).lower()))
        opacity.valueChanged.connect(lambda percent: self._change(bone, opacity=percent / 100))
        for column, part in enumerate((eye, patch, label(bone_name(bone)), opacity)):
            grid.addWidget(part, row, column)

    def _change(self, bone: Bone, **changes: object) -> None:
        look = replace(self._looks[bone], **changes)
        if look != self._looks[bone]:
            self._looks[bone] = look
            self._show(bone)
            self.changed.emit(bone, look)

    def _show(self, bone: Bone) -> None:
        look, eye, opacity = self._looks[bone], self.eyes[bone], self.opacities[bone]
        eye.setChecked(look.visible)
        eye.setIcon(icon("eye" if look.visible else "eye-off"))
        name = bone_name(bone).lower()
        name_button(eye, self.tr("Hide the {0}").format(name) if look.visible else self.tr("Show the {0}").format(name))
        self.swatches[bone].setIcon(swatch(look.colour, _SWATCH, 4, 1))
        opacity.blockSignals(True)
        opacity.setValue(round(look.opacity * 100))
        opacity.blockSignals(False)
