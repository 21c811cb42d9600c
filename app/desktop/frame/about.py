"""About Genu: what it is, which version, and whose work it stands on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.parts.dialogs import Dialog
from app.desktop.parts.labels import label
from app.desktop.parts.marks import Mark


def program_version() -> str:
    """Genu's version; "" where it was started from a tree that is not installed."""
    try:
        return version("genu")
    except PackageNotFoundError:
        return ""


class AboutDialog(Dialog):
    """A few lines; nothing is loaded for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Genu", parent)
        words = QVBoxLayout()
        words.setSpacing(8)
        for text, role in self._lines():
            line = label(text, role, wrap=True)
            line.setMinimumWidth(self.fontMetrics().averageCharWidth() * 62)
            words.addWidget(line)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(Mark("genu", "text", 72), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self.add_close(self.tr("Close"))

    def _lines(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Version {version}").format(version=program_version()), "muted"),
            (self.tr("A knee CT volume and four bone models from an AP and a lateral radiograph."), ""),
            (
                self.tr("Research use only: not a medical device, never for diagnosis, planning or treatment."),
                "warning",
            ),
            (self.tr("Open source under the Apache License 2.0. Films and cases stay on this computer."), ""),
            (
                self.tr(
                    "Made with Qt (LGPL 3), VTK (BSD 3-clause), PyTorch (BSD 3-clause), pydicom (MIT) and the "
                    "typeface Inter (OFL 1.1)."
                ),
                "caption",
            ),
        ]
