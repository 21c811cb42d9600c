"""Where films are dropped or chosen. It only says what was given; finding the films is not its business."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.parts.file_dialogs import ask_for_files, ask_for_folder
from app.desktop.parts.labels import label, push_button, retone
from app.desktop.parts.marks import Mark
from app.desktop.theme.icons import icon


def dropped_paths(data: QMimeData) -> tuple[Path, ...]:
    """The files and folders of this computer in what is dragged."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


class DropZone(QFrame):
    """given: a tuple of paths.   sample: the sample case is wanted."""

    given = Signal(object)
    sample = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropZone")
        self._slim, self._back = False, False
        self.setAccessibleName(self.tr("Drop films here"))
        self.files = push_button(self.tr("Open files…"), "primary", "files")
        self.folder = push_button(self.tr("Open folder…"), icon_name="folder")
        self.sample_button = push_button(self.tr("Try the sample case"), "quiet", "sparkle")
        self.sample_button.setToolTip(self.tr("Two films of a simulated right knee, of nobody"))
        self.files.clicked.connect(self.choose_files)
        self.folder.clicked.connect(self.choose_folder)
        self.sample_button.clicked.connect(self.sample)
        self._mark, self._gap = Mark("films", "accent", 44), QWidget()
        self._words = label(self.tr("Drop both films here, or a folder that holds them"), "heading", wrap=True)
        self._slim_words = label(self.tr("Other films? Drop them here, or"), "muted")
        self._more = label(
            self.tr("An AP and a lateral radiograph of one knee: DICOM, or a PNG, TIFF or JPEG picture."),
            "muted",
            wrap=True,
        )
        for words in (self._words, self._more):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for part in (self._slim_words, self.files, self.folder, self.sample_button):
            self._buttons.addWidget(part)
        self._gap.setFixedHeight(8)
        self._build()

    def _build(self) -> None:
        self._buttons.setSpacing(8)
        self._buttons.insertStretch(0)
        self._buttons.addStretch()
        self._column.setContentsMargins(24, 24, 24, 24)
        self._column.setSpacing(8)
        self._column.addStretch()
        self._column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._words)
        self._column.addWidget(self._more)
        self._column.addWidget(self._gap)
        self._column.addLayout(self._buttons)
        self._column.addStretch()

    def be_slim(self, slim: bool) -> None:
        """Only a line, where films are shown already."""
        for part in (self._mark, self._words, self._more, self._gap):
            part.setVisible(not slim)
        self._slim_words.setVisible(slim)
        self.sample_button.setVisible(not slim)
        self._slim = slim
        self.step_back(self._back)
        margin = 8 if slim else 24
        self._column.setContentsMargins(margin, margin, margin, margin)
        tall = QSizePolicy.Policy.Fixed if slim else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        self._column.invalidate()

    def step_back(self, back: bool) -> None:
        """Whether another button of the page is the next action."""
        self._back = back
        first = not (back or self._slim)
        retone(self.files, "role", "primary" if first else "")
        self.files.setIcon(icon("files", "on_accent" if first else "text"))

    def glow(self, on: bool) -> None:
        """Whether something is held over the page."""
        retone(self, "hovered", "true" if on else "false")

    def choose_files(self) -> None:
        """Ask for files."""
        pictures = self.tr("Films and pictures")
        filters = (self.tr("All files (*)"), f"{pictures} (*.dcm *.dicom *.png *.tif *.tiff *.jpg *.jpeg)")
        ask_for_files(self, self.tr("Open films"), filters, self.given.emit)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        ask_for_folder(self, self.tr("Open a folder of films"), "", lambda folder: self.given.emit((folder,)))
