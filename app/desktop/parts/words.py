"""Data put into words for labels, tooltips and buttons, so that it appears as text and never as anything else."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale
from PySide6.QtGui import Qt as RichText  # where PySide6 keeps Qt's functions of rich text


def plain_tooltip(text: str) -> str:
    """A tooltip that shows `text` as it is; Qt would take `<img …>` for rich text."""
    return RichText.convertFromPlainText(text) if RichText.mightBeRichText(text) else text


def literal(text: str) -> str:
    """`text` for a button or a menu, where `&` would underline a letter."""
    return text.replace("&", "&&")


def one_line(text: str, longest: int = 200) -> str:
    """`text` without line breaks and control signs, cut where it is very long."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def size_words(count: int) -> str:
    """Bytes in the unit that suits them."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def number_words(value: float, decimals: int) -> str:
    """A number with so many decimals, and the decimal sign of the planner's language; nothing between thousands."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(float(value), "f", decimals)


def time_words(iso: str) -> str:
    """A time in ISO 8601 as the planner's clock and language have it; as it is where it is none."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    if local.date() == QDateTime.currentDateTime().date():
        today = QCoreApplication.translate("words", "Today")
        return f"{today}, {QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)}"
    return date_words(local.date())


def dicom_date_words(date: str) -> str:
    """A DICOM date (YYYYMMDD) in the planner's language; as it is where it is none."""
    try:
        day = datetime.strptime(date, "%Y%m%d")
    except ValueError:
        return date
    return date_words(QDate(day.year, day.month, day.day))


def date_words(day: QDate) -> str:
    """A date that nobody can misread, with the month as a word."""
    return QLocale().toString(day, QCoreApplication.translate("words", "d MMM yyyy", "date, in Qt's letters"))


def duration_words(seconds: float) -> str:
    """Seconds as m:ss, or h:mm:ss."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
