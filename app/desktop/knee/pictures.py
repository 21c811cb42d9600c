"""Pictures of a knee, asked for in the GUI thread, drawn in the render thread, answered by signals."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.desktop.knee.camera import Viewpoint
from app.desktop.knee.scene import Scene
from app.desktop.knee.thread import hold_thread, release_thread
from app.desktop.planes.reslice import StandingVolume
from engine.domain import BoneMesh

if TYPE_CHECKING:
    from app.desktop.knee.renderer import KneeRenderer

_log = logging.getLogger(__name__)

_MOVING_SECONDS = 0.07  # a picture while the hand moves may take this long; else it is drawn smaller
_COARSEST = 4.0
_VOLUME_COARSE = 2.0  # rays of a still picture on a software renderer: every second pixel, smoothed between


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """pixels: (rows, cols, 4) RGBA. viewpoint: where it was seen from. still: at full resolution. seconds: it took."""

    pixels: NDArray[np.uint8]
    viewpoint: Viewpoint
    still: bool
    seconds: float


class KneePictures(QObject):
    """drawn: a Picture.   described: a RendererKind, once.   failed: a sentence; nothing more will be drawn."""

    drawn = Signal(object)
    described = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = hold_thread()
        self._renderer: KneeRenderer | None = None
        self._broken = self._closed = False
        self._seconds_per_pixel = 0.0

    def show(self, meshes: tuple[BoneMesh, ...], volume: StandingVolume | None) -> None:
        """Take another knee."""
        self._thread.submit((id(self), "show"), lambda: self._ready(lambda drawer: drawer.show(meshes, volume)))

    def ask(self, scene: Scene, viewpoint: Viewpoint, size: tuple[int, int], still: bool) -> None:
        """Draw soon; an older wish that has not begun is forgotten, one that has begun is given up."""
        asked = scene, viewpoint, size, still
        self._thread.submit((id(self), "draw"), lambda: self._ready(lambda drawer: self._draw(drawer, *asked)))

    def close(self) -> None:
        """Give back the renderer; waits for the picture that is being drawn."""
        if not self._closed:
            self._closed = True
            self._thread.drop((id(self), "draw"))
            self._thread.submit((id(self), "close"), self._end)
            release_thread()

    # In the render thread -------------------------------------------------------------------------------------------

    def _ready(self, then) -> None:
        if self._broken or self._closed:
            return
        try:
            if self._renderer is None:
                self._renderer = self._made()
                self.described.emit(self._renderer.kind)
            then(self._renderer)
        except Exception as fault:  # noqa: BLE001  a driver fails in many ways; the planes still work
            _log.exception("3-D rendering failed")
            self._broken = True
            self.failed.emit(
                f"The 3-D view cannot be drawn on this machine ({type(fault).__name__}); see `genu doctor`"
            )

    def _made(self) -> KneeRenderer:
        from app.desktop.knee.renderer import KneeRenderer

        return KneeRenderer(lambda: self._closed or self._thread.pending((id(self), "draw")))

    def _draw(
        self, drawer: KneeRenderer, scene: Scene, viewpoint: Viewpoint, size: tuple[int, int], still: bool
    ) -> None:
        from app.desktop.knee.renderer import FrameSize

        wanted = size[0] * size[1] * self._seconds_per_pixel / _MOVING_SECONDS
        smaller = 1.0 if still else float(np.clip(np.sqrt(max(wanted, 1.0)), 1.0, _COARSEST))
        drawn_size = FrameSize(
            max(int(size[0] / smaller), 8), max(int(size[1] / smaller), 8), _VOLUME_COARSE if still else _COARSEST
        )
        begun = time.perf_counter()
        pixels = drawer.draw(scene, viewpoint, drawn_size)
        seconds = time.perf_counter() - begun
        if pixels is not None:
            if not still:
                self._seconds_per_pixel = seconds / (drawn_size.width * drawn_size.height)
            self.drawn.emit(Picture(pixels, viewpoint, still, seconds))

    def _end(self) -> None:
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
