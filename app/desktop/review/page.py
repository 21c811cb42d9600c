"""The Review step: the knee in planes, in 3-D and over its films, and the planner's word that it was looked at."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.cases.document import Reviewed, Step, StepState, basis_of, step_state
from app.desktop.page import Page
from app.desktop.parts.panels import Choices, shown_keys, side_panel
from app.desktop.parts.shortcut import add_shortcut
from app.desktop.parts.verdict_words import verdict_words
from app.desktop.parts.words import number_words
from app.desktop.planes.reslice import Plane
from app.desktop.review.accept_card import ACCEPT_KEYS, AcceptCard
from app.desktop.review.films import FilmLoader, ShownFilm
from app.desktop.review.fit_card import TONES, FitCard
from app.desktop.review.overlay_view import OverlayView
from app.desktop.review.projection import Projection
from app.desktop.review.scene_card import SceneCard
from app.desktop.session import Session
from app.desktop.views.grid import ViewGrid
from app.desktop.views.linked import LinkedViews
from app.desktop.views.loader import KneeLoader, ShownKnee
from app.desktop.views.page_layout import lay_out
from app.desktop.views.planes_card import PlanesCard
from app.desktop.views.stale_bar import StaleBar
from engine.domain import View
from engine.quality.similarity import verdict

_PLANES = [plane.value for plane in Plane]
_FILMS = [view.value for view in View]
ARRANGEMENTS = {
    "all": [_PLANES, [*_FILMS, "knee"]],
    "planes": [_PLANES[:2], [_PLANES[2], "knee"]],
    "knee": [["knee"]],
    "films": [_FILMS],
}


class ReviewPage(Page):
    """Views to the left, controls and the acceptance to the right."""

    step = Step.REVIEW

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.views = LinkedViews(self)
        self.overlays = {view: OverlayView(view) for view in View}
        self.loader, self.films = KneeLoader(session, self), FilmLoader(session, self)
        self.grid = ViewGrid(self._named_views(), ARRANGEMENTS)
        self.arrangement = Choices(self._arrangement_words(), self)
        self.stale = StaleBar()
        self.fit, self.planes = FitCard(), PlanesCard(self.views.model)
        self.scene, self.accept = SceneCard(self.views.knee), AcceptCard()
        self._shown_case: object = None
        self._problem = ""
        self._build()
        self._connect()

    # Building -------------------------------------------------------------------------------------------------------

    def _named_views(self) -> dict[str, QWidget]:
        planes = {plane.value: view for plane, view in self.views.planes.items()}
        return {**planes, **{view.value: overlay for view, overlay in self.overlays.items()}, "knee": self.views.knee}

    def _arrangement_words(self) -> list[tuple[str, str, str]]:
        words = {
            "all": (self.tr("All"), self.tr("Planes, films and 3-D")),
            "planes": (self.tr("Planes"), self.tr("Planes and 3-D")),
            "knee": (self.tr("3-D"), self.tr("3-D alone")),
            "films": (self.tr("Films"), self.tr("Films alone")),
        }
        return [
            (name, text, shown_keys(tip, f"Alt+{number}"))
            for number, (name, (text, tip)) in enumerate(words.items(), 1)
        ]

    def _build(self) -> None:
        side = side_panel((self.fit, self.scene, self.planes), (self.accept,), 46)
        lay_out(self, self.tr("Review the knee"), self.stale, self.grid, side, self.arrangement.row())

    def _connect(self) -> None:
        self.arrangement.chosen.connect(self.grid.arrange)
        self.grid.arranged.connect(lambda _name: self.arrangement.show_value(self.grid.chosen))
        self.arrangement.show_value(self.grid.chosen)
        self.views.on_maximised(self.grid.toggle_alone)
        for view, overlay in self.overlays.items():
            overlay.maximised.connect(lambda name=view.value: self.grid.toggle_alone(name))
        self.views.knee.picked.connect(self.views.model.look_at)
        self.views.model.changed.connect(self._show_outlines)
        self.fit.blended.connect(self._blend)
        self.accept.accepted.connect(self._accept)
        self.stale.generate.connect(lambda: self.session.want(Step.GENERATE))
        self.loader.loaded.connect(self._loaded)
        self.loader.cleared.connect(self._cleared)
        self.loader.failed.connect(self._failed)
        self.films.film.connect(self._show_film)
        self.films.projected.connect(self._show_projection)
        self.films.failed.connect(self._films_failed)
        self.films.cleared.connect(self._films_cleared)
        self._shortcuts()

    def _shortcuts(self) -> None:
        for number, (name, _, tip) in enumerate(self._arrangement_words(), 1):
            add_shortcut(self, f"Alt+{number}", tip.partition(" (")[0], lambda name=name: self.grid.arrange(name))
        add_shortcut(self, ACCEPT_KEYS, self.tr("Accept review"), self.accept.accept)

    # The case -------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the case as it is now."""
        if self.session.case is not self._shown_case:
            self._shown_case = self.session.case
            self.accept.forget()
        self.loader.refresh()
        if self.loader.shown is not None:
            self.films.refresh(self.loader.shown.knee)
        self._show_state()

    def close_page(self) -> None:
        """Give back renderer and threads."""
        self.films.close()
        self.views.knee.close_view()

    def view_png(self) -> bytes:
        """The 3-D view as PNG, for the report; empty where nothing was drawn yet."""
        return self.views.knee.screenshot_png()

    def _loaded(self, shown: ShownKnee) -> None:
        self._problem = ""
        self.views.show_knee(shown)
        self.scene.show_present(frozenset(shown.bones))
        self.films.refresh(shown.knee)
        self._show_state()

    def _cleared(self) -> None:
        self._problem = ""
        self.views.clear()
        self.films.clear()

    def _failed(self, sentence: str) -> None:
        self._problem = sentence
        self.session.fail(sentence)
        self._show_state()

    def _show_state(self) -> None:
        document = self.session.document
        if document is None:
            return
        self.stale.setVisible(step_state(document, Step.GENERATE) is StepState.STALE)
        remark = "" if document.reviewed is None else document.reviewed.remark
        self.accept.show_state(step_state(document, Step.REVIEW), remark, self._hindrance())

    def _hindrance(self) -> str:
        """Why the review cannot be accepted now."""
        document = self.session.document
        if document is None or self.session.read_only:
            return self.tr("The case is open elsewhere and can only be looked at here.")
        if step_state(document, Step.GENERATE) is not StepState.DONE:
            return self.tr("Generate the knee again from the films as they are now first.")
        if self.loader.shown is None:
            return self._problem or self.tr("The knee is being read.")
        if len(self.films.projections) < len(View):
            return self._problem or self.tr("The fit to the films is being computed.")
        return ""

    def _accept(self, remark: str) -> None:
        document = self.session.document
        if document is None or self._hindrance():
            return
        similarity = {view.value: round(made.similarity, 4) for view, made in self.films.projections.items()}
        reviewed = Reviewed(basis_of(document, Step.REVIEW), similarity, remark)
        self.session.accept(replace(document, reviewed=reviewed), "Review")

    # The films ------------------------------------------------------------------------------------------------------

    def _show_film(self, shown: ShownFilm) -> None:
        overlay = self.overlays[shown.view]
        overlay.show_radiograph(shown.film, shown.image, shown.camera.sid_mm / shown.camera.sod_mm)
        overlay.show_lines(shown.lines)
        self._show_outlines()

    def _show_projection(self, view: View, made: Projection) -> None:
        found = verdict(made.similarity)
        self.overlays[view].show_projection(made)
        self.overlays[view].show_verdict(f"{number_words(made.similarity, 2)}  {verdict_words(found)}", TONES[found])
        self.fit.show_similarity(view, made.similarity)
        self._show_state()

    def _films_failed(self, sentence: str) -> None:
        self._problem = sentence
        self.fit.show_waiting(self.tr("not known"))
        for overlay in self.overlays.values():
            overlay.show_message(sentence)
        self._show_state()

    def _films_cleared(self) -> None:
        self.fit.show_waiting()
        for overlay in self.overlays.values():
            overlay.show_message(QCoreApplication.translate("CheckPage", "Reading the films…"))
            overlay.show_lines({})
            overlay.show_projection(None)
            overlay.show_verdict("", "")

    def _show_outlines(self) -> None:
        state = self.views.model.state
        for overlay in self.overlays.values():
            overlay.set_bones(state.outlines, state.shown, state.colours)

    def _blend(self, share: float) -> None:
        for overlay in self.overlays.values():
            overlay.set_blend(share)
