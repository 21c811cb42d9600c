"""The checked films with what is laid over them, step by step: first the films and outlines, then each projection."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.cases.document import Step, basis_of
from app.cases.knee import Knee, calibrated
from app.desktop.background import Background
from app.desktop.film.image import FilmImage, film_image
from app.desktop.review.projection import BoneLines, Projection, bone_lines, projection
from app.desktop.session import Session
from engine.domain import CalibratedPair, Camera, Radiograph, View


@dataclass(frozen=True, slots=True, eq=False)
class ShownFilm:
    """A film, its camera, its picture and the bones' outlines on it."""

    view: View
    film: Radiograph
    camera: Camera
    image: FilmImage
    lines: BoneLines


class FilmLoader(QObject):
    """film: a ShownFilm.   projected: a View and its Projection.   failed: a sentence.   cleared: all out of date."""

    film = Signal(object)
    projected = Signal(object, object)
    failed = Signal(str)
    cleared = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._background = Background(self, threads=1)  # of its own: the session's threads stay free meanwhile
        self._of: tuple[object, ...] = ()
        self.projections: dict[View, Projection] = {}
        session.changed.connect(self._case_changed)

    @property
    def busy(self) -> bool:
        """Whether something is still to come."""
        return self._background.busy

    def refresh(self, knee: Knee) -> None:
        """Lay this knee over the case's films, unless that is done or under way."""
        case, document = self._session.case, self._session.document
        if case is None or document is None:
            return
        of = case, knee, basis_of(document, Step.GENERATE)
        if of != self._of:
            self._clear(of)
            self._background.run(lambda: calibrated(case, document), self._calibrated, self.failed.emit)

    def clear(self) -> None:
        """Forget the films."""
        self._clear(())

    def close(self) -> None:
        """Wait for what is being computed."""
        self._background.close()

    def _calibrated(self, pair: CalibratedPair) -> None:
        knee = self._knee()
        views = [(view, *both) for view, both in zip(View, pair.views, strict=True)]
        for view, film, camera in views:
            self._background.run(
                lambda v=view, f=film, c=camera: _shown(v, f, c, knee), self.film.emit, self.failed.emit
            )
        for view, film, camera in views:
            self._background.run(
                lambda f=film, c=camera: projection(f, c, knee),
                lambda made, v=view: self._projected(v, made),
                self.failed.emit,
            )

    def _projected(self, view: View, made: Projection) -> None:
        self.projections[view] = made
        self.projected.emit(view, made)

    def _knee(self) -> Knee:
        knee = self._of[1]
        assert isinstance(knee, Knee)
        return knee

    def _case_changed(self) -> None:
        if self._of and self._session.case is not self._of[0]:
            self._clear(())

    def _clear(self, of: tuple[object, ...]) -> None:
        self._background.forget()
        self.projections = {}
        self._of = of
        self.cleared.emit()


def _shown(view: View, film: Radiograph, camera: Camera, knee: Knee) -> ShownFilm:
    return ShownFilm(view, film, camera, film_image(film.pixels), bone_lines(film, camera, knee))
