"""The steps across the top: each with its state by shape, by word and by colour, and the way to its page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QWidget

from app.cases.document import CaseDocument, Step, StepState, step_state
from app.desktop.parts.step_words import step_word
from app.desktop.theme.current import current_tokens
from app.desktop.theme.icons import paint_icon

_MARK, _GAP, _PAD = 22.0, 8.0, 10.0
_TOKENS = {StepState.TODO: "outline", StepState.DONE: "success", StepState.STALE: "warning"}


class StepBar(QFrame):
    """A row of step buttons. chosen: a Step that was clicked or called by key."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Steps"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons = {step: StepButton(step, number, self) for number, step in enumerate(Step, 1)}
        for button in self.buttons.values():
            button.clicked.connect(lambda _checked=False, step=button.step: self.chosen.emit(step))
            row.addWidget(button)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt: with every word, whatever is shown now."""
        buttons = self.buttons.values()
        return QSize(sum(button.full_width() for button in buttons), max(b.sizeHint().height() for b in buttons))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt: marks, and the words of one step."""
        buttons = self.buttons.values()
        narrow = sum(b.mark_width() for b in buttons) + max(b.full_width() - b.mark_width() for b in buttons)
        return QSize(narrow, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Called by Qt: where room is short, only the step that stands keeps its words."""
        super().resizeEvent(event)
        short = self.width() < self.sizeHint().width()
        for button in self.buttons.values():
            button.be_short(short)

    def show_document(self, document: CaseDocument | None, current: Step) -> None:
        """Show how far the case is, and which page stands."""
        for step, button in self.buttons.items():
            state = StepState.TODO if document is None else step_state(document, step)
            button.show_state(state, step is current)


class StepButton(QAbstractButton):
    """One step: a mark (ring with number, disc with tick, triangle), its name, and its state in words."""

    def __init__(self, step: Step, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step, self.number, self.state = step, number, StepState.TODO
        self._short = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(step_word(step))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_state(StepState.TODO, False)

    def state_word(self) -> str:
        """The state's name."""
        return {
            StepState.TODO: self.tr("To do"),
            StepState.DONE: self.tr("Done"),
            StepState.STALE: self.tr("Out of date"),
        }[self.state]

    def show_state(self, state: StepState, current: bool) -> None:
        """Another state, or another page."""
        self.state = state
        self.setChecked(current)
        keys = QKeySequence(f"Ctrl+{self.number}").toString(QKeySequence.SequenceFormat.NativeText)
        self.setAccessibleName(f"{step_word(self.step)}: {self.state_word()}")
        self.setToolTip(f"{step_word(self.step)} ({keys}): {self.state_word()}")
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802
        """Called by Qt on a click: which page stands is the window's to say."""

    def be_short(self, short: bool) -> None:
        """Only the mark, unless this step stands; the tooltip has the words."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def full_width(self) -> int:
        """With its words."""
        words = max(self._name_metrics().horizontalAdvance(self.text()), self._longest_state())
        return round(words + _MARK + _GAP + 2 * _PAD + 14)

    def mark_width(self) -> int:
        """Without."""
        return round(_MARK + 2 * _PAD)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return QSize(self.full_width() if self._worded() else self.mark_width(), self._height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return self.sizeHint()

    def _worded(self) -> bool:
        return self.isChecked() or not self._short

    def _height(self) -> int:
        return round(self._name_metrics().height() + QFontMetricsF(self._small()).height() + 16)

    def _longest_state(self) -> float:
        metrics = QFontMetricsF(self._small())
        return max(metrics.horizontalAdvance(w) for w in (self.tr("To do"), self.tr("Done"), self.tr("Out of date")))

    def _name_metrics(self) -> QFontMetricsF:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return QFontMetricsF(font)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
        return font

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Called by Qt: another size of text needs another size of button."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Called by Qt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        room = self.width() - 2 * _PAD - _MARK - _GAP
        worded = self._worded()
        left = _PAD if worded else (self.width() - _MARK) / 2
        self._paint_mark(painter, QRectF(left, (self.height() - _MARK) / 2, _MARK, _MARK))
        if worded:
            self._paint_words(painter, QRectF(left + _MARK + _GAP, 0, room, self.height()))
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        tokens, place = current_tokens(), QRectF(self.rect()).adjusted(2, 3, -2, -3)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse() or self.isDown():
            painter.setBrush(QColor(tokens.accent_soft if self.isChecked() else tokens.hover))
            painter.drawRoundedRect(place, 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 7, 7)

    def _paint_mark(self, painter: QPainter, place: QRectF) -> None:
        colour = QColor(getattr(current_tokens(), _TOKENS[self.state]))
        if self.state is StepState.DONE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(place)
            paint_icon(painter, place.adjusted(4, 4, -4, -4), "check", "raised")
        elif self.state is StepState.STALE:
            self._paint_triangle(painter, place, colour)
        else:
            accent = self.isChecked()
            ring = QColor(current_tokens().accent) if accent else colour
            painter.setPen(QPen(ring, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place.adjusted(1, 1, -1, -1))
            self._paint_sign(painter, place, str(self.number), "accent" if accent else "muted")

    def _paint_triangle(self, painter: QPainter, place: QRectF, colour: QColor) -> None:
        corners = [
            (place.center().x(), place.top() + 1),
            (place.right(), place.bottom() - 1),
            (place.left(), place.bottom() - 1),
        ]
        painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        self._paint_sign(painter, place.translated(0, 2.5), "!", "raised")

    def _paint_sign(self, painter: QPainter, place: QRectF, sign: str, token: str) -> None:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(getattr(current_tokens(), token)))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_words(self, painter: QPainter, place: QRectF) -> None:
        tokens, font = current_tokens(), QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(tokens.accent if self.isChecked() else tokens.text))
        upper = QRectF(place.left(), place.top(), place.width() + 4, place.height() / 2 + 1)
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self.text())
        painter.setFont(self._small())
        token = "muted" if self.state is StepState.TODO else _TOKENS[self.state]
        painter.setPen(QColor(getattr(tokens, token)))
        lower = QRectF(place.left(), place.height() / 2 + 1, place.width() + 4, place.height() / 2)
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.state_word())
