"""The form of a calibration: how large the thing on the film truly is, where it lies, and the scale that follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout, QWidget

from app.cases.film_draft import FilmDraft, Scale
from app.cases.films import oriented_spacing
from app.cases.scale import Plane, relative_error, spacing_by_ball, spacing_by_length
from app.desktop.film.tools import Circle, Shape
from app.desktop.parts.flow_layout import FlowLayout
from app.desktop.parts.labels import icon_button, label, push_button, retone
from app.desktop.parts.length_box import LengthBox
from app.desktop.parts.words import number_words
from engine.domain import RefusedInput, Source

_USUAL_BALL_MM, _USUAL_LENGTH_MM = 25.0, 100.0


class Known(Enum):
    """What is known: the diameter of a ball, or a length."""

    BALL = "ball"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Result:
    """The spacing (row, column) at the detector as shown, mm; the relative error of a pixel's width in drawing."""

    spacing_mm: tuple[float, float]
    error: float
    scale: Scale


def calibrated(film: FilmDraft, shape: Shape, size_mm: float, plane: Plane) -> Result:
    """The scale that follows from a shape on the film as shown.

    Raises RefusedInput where the distances contradict each other or the scale is no film's.
    """
    rays = film.rays
    if rays is None:
        raise RefusedInput("The source distances contradict each other; correct them first")
    aspect, across = film.shown_aspect, shape.across(film.shown_aspect)
    rows, columns = film.shown_shape
    if isinstance(shape, Circle):
        away = shape.middle[0] - (columns - 1) / 2, shape.middle[1] - (rows - 1) / 2
        spacing = spacing_by_ball(size_mm, across, away, aspect, rays, plane)
    else:
        spacing = spacing_by_length(size_mm, shape.reach, aspect, rays, plane)
    word = Known.BALL.value if isinstance(shape, Circle) else Known.LENGTH.value
    row, column = (mm / rays.magnification(plane) for mm in oriented_spacing(spacing, film.quarter_turns))
    detail = f"{word} {size_mm:g} mm, {across:.1f} columns, {plane.value}"
    return Result(spacing, relative_error(across), Scale((row, column), plane, Source.USER, detail))


class CalibrationForm(QFrame):
    """accepted: the Scale to take.   cancelled: the planner gave up."""

    accepted = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "footer")
        self._film: FilmDraft | None = None
        self._shape: Shape | None = None
        self._result: Result | None = None
        self.known = Known.BALL
        self.size_name = label()
        self.known_mm = LengthBox(self.tr("Known size"), 2, 1000.0, 0.5)
        self.plane = QComboBox()
        self.plane.setAccessibleName(self.tr("Where it lies"))
        self.plane.addItem(self.tr("at the joint"), Plane.JOINT)
        self.plane.addItem(self.tr("on the detector"), Plane.DETECTOR)
        self.result = label(role="caption", wrap=True)
        self.use = push_button(self.tr("Use"), "primary")
        self.cancel = icon_button("close", self.tr("Cancel"), QKeySequence("Esc"))
        self.known_mm.valueChanged.connect(self._calculate)
        self.plane.currentIndexChanged.connect(self._calculate)
        self.use.clicked.connect(self._accept)
        self.cancel.clicked.connect(self.cancelled)
        self._build()

    def _build(self) -> None:
        self.size_name.setBuddy(self.known_mm)
        self.known_mm.setFixedWidth(round(self.fontMetrics().horizontalAdvance("1000.00 mm") * 1.6))
        parts = FlowLayout(spacing=6)
        tallest = max(field.sizeHint().height() for field in (self.known_mm, self.plane, self.use))
        for part in (self.size_name, self.known_mm, self.plane, self.use, self.cancel):
            part.setFixedHeight(tallest)
            parts.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 4)
        column.setSpacing(4)
        column.addLayout(parts)
        column.addWidget(self.result)

    def start(self, film: FilmDraft, known: Known) -> None:
        """Begin: nothing is drawn yet."""
        changed = known is not self.known or not self.isVisible()
        self.known, self._shape = known, None
        ball = known is Known.BALL
        self.size_name.setText(self.tr("A ball of") if ball else self.tr("A length of"))
        self.known_mm.setAccessibleName(self.size_name.text())
        if changed:
            self.known_mm.setValue(_USUAL_BALL_MM if ball else _USUAL_LENGTH_MM)
        self.show_film(film)

    def show_film(self, film: FilmDraft) -> None:
        """The film's distances or its hanging have changed."""
        self._film = film
        self._calculate()

    def show_shape(self, shape: Shape | None) -> None:
        """What is drawn now."""
        self._shape = shape
        self._calculate()

    def _calculate(self) -> None:
        self._result, sentence, refused = None, self.how_to_draw(), False
        if self._film is not None and self._shape is not None:
            try:
                self._result = calibrated(self._film, self._shape, self.known_mm.value(), self.plane.currentData())
                sentence = self._words(self._result, self._film)
            except RefusedInput as told:
                sentence, refused = str(told), True
        self.result.setText(sentence)
        retone(self.result, "role", "warning" if refused else "caption")
        self.use.setEnabled(self._result is not None)

    def how_to_draw(self) -> str:
        """What the planner is to do on the film."""
        if self.known is Known.BALL:
            return self.tr("Drag on the film from the ball's middle to its rim.")
        return self.tr("Drag on the film along the known length.")

    def _words(self, result: Result, film: FilmDraft) -> str:
        assert film.rays is not None
        at_detector, at_joint = result.spacing_mm[1], result.spacing_mm[1] / film.rays.magnification()
        return self.tr("{0} mm a pixel at the detector, {1} mm at the joint. One pixel off is {2} %.").format(
            number_words(at_detector, 4), number_words(at_joint, 4), number_words(100 * result.error, 1)
        )

    def _accept(self) -> None:
        if self._result is not None:
            self.accepted.emit(self._result.scale)
