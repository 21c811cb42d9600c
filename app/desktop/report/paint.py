"""How each part of a report is measured and painted. Lengths in millimetres on the paper, sizes of type in points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF, QTextLayout, QTextOption

from app.desktop.report.parts import Heading, Legend, Paragraph, Part, PictureRow, Table, Tone
from app.desktop.report.pictures import Picture
from app.desktop.theme.palette import LIGHT

INK, MUTED, LINE = LIGHT.text, LIGHT.muted, LIGHT.line
WARNING, WARNING_GROUND = LIGHT.warning, LIGHT.warning_soft

_HEADING_POINTS, _BODY_POINTS, _SMALL_POINTS = 12.5, 9.0, 8.0
_GAP_MM = 2.6
_WHOLE_ROWS = 8  # of a table that is never cut
_CELL_GAP_MM, _ROW_PAD_MM = 3.0, 0.9
_PICTURE_GAP_MM, _CAPTION_MM = 4.0, 5.0
_SCALE_BAR_MM = 20.0


class Sheet:
    """A painter whose units are millimetres on the paper. dots: of the device, a millimetre."""

    def __init__(self, painter: QPainter, dots: float) -> None:
        self.painter, self._dots = painter, dots

    def dots(self, box_mm: QRectF) -> QRectF:
        """A box in the device's units."""
        return QRectF(*(value * self._dots for value in (box_mm.x(), box_mm.y(), box_mm.width(), box_mm.height())))

    def fill(self, box_mm: QRectF, colour: str) -> None:
        """A filled box."""
        self.painter.fillRect(self.dots(box_mm), QColor(colour))

    def text(
        self,
        box_mm: QRectF,
        text: str,
        points: float,
        colour: str,
        bold: bool = False,
        flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Text as it is from the top of the box down, wrapped to its width; never rich text."""
        box = self.dots(box_mm)
        layout, _ = self._laid_out(text, box.width(), points, bold, flags)
        self.painter.setPen(QColor(colour))
        layout.draw(self.painter, box.topLeft())

    def text_height(self, text: str, width_mm: float, points: float, bold: bool = False) -> float:
        """Millimetres that `text` takes when it is wrapped."""
        return self._laid_out(text, width_mm * self._dots, points, bold, Qt.AlignmentFlag.AlignLeft)[1] / self._dots

    def text_width(self, text: str, points: float) -> float:
        """Millimetres of one line of text."""
        metrics = QFontMetricsF(_font(points, False), self.painter.device())
        return metrics.horizontalAdvance(text) / self._dots

    def _laid_out(
        self, text: str, width: float, points: float, bold: bool, flags: Qt.AlignmentFlag
    ) -> tuple[QTextLayout, float]:
        """Lines of text, and their height. A word that is longer than a line (a hash) is broken anywhere."""
        layout = QTextLayout(text.replace("\n", "\u2028"), _font(points, bold), self.painter.device())
        wrapped = QTextOption(flags)
        wrapped.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(wrapped)
        height = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, height


def part_height(sheet: Sheet, part: Part, width: float) -> float:
    """Millimetres down the page that a part takes at a width."""
    return _MEASURE[type(part)](sheet, part, width)


def paint_part(sheet: Sheet, part: Part, x: float, y: float, width: float) -> None:
    """Paint a part with its upper left corner at (x, y)."""
    _PAINT[type(part)](sheet, part, x, y, width)


def split(part: Part) -> list[Part]:
    """The pieces that may stand on different pages: of a long table, never fewer than two rows."""
    if not isinstance(part, Table) or len(part.rows) <= _WHOLE_ROWS:
        return [part]
    groups = [part.rows[:3], *((row,) for row in part.rows[3:-2]), part.rows[-2:]]
    return [replace(part, rows=rows, joined=n > 0) for n, rows in enumerate(groups)]


def gap_before(part: Part) -> float:
    """Millimetres between a part and what stands above it."""
    return 0.0 if isinstance(part, Table) and part.joined else _GAP_MM


def at_top(part: Part) -> Part:
    """A piece as it stands at the top of a page: with its table's headings."""
    return replace(part, joined=False) if isinstance(part, Table) else part


# Words --------------------------------------------------------------------------------------------------------------


def _font(points: float, bold: bool) -> QFont:
    font = QFont()
    font.setPointSizeF(points)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    for ligatures in ("liga", "clig", "calt"):  # a hash that is copied from the page must be letters, not "ff" as one
        font.setFeature(QFont.Tag(ligatures), 0)
    return font


def _heading_height(sheet: Sheet, part: Heading, width: float) -> float:
    return sheet.text_height(part.text, width, _HEADING_POINTS, bold=True) + 2.4


def _paint_heading(sheet: Sheet, part: Heading, x: float, y: float, width: float) -> None:
    sheet.text(QRectF(x, y + 2.4, width, 40), part.text, _HEADING_POINTS, INK, bold=True)


_TONES = {Tone.BODY: (_BODY_POINTS, INK), Tone.QUIET: (_SMALL_POINTS, MUTED), Tone.WARNING: (_BODY_POINTS, WARNING)}
_BOX_MM = 2.6  # around the words of a warning


def _paragraph_height(sheet: Sheet, part: Paragraph, width: float) -> float:
    inset = _BOX_MM if part.tone is Tone.WARNING else 0.0
    return sheet.text_height(part.text, width - 2 * inset, _TONES[part.tone][0]) + 2 * inset


def _paint_paragraph(sheet: Sheet, part: Paragraph, x: float, y: float, width: float) -> None:
    points, colour = _TONES[part.tone]
    inset, height = 0.0, _paragraph_height(sheet, part, width)
    if part.tone is Tone.WARNING:
        inset = _BOX_MM
        sheet.fill(QRectF(x, y, width, height), WARNING_GROUND)
    sheet.text(QRectF(x + inset, y + inset, width - 2 * inset, height), part.text, points, colour)


def _paint_legend(sheet: Sheet, part: Legend, x: float, y: float, _width: float) -> None:
    for colour, word in part.entries:
        sheet.fill(QRectF(x, y + 0.7, 3.0, 3.0), colour)
        wide = sheet.text_width(word, _SMALL_POINTS) + 1.0
        sheet.text(QRectF(x + 4.4, y + 0.3, wide, 5), word, _SMALL_POINTS, INK)
        x += 4.4 + wide + 6.0


# Tables -------------------------------------------------------------------------------------------------------------


def _cells(part: Table, width: float) -> list[tuple[float, float]]:
    """Left edge and width of each column."""
    usable = width - _CELL_GAP_MM * (len(part.shares) - 1)
    widths = [usable * share / sum(part.shares) for share in part.shares]
    return [(sum(widths[:n]) + _CELL_GAP_MM * n, wide) for n, wide in enumerate(widths)]


def _row_height(sheet: Sheet, row: tuple[str, ...], cells: list[tuple[float, float]], points: float) -> float:
    texts = zip(row, cells, strict=True)
    return max(sheet.text_height(text, wide, points) for text, (_, wide) in texts) + 2 * _ROW_PAD_MM


def _table_height(sheet: Sheet, part: Table, width: float) -> float:
    cells = _cells(part, width)
    head = _row_height(sheet, part.columns, cells, _SMALL_POINTS) if _has_head(part) else 0.0
    return head + sum(_row_height(sheet, row, cells, _points(part)) for row in part.rows)


def _paint_table(sheet: Sheet, part: Table, x: float, y: float, width: float) -> None:
    cells = _cells(part, width)
    if _has_head(part):
        y = _paint_row(sheet, part, part.columns, cells, x, y, (_SMALL_POINTS, MUTED))
    for row in part.rows:
        sheet.fill(QRectF(x, y, width, 0.15), LINE)
        y = _paint_row(sheet, part, row, cells, x, y, (_points(part), INK))


def _points(part: Table) -> float:
    return _SMALL_POINTS if part.small else _BODY_POINTS


def _has_head(part: Table) -> bool:
    return bool(part.columns) and not part.joined


def _paint_row(
    sheet: Sheet,
    part: Table,
    row: tuple[str, ...],
    cells: list[tuple[float, float]],
    x: float,
    y: float,
    look: tuple[float, str],
) -> float:
    """Paint one row; where the next one begins."""
    height = _row_height(sheet, row, cells, look[0])
    for n, (text, (left, wide)) in enumerate(zip(row, cells, strict=True)):
        side = Qt.AlignmentFlag.AlignRight if n in part.numbers else Qt.AlignmentFlag.AlignLeft
        colour = MUTED if n == 0 and not part.columns else look[1]
        sheet.text(QRectF(x + left, y + _ROW_PAD_MM, wide, height), text, look[0], colour, flags=side)
    return y + height


# Pictures -----------------------------------------------------------------------------------------------------------


def _picture_sizes(part: PictureRow, width: float) -> list[tuple[float, float]]:
    """Width and height of each picture: all of one height, and together as wide as the page or less."""
    ratios = [picture.rgb.shape[1] / picture.rgb.shape[0] for picture in part.pictures]
    gaps = _PICTURE_GAP_MM * (len(ratios) - 1)
    height = min(part.most_mm, (width - gaps) / sum(ratios))
    return [(height * ratio, height) for ratio in ratios]


def _pictures_height(_sheet: Sheet, part: PictureRow, width: float) -> float:
    return _picture_sizes(part, width)[0][1] + _CAPTION_MM


def _paint_pictures(sheet: Sheet, part: PictureRow, x: float, y: float, width: float) -> None:
    sizes = _picture_sizes(part, width)
    left_over = width - sum(wide for wide, _ in sizes)
    gap = left_over / max(len(sizes) - 1, 1)
    for picture, (wide, high) in zip(part.pictures, sizes, strict=True):
        _paint_picture(sheet, picture, QRectF(x, y, wide, high), part.black)
        sheet.text(QRectF(x, y + high + 0.8, wide, 5), picture.caption, _SMALL_POINTS, MUTED)
        x += wide + gap


def _paint_picture(sheet: Sheet, picture: Picture, box: QRectF, black: bool) -> None:
    rows, columns = picture.rgb.shape[:2]
    pixels = np.ascontiguousarray(picture.rgb)
    image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    sheet.painter.drawImage(sheet.dots(box), image)
    scale = box.width() / columns  # mm on the paper, a pixel
    sheet.painter.save()
    sheet.painter.setClipRect(sheet.dots(box))
    for colour, line in picture.lines:
        places = line + 0.5
        dots = [
            sheet.dots(QRectF(box.x() + c * scale, box.y() + r * scale, 0, 0)).topLeft() for c, r in places.tolist()
        ]
        sheet.painter.setPen(QPen(QColor(colour), sheet.dots(QRectF(0, 0, 0.35, 0)).width()))
        sheet.painter.drawPolygon(QPolygonF([QPointF(dot) for dot in dots]))
    sheet.painter.restore()
    words = "#FFFFFF" if black else MUTED
    middle = box.y() + box.height() / 2 - 2.5
    sheet.text(QRectF(box.x() + 1.2, middle, 6, 5), picture.left, _SMALL_POINTS, words, bold=True)
    right = QRectF(box.right() - 7.2, middle, 6, 5)
    sheet.text(right, picture.right, _SMALL_POINTS, words, bold=True, flags=Qt.AlignmentFlag.AlignRight)
    if picture.pixel_mm is not None:
        _paint_scale(sheet, box, scale / picture.pixel_mm, words)


def _paint_scale(sheet: Sheet, box: QRectF, paper_mm: float, colour: str) -> None:
    """A bar of 20 mm in the patient. paper_mm: on the paper, a millimetre of the patient."""
    length = _SCALE_BAR_MM * paper_mm
    bar = QRectF(box.right() - length - 1.5, box.bottom() - 2.0, length, 0.5)
    sheet.fill(bar, colour)
    above = QRectF(bar.x() - 10, bar.y() - 4.2, length + 10, 4)
    sheet.text(above, f"{_SCALE_BAR_MM:g} mm", 7.0, colour, flags=Qt.AlignmentFlag.AlignRight)


_MEASURE: dict[type, Callable[[Sheet, Any, float], float]] = {
    Heading: _heading_height,
    Paragraph: _paragraph_height,
    Table: _table_height,
    Legend: lambda _sheet, _part, _width: 4.5,
    PictureRow: _pictures_height,
}
_PAINT: dict[type, Callable[[Sheet, Any, float, float, float], None]] = {
    Heading: _paint_heading,
    Paragraph: _paint_paragraph,
    Table: _paint_table,
    Legend: _paint_legend,
    PictureRow: _paint_pictures,
}
