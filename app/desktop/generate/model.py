"""Choosing a model: the list of those at hand, what each says of itself, and installing one from a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.engine_bridge import JobBridge
from app.desktop.generate.card import CardDialog
from app.desktop.generate.settings import keep_narrow
from app.desktop.parts.file_dialogs import ask_for_files
from app.desktop.parts.labels import label, push_button
from app.desktop.parts.spoken import spoken
from app.jobs.models import ModelEntry, installed_folder, models_at_hand

INSTALL = "app.jobs.install_model:install_model"


class ModelCard(QFrame):
    """chosen: another model.   refused: a sentence, why a model could not be installed.   installed: its key."""

    chosen = Signal()
    refused = Signal(str)
    installed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._entries: list[ModelEntry] = []
        self._installer: JobBridge | None = None
        self.models = QComboBox()
        self.models.setAccessibleName(self.tr("Model"))
        self.models.currentIndexChanged.connect(self._show_entry)
        keep_narrow(self.models)
        self.card_button = push_button(self.tr("Model card"), "quiet", "info")
        self.card_button.clicked.connect(self.show_card)
        self.install_button = push_button(self.tr("Install…"), "quiet", "plus")
        self.install_button.setToolTip(self.tr("Install a model from a file; every byte of it is verified"))
        self.install_button.clicked.connect(self._choose_file)
        self.status = label(role="caption", wrap=True)
        self._facts = QGridLayout()
        self._build()
        self.reload()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.card_button)
        buttons.addWidget(self.install_button)
        buttons.addStretch(1)
        self._facts.setColumnStretch(1, 1)
        self._facts.setHorizontalSpacing(10)
        self._facts.setVerticalSpacing(3)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 8)
        column.setSpacing(8)
        column.addWidget(label(self.tr("Model"), "heading"))
        column.addWidget(self.models)
        column.addLayout(self._facts)
        column.addWidget(self.status)
        column.addLayout(buttons)
        self.status.hide()

    @property
    def entry(self) -> ModelEntry | None:
        """The chosen model; None where none is at hand."""
        index = self.models.currentIndex()
        return self._entries[index] if 0 <= index < len(self._entries) else None

    def reload(self, choose: str = "") -> None:
        """List the models at hand anew, and choose one by its key, or the one chosen before."""
        wanted = choose or (self.entry.key if self.entry else "")
        self._entries = models_at_hand()
        self.models.blockSignals(True)
        self.models.clear()
        self.models.addItems([self._title(entry) for entry in self._entries])
        self.models.blockSignals(False)
        self.choose(wanted)
        self._show_entry()

    def choose(self, key: str) -> None:
        """Choose a model by its key; nothing changes where it is not at hand."""
        for index, entry in enumerate(self._entries):
            if entry.key == key:
                self.models.setCurrentIndex(index)

    def install(self, source: Path) -> None:
        """Install a model in the background, in an engine process of its own."""
        installer = self._installer = JobBridge(self)
        installer.finished.connect(self._installed)
        installer.failed.connect(self._not_installed)
        self.install_button.setEnabled(False)
        self._say(self.tr("Verifying {name}…").format(name=source.name))
        installer.run(INSTALL, source, installed_folder())

    def close_card(self) -> None:
        """Give up an installation that is on its way."""
        if self._installer is not None:
            self._installer.close()
            self._installer.deleteLater()
            self._installer = None

    def show_card(self) -> None:
        """Open the model's own description as plain text."""
        if self.entry is not None:
            dialog = CardDialog(self._title(self.entry), self.entry.card or self.entry.damage, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _choose_file(self) -> None:
        wanted = self.tr("Models (manifest.json *.zip)")
        ask_for_files(self, self.tr("Install a model"), [wanted], lambda paths: self.install(paths[0]), several=False)

    def _installed(self, key: str) -> None:
        self._end_installation(self.tr("{key} was verified and installed.").format(key=key))
        self.reload(key)
        self.installed.emit(key)

    def _not_installed(self, sentence: str) -> None:
        self._end_installation("")
        self.refused.emit(sentence)

    def _end_installation(self, said: str) -> None:
        self.close_card()
        self.install_button.setEnabled(True)
        self._say(said)

    def _say(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.status.setVisible(bool(sentence))

    def _show_entry(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.card_button.setEnabled(self.entry is not None)
        for row, (name, value) in enumerate(self._rows()):
            self._facts.addWidget(label(name, "caption"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(value, wrap=True), row, 1)
        self.chosen.emit()

    def _title(self, entry: ModelEntry) -> str:
        return f"{entry.id} {entry.version}".strip()

    def _rows(self) -> list[tuple[str, str]]:
        entry = self.entry
        if entry is None:
            return [(self.tr("None"), self.tr("No model is at hand. Install one from a file."))]
        if entry.damage:
            return [(self.tr("Damaged"), entry.damage)]
        voxels = f"{entry.voxels[-1]}³" if entry.voxels else "-"
        rows = [
            (self.tr("Makes"), self.tr("{voxels} voxels, four bones").format(voxels=voxels)),
            (self.tr("Dice"), _score(entry.scores, "dice_unregistered", 2)),
            (self.tr("Surface error"), _score(entry.scores, "assd_mm_unregistered", 1, " mm")),
            (self.tr("Not for"), spoken(str(entry.training.get("not_for", "")))),
        ]
        return [(name, value) for name, value in rows if value]


def _score(scores: Mapping[str, Any], name: str, decimals: int, unit: str = "") -> str:
    """A mean score as the manifest states it, empty where it does not."""
    stated = scores.get(name)
    mean = stated.get("mean") if isinstance(stated, Mapping) else None
    return QLocale().toString(float(mean), "f", decimals) + unit if isinstance(mean, int | float) else ""
