"""The preferences. Each takes effect as it is changed; where it cannot, a sentence says when."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from app.desktop.language import LANGUAGES
from app.desktop.parts.dialogs import Dialog
from app.desktop.parts.file_dialogs import ask_for_folder
from app.desktop.parts.labels import label, line_up, push_button
from app.desktop.preferences import DEVICES, STEPS_RANGE, TEXT_SCALES, PreferenceFile
from app.desktop.theme.current import ThemeChoice
from app.jobs.models import models_at_hand


class PreferencesDialog(Dialog):
    """Changes the file as it goes. language: the planner wants another, by its code."""

    language = Signal(str)

    def __init__(self, preferences: PreferenceFile, cases: Path, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("PreferencesDialog", "Preferences"), parent)
        self._file, self._cases = preferences, cases
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.body.addLayout(self._form)
        self._heading(self.tr("Appearance"))
        self._appearance()
        self._heading(self.tr("Cases"))
        self._case_folder()
        self._heading(self.tr("A new generation begins with"))
        self._generation()
        self.body.addStretch()
        self.add_close(self.tr("Close"))
        self.resize(self.fontMetrics().averageCharWidth() * 78, 0)

    def _appearance(self) -> None:
        value = self._file.value
        themes = {
            ThemeChoice.SYSTEM: self.tr("As the system"),
            ThemeChoice.LIGHT: self.tr("Light"),
            ThemeChoice.DARK: self.tr("Dark"),
        }
        self.theme = self._choice(self.tr("Theme"), themes, value.theme)
        self.theme.activated.connect(lambda: self._file.change(theme=self.theme.currentData()))
        scales = {scale: self.tr("{percent} %").format(percent=round(scale * 100)) for scale in TEXT_SCALES}
        self.scale = self._choice(self.tr("Size of text"), scales, value.text_scale)
        self.scale.activated.connect(lambda: self._file.change(text_scale=self.scale.currentData()))
        self.spoken = self._choice(self.tr("Language"), {"": self.tr("As the system")} | LANGUAGES, value.language)
        self.spoken.activated.connect(lambda: self.language.emit(self.spoken.currentData()))

    def _case_folder(self) -> None:
        self.folder = QLineEdit(self._file.value.case_folder or str(self._cases))
        self.folder.setReadOnly(True)
        self.folder.setCursorPosition(0)
        self.folder.setAccessibleName(self.tr("Folder of the cases"))
        change = push_button(self.tr("Change…"))
        change.setAccessibleName(self.tr("Change the folder of the cases"))
        change.clicked.connect(self._choose_folder)
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(change)
        self._add(self.tr("Folder"), place)
        self.later = label(
            self.tr("Another folder is used from the next start on. Cases are not moved."), "caption", wrap=True
        )
        self._form.addRow(QWidget(), self.later)

    def _generation(self) -> None:
        value = self._file.value
        models = {entry.key: entry.id or entry.key for entry in models_at_hand()}
        self.model = self._choice(self.tr("Model"), models or {value.model: value.model}, value.model)
        self.model.activated.connect(lambda: self._file.change(model=self.model.currentData()))
        self.steps = QSpinBox()
        self.steps.setRange(*STEPS_RANGE)
        self.steps.setValue(value.steps)
        line_up(self.steps)
        self.steps.setAccessibleName(self.tr("Quality in steps"))
        self.steps.valueChanged.connect(lambda steps: self._file.change(steps=steps))
        self._add(self.tr("Quality (steps)"), self.steps)
        names = dict(zip(DEVICES, (self.tr("Whatever is fastest"), self.tr("Processor"), self.tr("CUDA")), strict=True))
        self.device = self._choice(self.tr("Device"), names, value.device)
        self.device.activated.connect(lambda: self._file.change(device=self.device.currentData()))

    def _heading(self, text: str) -> None:
        self._form.addRow(label(text, "heading"))

    def _choice(self, name: str, choices: dict, value: object) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for key, words in choices.items():
            box.addItem(words, key)
        box.setCurrentIndex(max(0, list(choices).index(value) if value in choices else 0))
        self._add(name, box)
        return box

    def _add(self, name: str, field: QWidget) -> None:
        """A field, and its name at the middle of its height."""
        words = label(name)
        words.setMinimumHeight(min(field.sizeHint().height(), field.maximumHeight()))
        words.setBuddy(field)
        self._form.addRow(words, field)

    def _choose_folder(self) -> None:
        ask_for_folder(self, self.tr("Folder of the cases"), self.folder.text(), self._take_folder)

    def _take_folder(self, folder: Path) -> None:
        self.folder.setText(str(folder))
        self._file.change(case_folder=str(folder))
