"""A film with the generated knee over it: the projected CT blended in, and the bones' outlines in their colours."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.desktop.film.image import FilmImage
from app.desktop.film.marks import Bar, Edges
from app.desktop.film.view import FilmView
from app.desktop.planes.paint import shaded_text
from app.desktop.review.projection import BoneLines, Projection
from app.desktop.theme.bones import BONE_COLOURS
from engine.domain import Bone, Radiograph, View

_LINE = 1.6
_TONES = {"success": "#7FD6A4", "warning": "#F4C062", "danger": "#F08A80"}


class OverlayView(FilmView):
    """One film. Everything of a film's view works here too; a double click asks for this view alone."""

    maximised = Signal()
    _verdict: tuple[str, str] = ("", "")

    def __init__(self, view: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.setMinimumSize(120, 100)
        self.setAccessibleName(self.title)
        self._lines: BoneLines = {}
        self._projection: QImage | None = None
        self._block = 1
        self._blend, self._outlined = 0.0, True
        self._shown: frozenset[Bone] = frozenset(Bone)
        self._colours: Mapping[Bone, str] = BONE_COLOURS

    @property
    def title(self) -> str:
        """The film's name."""
        return self.tr("AP film") if self.view is View.AP else self.tr("Lateral film")

    def show_radiograph(self, film: Radiograph, image: FilmImage, magnification: float) -> None:
        """A checked film. magnification: of the plane through the isocentre."""
        row, column = film.pixel_spacing_mm
        self.show_film(image, row / column)
        self.show_edges(Edges(film.columns_run_to, "F", True))
        self.show_bar(Bar(column / magnification, self.tr("at the knee")))

    def show_lines(self, lines: BoneLines) -> None:
        """The bones' outlines."""
        self._lines = lines
        self.update()

    def show_projection(self, projection: Projection | None) -> None:
        """The projected CT; None takes it away."""
        self._projection = None
        if projection is not None:
            rows, columns = projection.grey.shape
            made = QImage(projection.grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
            self._projection, self._block = made.copy(), projection.block
        self.update()

    def show_verdict(self, words: str, tone: str) -> None:
        """What is said of the fit; tone: success, warning, danger or nothing."""
        self._verdict = words, tone
        self.refresh()

    def set_blend(self, share: float) -> None:
        """0 is the film alone, 1 the projected CT alone."""
        self._blend = share
        self.update()

    def set_bones(self, outlined: bool, shown: frozenset[Bone], colours: Mapping[Bone, str]) -> None:
        """Which outlines are drawn, in which colours."""
        self._outlined, self._shown, self._colours = outlined, shown, colours
        self.update()

    def spoken(self) -> str:
        """What those hear who do not see the film."""
        said = super().spoken()
        return ", ".join(part for part in (self._verdict[0], said) if part)

    # Painting -------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        """Over the film: the projection, the outlines, then what every film has."""
        if self._projection is not None and self._blend > 0:
            self._paint_projection(painter, self._projection)
        if self._outlined:
            self._paint_lines(painter)
        super().paint_marks(painter, area)
        self._paint_words(painter, area)

    def _paint_projection(self, painter: QPainter, projection: QImage) -> None:
        columns, rows = projection.width() * self._block, projection.height() * self._block
        first, last = self.screen_point((-0.5, -0.5)), self.screen_point((columns - 0.5, rows - 0.5))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(self._blend)
        painter.drawImage(QRectF(first, last), projection)
        painter.setOpacity(1.0)

    def _paint_lines(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        origin = self.screen_point((0.0, 0.0))
        scale = np.array([self.zoom, self.zoom * self.aspect])
        for bone in Bone:
            if bone in self._shown:
                painter.setPen(QPen(QColor(self._colours[bone]), _LINE))
                for line in self._lines.get(bone, ()):
                    places = line * scale + (origin.x(), origin.y())
                    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in places.tolist()]))

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        inner = area.adjusted(8, 6, -8, -6)
        shaded_text(painter, inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.title)
        words, tone = self._verdict
        colour = QColor(_TONES[tone]) if tone in _TONES else None
        shaded_text(painter, inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, words, colour)

    # Mouse ----------------------------------------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Called by Qt."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximised.emit()

    def _edge_at(self, at: QPointF) -> bool:  # noqa: ARG002
        """Directions are settled on the Check page; here they are only read."""
        return False
