"""The cases of the store as rows, and how a row is painted: title, when, how large, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.cases.document import Step, StepState
from app.cases.store import CaseSummary
from app.desktop.parts.spoken import spoken
from app.desktop.parts.words import one_line, plain_tooltip, size_words, time_words
from app.desktop.theme.current import current_tokens
from app.desktop.theme.icons import paint_icon

SummaryRole = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_TOKENS = {StepState.TODO: "outline", StepState.DONE: "success", StepState.STALE: "warning"}
_PAD, _MARK = 10, 9


class CaseList(QAbstractListModel):
    """Summaries as rows, in the order they are given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._summaries: list[CaseSummary] = []

    def show_summaries(self, summaries: Sequence[CaseSummary]) -> None:
        """Other cases; the view keeps its place where nothing changed."""
        if list(summaries) != self._summaries:
            self.beginResetModel()
            self._summaries = list(summaries)
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Called by Qt."""
        return 0 if parent.isValid() else len(self._summaries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Called by Qt."""
        summary = self._summaries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(summary)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(spoken(summary.damage) or self.title(summary))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((self.title(summary), self.caption(summary)))
        return summary if role == SummaryRole else None

    def title(self, summary: CaseSummary) -> str:
        """The case's title, or that it has none."""
        return one_line(summary.title) or self.tr("Untitled case")

    def caption(self, summary: CaseSummary) -> str:
        """When it was changed, how large it is, and what comes next; or what is wrong with it."""
        if summary.damage:
            return one_line(spoken(summary.damage))
        parts = (time_words(summary.changed), size_words(summary.bytes_used), self._how_far(summary))
        return " · ".join(parts)

    def _how_far(self, summary: CaseSummary) -> str:
        if any(state is StepState.STALE for state in summary.states.values()):
            return self.tr("partly out of date")
        done = [step for step, state in summary.states.items() if state is StepState.DONE]
        words = {
            Step.IMPORT: self.tr("imported"),
            Step.CHECK: self.tr("checked"),
            Step.GENERATE: self.tr("generated"),
            Step.REVIEW: self.tr("reviewed"),
            Step.PLAN: self.tr("measured"),
            Step.EXPORT: self.tr("exported"),
        }
        return words[done[-1]] if done else self.tr("empty")


class CaseDelegate(QStyledItemDelegate):
    """Paints a row: title, caption, and a mark for each step (ring to do, disc done, triangle out of date)."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002, N802
        """Called by Qt."""
        height = QFontMetrics(option.font).height() + QFontMetrics(_small(option.font)).height()
        return QSize(120, height + _MARK + 2 * _PAD + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Called by Qt."""
        summary, model = index.data(SummaryRole), index.model()
        caption = _captioned(model, summary)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        place = option.rect.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        self._paint_words(painter, option.font, place, str(index.data()), caption, bool(summary.damage))
        self._paint_marks(painter, place, summary)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens, place = current_tokens(), QRectF(option.rect).adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft if chosen else tokens.hover))
            painter.drawRoundedRect(place, 8, 8)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRoundedRect(place, 8, 8)

    @staticmethod
    def _paint_words(painter: QPainter, font: QFont, place: QRect, title: str, caption: str, damaged: bool) -> None:
        tokens, bold, small = current_tokens(), QFont(font), _small(font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        height = QFontMetrics(bold).height()
        title = QFontMetrics(bold).elidedText(title, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(QRect(place.left(), place.top(), place.width(), height), 0, title)
        below = QRect(place.left(), place.top() + height + 2, place.width(), QFontMetrics(small).height())
        if damaged:
            paint_icon(painter, QRectF(below.left(), below.top(), below.height(), below.height()), "warning", "warning")
            below.setLeft(below.left() + below.height() + 4)
        painter.setFont(small)
        painter.setPen(QColor(tokens.warning if damaged else tokens.muted))
        painter.drawText(below, 0, QFontMetrics(small).elidedText(caption, Qt.TextElideMode.ElideRight, below.width()))

    @staticmethod
    def _paint_marks(painter: QPainter, place: QRect, summary: CaseSummary) -> None:
        top = place.bottom() - _MARK + 1
        for number, step in enumerate(Step):
            state = summary.states.get(step, StepState.TODO)
            spot = QRectF(place.left() + number * (_MARK + 18), top, _MARK, _MARK)
            colour = QColor(getattr(current_tokens(), _TOKENS[state]))
            if number:
                painter.setPen(QPen(QColor(current_tokens().line), 2))
                middle = spot.center().y()
                painter.drawLine(QPointF(spot.left() - 15, middle), QPointF(spot.left() - 3, middle))
            painter.setPen(QPen(colour, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush if state is StepState.TODO else colour)
            if state is StepState.STALE:
                corners = (QPointF(spot.center().x(), spot.top()), spot.bottomRight(), spot.bottomLeft())
                painter.drawPolygon(QPolygonF(corners))
            else:
                painter.drawEllipse(spot.adjusted(0.5, 0.5, -0.5, -0.5))


def _captioned(model: object, summary: CaseSummary) -> str:
    source = getattr(model, "sourceModel", None)
    cases = source() if source is not None else model
    return cases.caption(summary) if isinstance(cases, CaseList) else ""


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(max(7.0, font.pointSizeF() * 0.9))
    return small
