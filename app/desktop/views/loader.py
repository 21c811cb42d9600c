"""The case's knee, read in the background for the pages that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.cases.document import CaseDocument
from app.cases.knee import Knee, load_knee
from app.cases.open_case import OpenCase
from app.desktop.planes.outline import CuttableMesh, cuttable
from app.desktop.planes.reslice import StandingVolume, standing
from app.desktop.session import Session
from engine.domain import Bone


@dataclass(frozen=True, slots=True, eq=False)
class ShownKnee:
    """A knee with what the planes need of it."""

    knee: Knee
    volume: StandingVolume
    bones: Mapping[Bone, CuttableMesh]


class KneeLoader(QObject):
    """loaded: a ShownKnee.   failed: a sentence.   cleared: there is no knee, or another one is on its way."""

    loaded = Signal(object)
    failed = Signal(str)
    cleared = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._of: tuple[object, ...] = ()
        self.shown: ShownKnee | None = None
        session.changed.connect(self._case_changed)

    def refresh(self) -> None:
        """Load the knee of the case as it is now, unless it is loaded already or on its way."""
        case, document = self._session.case, self._session.document
        if case is None or document is None or document.generated is None:
            self._clear(())
            return
        of = case, tuple(sorted(document.generated.files.items()))
        if of != self._of:
            self._clear(of)
            self._session.background.run(
                lambda: read_knee(case, document),
                lambda shown: self._loaded(of, shown),
                lambda sentence: self._failed(of, sentence),
            )

    def _case_changed(self) -> None:
        """Answers for the case before are dropped by the session, so nothing may wait for them."""
        if self._of and self._session.case is not self._of[0]:
            self._clear(())

    def _clear(self, of: tuple[object, ...]) -> None:
        had, self._of, self.shown = bool(self._of), of, None
        if had:
            self.cleared.emit()

    def _loaded(self, of: tuple[object, ...], shown: ShownKnee) -> None:
        if of == self._of:
            self.shown = shown
            self.loaded.emit(shown)

    def _failed(self, of: tuple[object, ...], sentence: str) -> None:
        if of == self._of:
            self.failed.emit(sentence)


def read_knee(case: OpenCase, document: CaseDocument) -> ShownKnee:
    """The knee of `document` and what the planes need of it. Raises as `load_knee`."""
    knee = load_knee(case, document)
    return ShownKnee(knee, standing(knee.ct), {mesh.bone: cuttable(mesh) for mesh in knee.meshes})
