"""Chips on a film that say what it shows and open the choices that correct it. Dark in both themes, as films are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.desktop.film.marks import INK, OPEN, TOOL
from app.desktop.parts.words import literal, plain_tooltip

_GROUND, _HOVER = QColor(18, 22, 28, 225), QColor(40, 50, 62, 240)
_SETTLED = QColor("#74D69D")
_RIM = QColor(255, 255, 255, 70)

Choice = tuple[str, bool, Callable[[], object]]  # words, whether it stands, what choosing it does


class Chip(QPushButton):
    """A value on the film. Settled ones carry a tick, open ones a question mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settled = False
        self._choices: Sequence[Choice] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.clicked.connect(self.open_choices)

    @property
    def settled(self) -> bool:
        """Whether its value stands."""
        return self._settled

    def show_value(self, text: str, settled: bool, name: str, provenance: str, choices: Sequence[Choice]) -> None:
        """Show a value. name: what it is a value of; provenance: who said it."""
        self._settled, self._choices = settled, choices
        self.setText(literal(text))
        state = self.tr("settled") if settled else self.tr("open")
        self.setAccessibleName(f"{name}: {text}")
        self.setAccessibleDescription(f"{state}. {provenance}")
        self.setToolTip(plain_tooltip(f"{name}. {provenance}"))
        self.updateGeometry()
        self.adjustSize()
        self.update()

    def open_choices(self) -> QMenu:
        """The menu of choices, below the chip."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, stands, choose in self._choices:
            action = menu.addAction(literal(words))
            action.setCheckable(True)
            action.setChecked(stands)
            action.triggered.connect(lambda _checked=False, choose=choose: choose())
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        return menu

    def sizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        metrics = QFontMetrics(self._small())
        height = round(metrics.height() * 1.55)
        return QSize(metrics.horizontalAdvance(self._words()) + round(2.6 * metrics.height()), height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Called by Qt."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Called by Qt."""
        painter = QPainter(self)
        painter.setFont(self._small())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rim = TOOL if self.hasFocus() else (_RIM if self._settled else OPEN)
        painter.setPen(QPen(rim, 2.0 if self.hasFocus() else 1.2))
        painter.setBrush(_HOVER if self.underMouse() or self.isDown() else _GROUND)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        unit = painter.fontMetrics().height()
        mark = QRectF(area.left() + 0.55 * unit, area.center().y() - 0.4 * unit, 0.8 * unit, 0.8 * unit)
        self._paint_mark(painter, mark)
        painter.setPen(INK if self._settled else OPEN)
        words = area.adjusted(1.8 * unit, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._words())
        painter.end()

    def _paint_mark(self, painter: QPainter, place: QRectF) -> None:
        colour = _SETTLED if self._settled else OPEN
        painter.setPen(QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        if self._settled:
            shares = ((0.1, 0.55), (0.4, 0.82), (0.92, 0.2))
            painter.drawPolyline([place.topLeft() + QPointF(x * place.width(), y * place.height()) for x, y in shares])
        else:
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), "?")

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.93)
        return font

    def _words(self) -> str:
        return self.text().replace("&&", "&")
