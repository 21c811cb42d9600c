"""The pages of the steps, each made when it is first shown, so that the window is there at once."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.cases.document import CaseDocument, GenerateRequest, Step, StepState, reachable, step_state
from app.desktop.engine_bridge import EngineBridge
from app.desktop.frame.page_frame import PageFrame
from app.desktop.frame.waiting_page import WaitingPage
from app.desktop.page import Page
from app.desktop.preferences import PreferenceFile
from app.desktop.session import Session

# Where each page is; named, not imported, since some load a renderer.
PAGES: dict[Step, tuple[str, str]] = {
    Step.IMPORT: ("app.desktop.importing.page", "ImportPage"),
    Step.CHECK: ("app.desktop.check.page", "CheckPage"),
    Step.GENERATE: ("app.desktop.generate.page", "GeneratePage"),
    Step.REVIEW: ("app.desktop.review.page", "ReviewPage"),
    Step.PLAN: ("app.desktop.plan.page", "PlanPage"),
    Step.EXPORT: ("app.desktop.export.page", "ExportPage"),
}


class PageStack(QStackedWidget):
    """Shows one step; one that cannot be worked on yet says what has to be done first. shown: another step stands."""

    shown = Signal(object)

    def __init__(
        self, session: Session, bridge: EngineBridge, preferences: PreferenceFile, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._bridge, self._preferences = session, bridge, preferences
        self._pages: dict[Step, Page] = {}
        self._frames: dict[Step, PageFrame] = {}
        self._waiting = WaitingPage()
        self._waiting.wanted.connect(self.show_step)
        self.addWidget(self._waiting)
        self.step = Step.IMPORT
        preferences.changed.connect(lambda _before: self._show_defaults())

    def show_step(self, step: Step) -> None:
        """Show the page of a step, or why it has to wait."""
        self.step = step
        self._show()
        self.shown.emit(step)

    def take_keyboard(self) -> None:
        """Let the next key go to the page that stands."""
        shown = self.currentWidget()
        if shown is not None:
            shown.setFocus()

    def refresh(self) -> None:
        """The case has changed."""
        self._show()

    def page(self, step: Step) -> Page | None:
        """The page of a step, where it was shown before."""
        return self._pages.get(step)

    @property
    def unfinished(self) -> str:
        """What runs on a page and would be lost if the case were left now; empty where nothing would."""
        return next((page.unfinished for page in self._pages.values() if page.unfinished), "")

    def close_pages(self) -> None:
        """Let every page go of what it holds."""
        for page in self._pages.values():
            page.close_page()

    def _show(self) -> None:
        first = first_to_do(self._session.document, self.step)
        if first is not None:
            self._waiting.show_reason(self.step, first)
            self.setCurrentWidget(self._waiting)
            return
        page = self._made(self.step)
        self.setCurrentWidget(self._frames[self.step])
        page.refresh()

    def _made(self, step: Step) -> Page:
        if step not in self._pages:
            page = self._make(step)
            self._pages[step], self._frames[step] = page, PageFrame(page)
            self.addWidget(self._frames[step])
        return self._pages[step]

    def _make(self, step: Step) -> Page:
        module, name = PAGES[step]
        page_class = getattr(import_module(module), name)
        if step is Step.GENERATE:
            return page_class(self._session, self._bridge, defaults=self._defaults())
        page = page_class(self._session)
        if step is Step.EXPORT:
            page.picture_of_view = self._picture_of_view
        return page

    def _defaults(self) -> GenerateRequest:
        liked = self._preferences.value
        return GenerateRequest(model=liked.model, steps=liked.steps, device=liked.device)

    def _show_defaults(self) -> None:
        page = self._pages.get(Step.GENERATE)
        if page is not None:
            page.show_defaults(self._defaults())  # type: ignore[attr-defined]

    def _picture_of_view(self, document: CaseDocument) -> bytes:
        """PNG of the 3-D view, for the Export page. Raises RefusedInput where it shows another knee or none."""
        from app.desktop.export.picture import view_picture

        return view_picture(self._pages.get(Step.REVIEW), document)


def first_to_do(document: CaseDocument | None, step: Step) -> Step | None:
    """What has to be done before a step can be worked on; None where nothing has."""
    if step is Step.IMPORT:
        return None
    if document is None:
        return Step.IMPORT
    if reachable(document, step):
        return None
    needed = (Step.IMPORT, Step.CHECK, Step.GENERATE)
    return next(before for before in needed if step_state(document, before) is not StepState.DONE)
