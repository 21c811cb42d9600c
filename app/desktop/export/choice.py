"""The form of the Export page: which bones, which formats, what goes beside them, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QSize, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desktop.export.words import format_purpose, frame_chip, frame_sentence, unit_name
from app.desktop.parts.anatomy_words import bone_name, side_name
from app.desktop.parts.file_dialogs import ask_for_folder
from app.desktop.parts.flow_layout import FlowLayout
from app.desktop.parts.labels import frame, label, push_button, retone
from app.desktop.parts.swatch import swatch
from app.desktop.parts.words import plain_tooltip
from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import Bone, Side
from export.formats import FORMATS

_SWATCH = 12


class ExportChoice(QWidget):
    """changed: something else is chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bones = {
            bone: self._tick(bone_name(bone), swatch(BONE_COLOURS[bone], _SWATCH, _SWATCH / 2)) for bone in Bone
        }
        self.formats = {name: self._tick(name.upper()) for name in FORMATS}
        self.report = self._tick(self.tr("PDF report"))
        self.films = self._tick(self.tr("Films in it, with outlines of the bones"))
        self.picture = self._tick(self.tr("Picture of the 3-D view"))
        self._chips: dict[str, list] = {name: [] for name in FORMATS}
        for box in (*self.bones.values(), self.formats["stl"], self.report, self.films):
            box.setChecked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        for card in (self._bone_card(), self._format_card(), self._paper_card(), self._folder_card()):
            column.addWidget(card)
        column.addStretch()
        self.report.toggled.connect(self.films.setEnabled)

    # What is chosen -------------------------------------------------------------------------------------------------

    def chosen_bones(self) -> tuple[Bone, ...]:
        """The ticked bones that there are."""
        return tuple(bone for bone, box in self.bones.items() if box.isEnabled() and box.isChecked())

    def chosen_formats(self) -> tuple[str, ...]:
        """The ticked formats."""
        return tuple(name for name, box in self.formats.items() if box.isChecked())

    def chosen_folder(self) -> Path | None:
        """Where to; None where it is no whole path."""
        text = self.folder.text().strip()
        path = Path(text).expanduser() if text else Path()
        return path if path.is_absolute() else None

    # What can be chosen ---------------------------------------------------------------------------------------------

    def show_knee(self, bones: Sequence[Bone], side: Side) -> None:
        """The bones that there are, and their side beside every format."""
        for bone, box in self.bones.items():
            box.setEnabled(bone in bones)
        for name, chips in self._chips.items():
            form, words = FORMATS[name], side_name(side)
            for chip, text in zip(chips, (form.unit, frame_chip(name), words), strict=True):
                chip.setText(text)
            spoken = self.tr("{format}, {unit}, {frame}, {side} knee").format(
                format=name.upper(), unit=unit_name(form.unit), frame=frame_sentence(name), side=words
            )
            self.formats[name].setAccessibleName(spoken)
            self.formats[name].setToolTip(plain_tooltip(spoken))

    def show_folder_name(self, name: str) -> None:
        """What the new folder will be called."""
        words = self.tr("A new folder {name} is made in it. Nothing that is there already is touched.")
        self._folder_note.setText(words.format(name=name))

    def show_picture_choice(self, possible: bool) -> None:
        """Whether there is a 3-D view to take a picture of."""
        self.picture.setEnabled(possible)
        self.picture.setToolTip("" if possible else self.tr("There is no 3-D view to take a picture of"))

    def show_folder(self, folder: str) -> None:
        """Propose a folder."""
        self.folder.setText(QDir.toNativeSeparators(folder))

    # How it is built ------------------------------------------------------------------------------------------------

    def _tick(self, text: str, patch: QPixmap | None = None) -> QCheckBox:
        box = QCheckBox(text)
        box.setAccessibleName(text)
        if patch is not None:
            box.setIcon(patch)
            box.setIconSize(QSize(_SWATCH, _SWATCH))
        box.toggled.connect(self.changed)
        return box

    def _bone_card(self) -> QWidget:
        card, column = _card(self.tr("Bones"))
        flow = FlowLayout(spacing=14)
        for box in self.bones.values():
            flow.addWidget(box)
        column.addLayout(flow)
        return card

    def _format_card(self) -> QWidget:
        card, column = _card(self.tr("Formats"))
        for name, box in self.formats.items():
            self._chips[name] = [label("", "chip") for _ in range(3)]
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(box)
            row.addWidget(label(format_purpose(name), "caption", wrap=True), 1)
            for chip in self._chips[name]:
                row.addWidget(chip)
            column.addLayout(row)
        return card

    def _paper_card(self) -> QWidget:
        card, column = _card(self.tr("Beside the bones"))
        flow = FlowLayout(spacing=14)
        for box in (self.report, self.films):
            flow.addWidget(box)
        column.addLayout(flow)
        words = self.tr("Names that are burnt into a film's pixels are not removed; look at the films first.")
        column.addWidget(label(words, "caption", wrap=True))
        column.addWidget(self.picture)
        return card

    def _folder_card(self) -> QWidget:
        card, column = _card(self.tr("Folder"))
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Folder to export into"))
        self.folder.textChanged.connect(self._folder_typed)
        self.choose_button = push_button(self.tr("Choose…"), icon_name="folder-open")
        self.choose_button.setToolTip(self.tr("Choose the folder to export into"))
        self.choose_button.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose_button)
        self._folder_note = label("", "caption", wrap=True)
        column.addLayout(row)
        column.addWidget(self._folder_note)
        return card

    def _folder_typed(self) -> None:
        retone(self.folder, "invalid", self.chosen_folder() is None)
        self.changed.emit()

    def _choose(self) -> None:
        ask_for_folder(self, self.tr("Export into"), self.folder.text(), lambda found: self.show_folder(str(found)))


def _card(heading: str) -> tuple[QWidget, QVBoxLayout]:
    card = frame("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(14, 10, 14, 12)
    column.setSpacing(6)
    column.addWidget(label(heading, "heading"))
    return card, column
