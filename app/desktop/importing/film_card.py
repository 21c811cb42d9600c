"""A film as the Import page shows it: a small picture, what its file says, and whether it is to be used."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.desktop.importing.film_search.found import Found, FoundFilm
from app.desktop.importing.film_search.pairing import person_name
from app.desktop.parts.anatomy_words import view_name
from app.desktop.parts.flow_layout import FlowLayout
from app.desktop.parts.labels import label
from app.desktop.parts.spoken import spoken
from app.desktop.parts.words import dicom_date_words, one_line, plain_tooltip
from engine.domain import Side

_PICTURE = 112


class FilmCard(QFrame):
    """One film. used: whether the planner wants it."""

    used = Signal(bool)

    def __init__(self, entry: Found, film: FoundFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry, self.film = entry, film
        self.setProperty("role", "card")
        self.tick = QCheckBox(self.tr("Use it"))
        self.tick.setAccessibleName(self.tr("Use {name}").format(name=one_line(entry.name)))
        self.tick.toggled.connect(self.used)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(_picture(film), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._words(), 1)

    def _words(self) -> QVBoxLayout:
        name = label(one_line(self.entry.path.name, 60), "heading")
        name.setToolTip(plain_tooltip(self.entry.name))
        name.setMinimumWidth(60)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(name)
        if who := self._who():
            column.addWidget(label(who, wrap=True))
        chips = FlowLayout()
        for text, tone in self._facts():
            chips.addWidget(_chip(text, tone))
        column.addLayout(chips)
        column.addWidget(label(self._figures(), "caption", wrap=True))
        for warning in self._warnings():
            column.addWidget(label(warning, "caption", wrap=True))
        column.addStretch()
        column.addWidget(self.tick)
        return column

    def _who(self) -> str:
        identity = self.film.identity
        name = one_line(person_name(identity.patient_name) or identity.patient_id, 80)
        if name and identity.birth_date:
            return self.tr("{name}, born {date}").format(name=name, date=dicom_date_words(identity.birth_date))
        return name

    def _facts(self) -> list[tuple[str, str]]:
        sides = {Side.LEFT: self.tr("Left"), Side.RIGHT: self.tr("Right")}
        view, side = self.film.view, self.film.side
        facts = [
            (view_name(view), "accent") if view else (self.tr("View not stated"), "warning"),
            (sides[side], "accent") if side else (self.tr("Side not stated"), "warning"),
        ]
        if not self.film.has_scale:
            facts.append((self.tr("Scale not stated"), "warning"))
        return facts

    def _figures(self) -> str:
        rows, columns = self.film.size
        date = dicom_date_words(self.film.identity.study_date)
        parts = (f"{columns} × {rows}", date, self.film.format, self.film.body_part.lower())
        return " · ".join(part for part in parts if part)

    def _warnings(self) -> list[str]:
        prefix = f"{self.entry.path.name}: "
        return [one_line(spoken(warning.removeprefix(prefix))) for warning in self.film.warnings[:3]]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt: the whole card is the tick's."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.tick.toggle()
        super().mouseReleaseEvent(event)


def _chip(text: str, tone: str) -> QLabel:
    chip = label(text, "chip")
    chip.setProperty("tone", tone)
    return chip


def _picture(film: FoundFilm) -> QLabel:
    rows, columns = film.thumbnail.shape
    image = QImage(film.thumbnail.tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
    picture = QLabel()
    picture.setProperty("role", "film")
    picture.setFixedSize(QSize(_PICTURE, _PICTURE))
    picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    ratio = picture.devicePixelRatioF()
    scaled = QPixmap.fromImage(image).scaled(
        picture.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    scaled.setDevicePixelRatio(ratio)
    picture.setPixmap(scaled)
    return picture
