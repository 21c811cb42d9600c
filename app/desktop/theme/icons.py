"""Line icons of our own (assets/icons), painted in the colour of the theme that stands when they are painted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.assets import asset
from app.desktop.theme.current import current_tokens

_ANYTHING = "circle"  # shown for a name that no file has; a test keeps such names out


def icon_names() -> frozenset[str]:
    """Every name that `icon` knows."""
    return frozenset(path.stem for path in _folder().glob("*.svg"))


def icon(name: str, token: str = "text") -> QIcon:
    """The icon of that name in a token's colour (theme/palette.py); it follows a change of theme by itself."""
    return QIcon(_Engine(name, token))


def icon_pixmap(name: str, token: str, size: QSize, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of `size` layout units for a screen of `ratio` pixels a unit."""
    pixmap = QPixmap(size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    paint_icon(painter, QRectF(0, 0, size.width(), size.height()), name, token)
    painter.end()
    return pixmap


def paint_icon(painter: QPainter, place: QRectF, name: str, token: str) -> None:
    """Paint an icon into a square of the painter's units."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(place.width(), place.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(place.center())
    _renderer(name, getattr(current_tokens(), token)).render(painter, square)


class _Engine(QIconEngine):
    """Paints at any size; disabled icons take the colour of borders."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name, self._token = name, token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        """Called by Qt."""
        token = "outline" if mode == QIcon.Mode.Disabled else self._token
        if mode == QIcon.Mode.Selected and self._token == "text":
            token = "on_accent"
        paint_icon(painter, QRectF(rect), self._name, token)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Called by Qt; the size is in the pixels of the screen already."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Called by Qt."""
        return _Engine(self._name, self._token)


@cache
def _folder() -> Path:
    return asset("icons")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    path = _folder() / f"{name}.svg"
    if not path.is_file():
        path = _folder() / f"{_ANYTHING}.svg"
    drawing = path.read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(drawing.encode()))
