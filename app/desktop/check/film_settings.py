"""The numbers of one film: pixel spacing, source distances, where each is from, and the way to a calibration."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.cases.document import Decision
from app.cases.film_draft import FilmDraft
from app.cases.scale import Plane
from app.desktop.check.calibration import Known
from app.desktop.check.parts import NumberField
from app.desktop.check.words import film_word, provenance_words
from app.desktop.parts.elided_label import ElidedLabel
from app.desktop.parts.labels import label, push_button
from engine.domain import Source, View


class FilmSettings(QFrame):
    """spacing_entered: mm of a column at the detector.   sid_entered, sod_entered: mm.

    measure: a Known is to be drawn.
    """

    spacing_entered = Signal(float)
    sid_entered = Signal(float)
    sod_entered = Signal(float)
    measure = Signal(object)

    def __init__(self, place: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setProperty("role", "card")
        self.spacing = NumberField(self.tr("Pixel spacing"), 4, 2.0, 0.001, self)
        self.sid = NumberField(self.tr("Source to detector"), 1, 6000.0, 10.0, self)
        self.sod = NumberField(self.tr("Source to joint"), 1, 6000.0, 10.0, self)
        self.spacing.box.setToolTip(self.tr("Width of a pixel at the detector"))
        self.spacing.entered.connect(self.spacing_entered)
        self.sid.entered.connect(self.sid_entered)
        self.sod.entered.connect(self.sod_entered)
        self.ball = push_button(self.tr("Ball…"), "quiet", "ball")
        self.length = push_button(self.tr("Length…"), "quiet", "ruler")
        self.ball.setToolTip(self.tr("Calibrate by a ball of known diameter (B)"))
        self.length.setToolTip(self.tr("Calibrate by a known length (L)"))
        self.ball.clicked.connect(lambda: self.measure.emit(Known.BALL))
        self.length.clicked.connect(lambda: self.measure.emit(Known.LENGTH))
        self.joint = ElidedLabel()
        self._build()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for number, field in enumerate((self.spacing, self.sid, self.sod)):
            grid.addWidget(field.name, 2 * number, 0)
            grid.addWidget(field.box, 2 * number, 1)
            grid.addWidget(field.origin, 2 * number + 1, 0, 1, 2)
            field.origin.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            grid.setRowMinimumHeight(2 * number + 1, round(self.fontMetrics().height() * 1.5))
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.joint, 1)
        buttons.addWidget(self.ball)
        buttons.addWidget(self.length)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(label(film_word(self.place), "heading"))
        column.addLayout(grid)
        column.addLayout(buttons)

    def show_draft(self, film: FilmDraft) -> None:
        """Show the numbers of a film."""
        spacing = film.spacing_mm
        known = spacing is not None
        origin = provenance_words(spacing) if known else self.tr("Not in the file: calibrate, or enter it")
        self.spacing.show_value(None if spacing is None else _shown_column(film, spacing), origin, not known)
        for field, value in ((self.sid, film.sid_mm), (self.sod, film.sod_mm)):
            field.show_value(value.value, provenance_words(value), value.source is Source.DEFAULT or film.rays is None)
        self.joint.show_text("" if spacing is None else self._joint_words(film, spacing))

    def _joint_words(self, film: FilmDraft, spacing: Decision) -> str:
        if film.rays is None:
            return ""
        column = _shown_column(film, spacing)
        words = self.tr("Joint: {0} mm").format(
            QLocale().toString(column / film.rays.magnification(Plane.JOINT), "f", 4)
        )
        if abs(film.aspect - 1) < 1e-6:
            return words
        return self.tr("{0}, rows {1} mm").format(words, QLocale().toString(column * film.shown_aspect, "f", 4))

    def enable(self, editable: bool) -> None:
        """Whether the numbers can be changed."""
        for widget in (self.spacing.box, self.sid.box, self.sod.box, self.ball, self.length):
            widget.setEnabled(editable)


def _shown_column(film: FilmDraft, spacing: Decision) -> float:
    """Width at the detector of a pixel as shown, mm."""
    return spacing.value[0] if film.quarter_turns % 2 else spacing.value[1]
