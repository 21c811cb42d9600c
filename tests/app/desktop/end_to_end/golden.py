"""Pictures of the window beside those that were looked at and kept.

A tile of 16 pixels counts as another one where no shift by up to two pixels makes it alike: so the smoothing of letters
and a line that lies a pixel lower are no difference, while a missing panel and other words are. What depends on the
model or the machine is painted over in both pictures before they are compared.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from scipy.ndimage import uniform_filter

WRITE = bool(os.environ.get("GENU_WRITE_PICTURES"))
_TILE, _SHIFT, _SMOOTHING = 16, 2, 3
_ALIKE = 9.0  # of 255, the mean difference of two smoothed tiles
_ALLOWED = 8  # tiles: a clock, a figure, a blinking cursor
_MASK = QColor("#7F7F7F")
_EXACT, _GREYS = 24, 88  # colours of a kept picture: the most frequent ones, greys, and as many others as fit

Pixels = NDArray[np.uint8]


def picture(window: QWidget, masks: Iterable[QWidget | QRect] = ()) -> Pixels:
    """The window (rows, cols, 3), the masked widgets and rectangles painted over."""
    image = QImage(window.size(), QImage.Format.Format_RGB32)
    window.render(image)
    painter = QPainter(image)
    for mask in masks:
        if isinstance(mask, QRect):
            painter.fillRect(mask, _MASK)
        elif mask.isVisible():
            painter.fillRect(seen(window, mask), _MASK)
    painter.end()
    pixels = np.array(image.constBits()).reshape(image.height(), image.width(), 4)
    return np.ascontiguousarray(pixels[..., 2::-1])


def seen(window: QWidget, widget: QWidget) -> QRect:
    """Where a widget is in its window, as far as nothing that it lies in cuts it off."""
    area = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(window, QPoint(area.x(), area.y())), area.size())


def other_tiles(one: Pixels, other: Pixels) -> NDArray[np.bool_]:
    """Which tiles (rows, cols) of two pictures of one size differ."""
    first, second = _smooth(one), _smooth(other)
    least = _tiles(np.abs(first - second).max(axis=2))
    shifts = [(down, right) for down in range(-_SHIFT, _SHIFT + 1) for right in range(-_SHIFT, _SHIFT + 1)]
    for shift in shifts if (least > _ALIKE).any() else ():
        moved = np.roll(second, shift, axis=(0, 1))
        least = np.minimum(least, _tiles(np.abs(first - moved).max(axis=2)))
    return least > _ALIKE


def _smooth(pixels: Pixels) -> NDArray[np.float32]:
    return uniform_filter(pixels.astype(np.float32), (_SMOOTHING, _SMOOTHING, 1))


def _tiles(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of every tile; the edges that fill none are left out."""
    rows, columns = values.shape[0] // _TILE, values.shape[1] // _TILE
    whole = values[: rows * _TILE, : columns * _TILE]
    return whole.reshape(rows, _TILE, columns, _TILE).mean(axis=(1, 3))


def differs(name: str, shown: Pixels, kept: Pixels, folder: Path) -> str:
    """In which way a picture is another than the one that was kept; nothing where it is alike.

    folder: gets both, with the tiles that differ marked.
    """
    if shown.shape != kept.shape:
        return f"{name}: {shown.shape[1]} × {shown.shape[0]} pixels, kept were {kept.shape[1]} × {kept.shape[0]}"
    other = other_tiles(shown, kept)
    if other.sum() <= _ALLOWED:
        return ""
    marked = np.kron(other, np.ones((_TILE, _TILE), bool))
    difference = shown.copy()
    difference[: marked.shape[0], : marked.shape[1]][marked] //= 2
    difference[: marked.shape[0], : marked.shape[1], 0][marked] += 127
    for word, pixels in (("shown", shown), ("kept", kept), ("difference", difference)):
        Image.fromarray(pixels).save(folder / f"{name}-{word}.png")
    rows, columns = np.nonzero(other)
    box = f"x {columns.min() * _TILE}-{(columns.max() + 1) * _TILE}, y {rows.min() * _TILE}-{(rows.max() + 1) * _TILE}"
    return f"{name}: {other.sum()} tiles differ within {box}; see {folder}"


def compare_or_write(name: str, shown: Pixels, golden: Path, folder: Path) -> str:
    """As `differs`, with the kept picture of that name; GENU_WRITE_PICTURES=1 keeps this one instead."""
    path = golden / f"{name}.png"
    if WRITE:
        golden.mkdir(exist_ok=True)
        write_small(shown, path)
        return ""
    if not path.exists():
        return f"{name}: nothing is kept; write it by GENU_WRITE_PICTURES=1"
    return differs(name, shown, np.array(Image.open(path).convert("RGB")), folder)


def write_small(pixels: Pixels, path: Path, colours: int = 192) -> None:
    """Write a PNG of few colours: large areas and films keep theirs, and a small coloured mark stays coloured."""
    whole = Image.fromarray(pixels)
    packed, counts = np.unique(pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32), return_counts=True)
    found = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.uint8)
    exact = found[np.argsort(-counts)[:_EXACT]]
    greys = np.repeat(np.linspace(0, 255, _GREYS).round().astype(np.uint8)[:, None], 3, axis=1)
    vivid = found[np.ptp(found.astype(int), axis=1) > 12]
    rest = Image.fromarray(vivid[None]).quantize(colours - _EXACT - _GREYS, Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*exact.ravel().tolist(), *greys.ravel().tolist(), *rest])
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
