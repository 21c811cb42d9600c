"""The knee as it forms: middle slices of every level of the network, side by side, from blurred to sharp."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.desktop.film.window_presets import HuWindow, greys
from app.desktop.parts.labels import label
from app.desktop.parts.words import number_words
from engine.domain import Side
from engine.geometry.model_frame import FIELD_OF_VIEW_MM
from engine.progress import Preview

WINDOW = HuWindow(400, 1800)
USUAL_LEVELS = (32, 64, 128)

_GROUND, _FRAME, _LETTERS, _WAITING = "#000000", "#2C3542", "#E7ECF2", "#A3AEBB"


class SliceView(QWidget):
    """One grey slice on black with the patient's directions at its edges; a word where there is no slice yet."""

    def __init__(self, edges: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edges, self._image, self._waiting = edges, QImage(), ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(220, 220)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(110, 110)

    @property
    def empty(self) -> bool:
        """Whether there is no slice."""
        return self._image.isNull()

    def show_slice(self, hu: NDArray[np.int16]) -> None:
        """Show HU (rows, cols)."""
        pixels = greys(hu, WINDOW)
        rows, columns = pixels.shape
        self._image = QImage(pixels.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
        self.update()

    def show_waiting(self, word: str) -> None:
        """Show that nothing is there yet."""
        self._image, self._waiting = QImage(), word
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Called by Qt."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(QColor(_FRAME), 1))
        painter.setBrush(QColor(_GROUND))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.empty:
            painter.setPen(QColor(_WAITING))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._waiting)
        else:
            self._paint_slice(painter)
        painter.end()

    def _paint_slice(self, painter: QPainter) -> None:
        side = min(self.width(), self.height()) - 6.0
        place = QRectF(0, 0, side, side)
        place.moveCenter(QPointF(self.width() / 2, self.height() / 2))
        painter.drawImage(place, self._image)
        painter.setPen(QColor(_LETTERS))
        middle = Qt.AlignmentFlag.AlignVCenter
        inside = self.rect().adjusted(8, 0, -8, 0)
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, self._edges[0])
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, self._edges[1])


class LevelPreviews(QWidget):
    """A column a level: its voxels and their size above the coronal and the sagittal slice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = Side.RIGHT
        self._levels: tuple[int, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.views: dict[int, tuple[SliceView, SliceView]] = {}
        self.expect(USUAL_LEVELS)

    def expect(self, levels: tuple[int, ...], side: Side = Side.RIGHT) -> None:
        """Wait for previews with so many voxels along each side, of a knee of that side."""
        self._side = side
        if levels != self._levels:
            self._rebuild(levels)
        for views in self.views.values():
            for view, word in zip(views, (self.tr("Coronal"), self.tr("Sagittal")), strict=True):
                view.show_waiting(word)

    def show_preview(self, preview: Preview) -> None:
        """Show the middle slices of a level, as the patient stands: the viewer's left is the patient's right."""
        views = self.views.get(preview.hu.shape[0])
        if views is None:
            return
        coronal, sagittal = middle_slices(preview.hu, self._side)
        views[0].show_slice(coronal)
        views[1].show_slice(sagittal)

    def _rebuild(self, levels: tuple[int, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._levels, self.views = levels, {}
        for column, voxels in enumerate(levels):
            self.views[voxels] = self._column(column, voxels)
        for row in (1, 2):
            self._grid.setRowStretch(row, 1)

    def _column(self, column: int, voxels: int) -> tuple[SliceView, SliceView]:
        side = FIELD_OF_VIEW_MM / voxels
        size = number_words(side, 2 if side < 2 else 1 if side < 5 else 0)
        heading = label(self.tr("{voxels}³ · {size} mm voxels").format(voxels=voxels, size=size), "caption")
        coronal, sagittal = SliceView(("R", "L"), self), SliceView(("A", "P"), self)
        coronal.setAccessibleName(self.tr("Coronal slice at {voxels}³").format(voxels=voxels))
        sagittal.setAccessibleName(self.tr("Sagittal slice at {voxels}³").format(voxels=voxels))
        for row, widget in enumerate((heading, coronal, sagittal)):
            self._grid.addWidget(widget, row, column)
        self._grid.setColumnStretch(column, 1)
        return coronal, sagittal


def middle_slices(hu: NDArray[np.int16], side: Side) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Coronal and sagittal middle slice (rows down, cols) of a model-frame level: superior at the top.

    Coronal: the patient's right at the viewer's left, so that a left knee's model frame is mirrored back.
    Sagittal: anterior at the left.
    """
    patient = hu[::-1] if side is Side.LEFT else hu
    middle = hu.shape[0] // 2
    return patient[:, middle, ::-1].T, patient[middle, :, ::-1].T
