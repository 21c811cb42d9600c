"""How a picture lies in its widget: one scale and one place. Frozen; zooming and panning return another frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

ZOOMS = (0.2, 60.0)


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """box: left, top, width and height of the picture in its own units. size: of the widget, in layout units.

    zoom: 1 fits the picture in. shift: layout units that the picture's centre lies right of and below the widget's.
    """

    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    size: tuple[float, float] = (1.0, 1.0)
    zoom: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    aspect: float = 1.0

    @property
    def scale(self) -> tuple[float, float]:
        """Layout units for one unit of the picture, across and down; `aspect` is down by across."""
        _, _, width, height = self.box
        across = min(self.size[0] / width, self.size[1] / (height * self.aspect)) * self.zoom
        return across, across * self.aspect

    def to_widget(self, u: float, v: float) -> tuple[float, float]:
        """Where a point of the picture lies in the widget."""
        left, top, width, height = self.box
        across, down = self.scale
        x = self.size[0] / 2 + self.shift[0] + (u - left - width / 2) * across
        return x, self.size[1] / 2 + self.shift[1] + (v - top - height / 2) * down

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Which point of the picture lies there in the widget."""
        left, top, width, height = self.box
        across, down = self.scale
        u = (x - self.size[0] / 2 - self.shift[0]) / across + left + width / 2
        return u, (y - self.size[1] / 2 - self.shift[1]) / down + top + height / 2

    def zoomed(self, factor: float, x: float, y: float) -> PictureFrame:
        """Larger by a factor; what lies at (x, y) stays there."""
        zoom = min(max(self.zoom * factor, ZOOMS[0]), ZOOMS[1])
        grown = zoom / self.zoom
        away_x, away_y = x - self.size[0] / 2, y - self.size[1] / 2
        shift = away_x - (away_x - self.shift[0]) * grown, away_y - (away_y - self.shift[1]) * grown
        return replace(self, zoom=zoom, shift=shift)

    def panned(self, right: float, down: float) -> PictureFrame:
        """Moved by so many layout units."""
        return replace(self, shift=(self.shift[0] + right, self.shift[1] + down))

    def fitted(self) -> PictureFrame:
        """The whole picture, in the middle."""
        return replace(self, zoom=1.0, shift=(0.0, 0.0))

    def resized(self, width: float, height: float) -> PictureFrame:
        """For a widget of another size."""
        return replace(self, size=(max(width, 1.0), max(height, 1.0)))
