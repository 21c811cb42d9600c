"""What every step's page is: a widget that shows the session's case and changes it through the session."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from app.cases.document import Step
from app.desktop.session import Session


class Page(QWidget):
    """The page of one step. `refresh` is called when the page is shown and whenever the case changes while it is."""

    step: ClassVar[Step]

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    def refresh(self) -> None:
        """Show the case as it is now. Cheap: what takes longer than a frame goes through `session.background`."""

    @property
    def unfinished(self) -> str:
        """A sentence on what runs here and would be lost if the case were left now; empty where nothing would."""
        return ""

    def close_page(self) -> None:
        """Let go of processes, timers and renderers; called once, before the window closes."""
