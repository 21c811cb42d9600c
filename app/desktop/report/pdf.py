"""A report as PDF, painted directly: A4, a banner and a number on every page, plain text, figures and tables.

Paints on no widget and no pixmap, so any thread may call it.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from app.desktop.report.paint import (
    INK,
    LINE,
    MUTED,
    WARNING,
    WARNING_GROUND,
    Sheet,
    at_top,
    gap_before,
    paint_part,
    part_height,
    split,
)
from app.desktop.report.parts import Heading, Part, Report
from engine.domain import MachineFailure

translate = QCoreApplication.translate

_DOTS_PER_INCH = 600
_A4_MM = QSizeF(210.0, 297.0)
_SIDE_MM, _TOP_MM, _FOOT_MM = 16.0, 27.0, 17.0


def report_pdf(report: Report) -> bytes:
    """The report. Raises MachineFailure where Qt cannot write it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    writer.setPageLayout(layout)
    writer.setTitle(report.title)
    writer.setCreator("Genu")
    painter = QPainter()
    if not painter.begin(writer):
        raise MachineFailure("the report could not be painted; export again without it, or restart the program")
    sheet = Sheet(painter, _DOTS_PER_INCH / 25.4)
    try:
        pages = _pages(sheet, report)
        for number, page in enumerate(pages, 1):
            if number > 1:
                writer.newPage()
            _paint_page(sheet, report, page, number, len(pages))
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _pages(sheet: Sheet, report: Report) -> list[list[tuple[float, Part]]]:
    """Which part stands on which page, and how far down, mm. A heading goes with what follows it."""
    width, lowest = _A4_MM.width() - 2 * _SIDE_MM, _A4_MM.height() - _FOOT_MM
    pages: list[list[tuple[float, Part]]] = [[]]
    y = _TOP_MM + _title_height(sheet, report)
    for group in _groups(report.parts):
        if pages[-1] and y + sum(gap_before(part) + part_height(sheet, part, width) for part in group) > lowest:
            pages.append([])
            group, y = [at_top(group[0]), *group[1:]], _TOP_MM - gap_before(at_top(group[0]))
        for part in group:
            y += gap_before(part)
            pages[-1].append((y, part))
            y += part_height(sheet, part, width)
    return pages


def _groups(parts: tuple[Part, ...]) -> list[list[Part]]:
    """Parts that must not be torn apart; long tables are cut into such pieces."""
    groups: list[list[Part]] = []
    open_heading: list[Part] = []
    for part in parts:
        if isinstance(part, Heading):
            open_heading.append(part)
            continue
        first, *rest = split(part)
        groups.append([*open_heading, first])
        groups += [[piece] for piece in rest]
        open_heading = []
    return groups


def _paint_page(sheet: Sheet, report: Report, page: list[tuple[float, Part]], number: int, count: int) -> None:
    _paint_banner(sheet)
    if number == 1:
        _paint_title(sheet, report)
    for y, part in page:
        paint_part(sheet, part, _SIDE_MM, y, _A4_MM.width() - 2 * _SIDE_MM)
    _paint_foot(sheet, report, number, count)


def _paint_banner(sheet: Sheet) -> None:
    band = QRectF(0, 0, _A4_MM.width(), 11.0)
    sheet.fill(band, WARNING_GROUND)
    words = translate("Report", "Research use only - synthetic CT")
    sheet.text(QRectF(0, 3.4, _A4_MM.width(), 6), words, 9.5, WARNING, bold=True, flags=Qt.AlignmentFlag.AlignHCenter)
    under = QRectF(_SIDE_MM, 13.0, _A4_MM.width() - 2 * _SIDE_MM, 6.0)
    notice = translate(
        "Report", "Generated from two radiographs, not a scan. Never for diagnosis, planning or treatment."
    )
    sheet.text(under, notice, 8.0, MUTED, flags=Qt.AlignmentFlag.AlignHCenter)


def _title_height(sheet: Sheet, report: Report) -> float:
    width = _A4_MM.width() - 2 * _SIDE_MM
    return sheet.text_height(report.title, width, 19, bold=True) + sheet.text_height(report.subtitle, width, 9.5) + 6.0


def _paint_title(sheet: Sheet, report: Report) -> None:
    width = _A4_MM.width() - 2 * _SIDE_MM
    height = sheet.text_height(report.title, width, 19, bold=True)
    sheet.text(QRectF(_SIDE_MM, _TOP_MM, width, height), report.title, 19, INK, bold=True)
    sheet.text(QRectF(_SIDE_MM, _TOP_MM + height + 0.8, width, 12), report.subtitle, 9.5, MUTED)


def _paint_foot(sheet: Sheet, report: Report, number: int, count: int) -> None:
    top, width = _A4_MM.height() - 12.0, _A4_MM.width() - 2 * _SIDE_MM
    sheet.fill(QRectF(_SIDE_MM, top - 1.6, width, 0.2), LINE)
    page = translate("Report", "Page {number} of {count}").format(number=number, count=count)
    sheet.text(QRectF(_SIDE_MM, top, width * 0.8, 5), report.foot, 7.5, MUTED)
    right = QRectF(_SIDE_MM + width * 0.8, top, width * 0.2, 5)
    sheet.text(right, page, 7.5, MUTED, flags=Qt.AlignmentFlag.AlignRight)
