"""What the keys of the pages do, for the list of keys: a page is made when it is first shown, the list at any time."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.cases.document import Step
from app.desktop.parts.step_words import step_word


class PageKeys(QObject):
    """The keys of each page; a test compares them with what the pages answer to."""

    def table(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(page, [(what, keys)])."""
        return [
            (step_word(Step.IMPORT), self._import()),
            (self.tr("Check: on a film"), self._check()),
            (step_word(Step.GENERATE), self._generate()),
            (step_word(Step.REVIEW), self._review()),
            (self.tr("Review and Plan: on a plane"), self._plane()),
            (self.tr("Review and Plan: on the 3-D view"), self._knee()),
            (step_word(Step.PLAN), self._plan()),
            (step_word(Step.EXPORT), [(self.tr("Export"), "Ctrl+Return")]),
        ]

    def _import(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Open the chosen case"), "Return"),
            (self.tr("Delete the chosen case"), "Del"),
        ]

    def _check(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Choose a window"), "W"),
            (self.tr("Invert"), "I"),
            (self.tr("Turn to the right, to the left"), "R, Shift+R"),
            (self.tr("Mirror"), "M"),
            (self.tr("Calibrate by a ball, by a known length"), "B, L"),
            (self.tr("Closer, farther, whole, one pixel to one"), "+, =, -, 0, 1"),
            (self.tr("Move the film, or the handle that is held (faster)"), self.tr("Arrows (Shift+Arrows)")),
            (self.tr("Window and level"), self.tr("Ctrl+Arrows")),
        ]

    def _generate(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Generate the knee"), "Ctrl+Return, Ctrl+Enter"),
            (self.tr("Cancel"), "Esc"),
        ]

    def _review(self) -> list[tuple[str, str]]:
        return [
            (self.tr("All, planes, 3-D alone, films alone"), "Alt+1, Alt+2, Alt+3, Alt+4"),
            (self.tr("Accept review"), "Ctrl+Return"),
        ]

    def _plane(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Next plane, plane before"), "PgUp, PgDown"),
            (self.tr("Move the crosshair"), self.tr("Arrows")),
            (self.tr("Move the picture"), self.tr("Shift+Arrows")),
            (self.tr("Bone, soft tissue, full window"), "1, 2, 3"),
            (self.tr("Closer, farther, whole"), "+, -, 0"),
            (self.tr("This view alone"), "M"),
        ]

    def _knee(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Anterior, posterior, left, right, superior, inferior"), "A, P, L, R, S, I"),
            (self.tr("Turn"), self.tr("Arrows")),
            (self.tr("Closer, farther, whole"), "+, -, 0"),
            (self.tr("Turntable"), "T"),
            (self.tr("This view alone"), "M"),
        ]

    def _plan(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Measure a distance, an angle"), "Alt+D, Alt+A"),
            (self.tr("Stop measuring"), "Esc"),
            (self.tr("Rename, delete the chosen measurement"), "Return, Del"),
        ]
