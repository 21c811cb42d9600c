"""The five-minute tour: a panel at the side of the window that walks along the steps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.cases.document import Step
from app.desktop.parts.labels import icon_button, label, push_button


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the tour. step: the page it is about, or None."""

    title: str
    words: tuple[str, ...]
    step: Step | None = None


class TourPanel(QFrame):
    """wanted: the Step that a stop is about, to be shown. closed: the planner has put the tour away."""

    wanted = Signal(object)
    sample = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "side")
        self.setAccessibleName(self.tr("Five-minute tour"))
        self._stops, self._at = self._written(), 0
        self.place, self.title = label(role="caption"), label(role="title", wrap=True)
        self.words = label(wrap=True)
        self.show_me = push_button(self.tr("Show me"), icon_name="arrow-right")
        self.sample_button = push_button(self.tr("Open the sample case"), icon_name="sparkle")
        self.back = push_button(self.tr("Back"), "quiet", "chevron-left")
        self.next = push_button(self.tr("Next"), "primary")
        self.close_button = icon_button("close", self.tr("Close the tour"))
        self.show_me.clicked.connect(lambda: self.wanted.emit(self._stops[self._at].step))
        self.sample_button.clicked.connect(self.sample)
        self.back.clicked.connect(lambda: self.go(self._at - 1))
        self.next.clicked.connect(self._next)
        self.close_button.clicked.connect(self._close)
        self._build()
        self.go(0)

    def _build(self) -> None:
        inner = QWidget()
        inner.setObjectName("tourWords")
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(12)
        for part in (self.title, self.words, self.show_me, self.sample_button):
            body.addWidget(part)
        body.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.place, 1)
        top.addWidget(self.close_button)
        foot.addWidget(self.back)
        foot.addStretch()
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 12, 12)
        column.addLayout(top)
        column.addWidget(scroll, 1)
        column.addLayout(foot)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * 46)

    def go(self, at: int) -> None:
        """Show a stop."""
        self._at = min(max(at, 0), len(self._stops) - 1)
        stop, last = self._stops[self._at], self._at == len(self._stops) - 1
        self.place.setText(self.tr("{at} of {count}").format(at=self._at + 1, count=len(self._stops)))
        self.title.setText(stop.title)
        self.words.setText("\n\n".join(stop.words))
        self.show_me.setVisible(stop.step is not None)
        self.sample_button.setVisible(stop.step is Step.IMPORT)
        self.back.setEnabled(self._at > 0)
        self.next.setText(self.tr("Done") if last else self.tr("Next"))

    def _next(self) -> None:
        if self._at == len(self._stops) - 1:
            self._close()
            self.go(0)
        else:
            self.go(self._at + 1)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _written(self) -> tuple[Stop, ...]:
        return (self._welcome(), *self._first_steps(), *self._later_steps(), self._safety())

    def _welcome(self) -> Stop:
        return Stop(
            self.tr("From two films to a knee"),
            (
                self.tr(
                    "Genu makes a CT-like volume and models of femur, tibia, patella and fibula from an AP and a "
                    "lateral radiograph of one knee."
                ),
                self.tr(
                    "The steps run across the top. A ring is to do, a tick is done, a triangle is out of date: "
                    "something it was made from has changed since."
                ),
                self.tr("Every accepted step is saved at once. Undo and redo go back and forth as far as you like."),
            ),
        )

    def _first_steps(self) -> tuple[Stop, ...]:
        return (
            Stop(
                self.tr("1  Import"),
                (
                    self.tr("Drop both films, or a folder that holds them, and Genu finds the knee films in it."),
                    self.tr("No films at hand? The sample case is a simulated knee, of nobody."),
                ),
                Step.IMPORT,
            ),
            Stop(
                self.tr("2  Check"),
                (
                    self.tr(
                        "Settle which film is which, the side of the knee and the scale. Genu proposes what the files "
                        "say and never guesses a side."
                    ),
                    self.tr(
                        "Where the scale is missing, draw around a ball of known size or along a known length. Wrong "
                        "scale or side gives a wrong knee, so nothing can be generated before they are settled."
                    ),
                ),
                Step.CHECK,
            ),
            Stop(
                self.tr("3  Generate"),
                (
                    self.tr("Choose a model and start. What it needs of this computer is said before."),
                    self.tr("The knee forms before your eyes, coarse to fine. Cancel ends it within two seconds."),
                ),
                Step.GENERATE,
            ),
        )

    def _later_steps(self) -> tuple[Stop, ...]:
        return (
            Stop(
                self.tr("4  Review"),
                (
                    self.tr("Look at the planes, the bones in 3-D, and the films with the generated knee over them."),
                    self.tr(
                        "The outlines on the films and the similarity of each view show how far the knee agrees with "
                        "what was measured. Where they part, do not trust the knee."
                    ),
                ),
                Step.REVIEW,
            ),
            Stop(
                self.tr("5  Plan"),
                (self.tr("Measure distances and angles, and read the dimensions of each bone."),),
                Step.PLAN,
            ),
            Stop(
                self.tr("6  Export"),
                (
                    self.tr("Write the bones for printing, planning or a headset. Format, frame and unit are stated."),
                    self.tr("Every file is read back and compared with what is on the screen."),
                ),
                Step.EXPORT,
            ),
        )

    def _safety(self) -> Stop:
        return Stop(
            self.tr("For research only"),
            (
                self.tr("What you see is synthetic: made from two films, not scanned. It can be wrong and look right."),
                self.tr("It is not a medical device: never for diagnosis, planning or treatment of a patient."),
                self.tr("Films and cases stay on this computer."),
            ),
        )
