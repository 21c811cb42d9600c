"""One film in its place: its tools above, and on the image what it shows, to be confirmed or corrected there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.cases.document import Decision
from app.cases.film_draft import FITTING, FilmDraft
from app.cases.films import opposite
from app.cases.scale import Plane
from app.desktop.check.calibration import CalibrationForm, Known
from app.desktop.check.chips import Chip, Choice
from app.desktop.check.words import direction_word, edges_word, film_word, provenance_words, side_word
from app.desktop.film.image import FilmImage, Preset
from app.desktop.film.marks import Bar, Edges
from app.desktop.film.tools import Hung
from app.desktop.film.view import FilmView
from app.desktop.parts.anatomy_words import view_name
from app.desktop.parts.elided_label import ElidedLabel
from app.desktop.parts.labels import icon_button, label
from app.desktop.parts.shortcut import add_shortcut
from app.desktop.parts.words import one_line
from app.desktop.theme.icons import icon
from engine.domain import Side, Source, View

_CHIP_MARGIN = 8


class FilmPanel(QFrame):
    """What the planner asks of a film.

    turn: clockwise quarter turns.   mirror.   measure: a Known is to be drawn.
    view_chosen: the View of this film.   side_chosen: the Side of the knee.   columns_chosen: direction at the right.
    """

    turn = Signal(int)
    mirror = Signal()
    measure = Signal(object)
    view_chosen = Signal(object)
    side_chosen = Signal(object)
    columns_chosen = Signal(str)

    def __init__(self, place: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setProperty("role", "card")
        self.setObjectName(f"film{place.value}")
        self.view = FilmView()
        self.view.setAccessibleName(film_word(place))
        self.view_chip, self.side_chip, self.edges_chip = Chip(self.view), Chip(self.view), Chip(self.view)
        self.form = CalibrationForm()
        self.form.hide()
        self._shown: tuple = ()
        self._image: FilmImage | None = None
        self._build()
        self.view.edge_clicked.connect(self.edges_chip.open_choices)

    # Building -----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for chip in (self.view_chip, self.side_chip, self.edges_chip):
            chip.hide()
            chips.addWidget(chip)
        chips.addStretch()
        over = QVBoxLayout(self.view)
        over.setContentsMargins(*4 * (_CHIP_MARGIN,))
        over.addLayout(chips)
        over.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 6)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.view, 1)
        column.addWidget(self.form)
        self.setMinimumWidth(200)  # below what its tools need, so that the page can stack the films first

    def _bar(self) -> QWidget:
        bar = QFrame()
        bar.setObjectName("filmBar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 2, 4, 2)
        row.setSpacing(0)
        row.addWidget(label(view_name(self.place), "heading"))
        self.name = ElidedLabel()
        row.addSpacing(6)
        row.addWidget(self.name, 1)
        for button in self._tools():
            button.setIconSize(QSize(16, 16))
            row.addWidget(button)
        return bar

    def _tools(self) -> list[QToolButton]:
        self.presets = self._with_menu("contrast", self.tr("Window"), QKeySequence("W"), self._window_menu())
        self.turn_right = self._asking("rotate-right", self.tr("Turn to the right"), "R", lambda: self.turn.emit(1))
        self.flip = self._asking("flip", self.tr("Mirror, with its directions"), "M", self.mirror.emit)
        self.ball = self._asking("ball", self.tr("Calibrate by a ball"), "B", lambda: self.measure.emit(Known.BALL))
        self.length = self._asking(
            "ruler", self.tr("Calibrate by a known length"), "L", lambda: self.measure.emit(Known.LENGTH)
        )
        self.more = self._with_menu("more", self.tr("More"), None, self._more_menu())
        self._changing = (self.turn_right, self.flip, self.ball, self.length, self.turn_left)
        self._bring_keys()
        return [self.presets, self.turn_right, self.flip, self.ball, self.length, self.more]

    def _bring_keys(self) -> None:
        """Keys that work while the film or its tools have the keyboard; the window lists them by their words."""
        view = self.view
        keys: dict[str, tuple[str, Callable[[], object]]] = {
            "W": (self.tr("Film: choose a window"), self.presets.showMenu),
            "I": (self.tr("Film: invert"), self.invert.toggle),
            "R": (self.tr("Film: turn to the right"), self.turn_right.click),
            "Shift+R": (self.tr("Film: turn to the left"), self.turn_left.trigger),
            "M": (self.tr("Film: mirror"), self.flip.click),
            "B": (self.tr("Film: calibrate by a ball"), self.ball.click),
            "L": (self.tr("Film: calibrate by a known length"), self.length.click),
            "+": (self.tr("Film: closer"), lambda: view.zoom_by(1.25)),
            "=": (self.tr("Film: closer"), lambda: view.zoom_by(1.25)),
            "-": (self.tr("Film: farther"), lambda: view.zoom_by(0.8)),
            "0": (self.tr("Film: whole"), view.fit),
            "1": (self.tr("Film: one pixel to one"), view.show_pixels),
        }
        for key, (words, does) in keys.items():
            add_shortcut(self, key, words, does)

    def _asking(self, icon_name: str, name: str, keys: str, asks: Callable[[], object]) -> QToolButton:
        button = icon_button(icon_name, name, QKeySequence(keys))
        button.clicked.connect(lambda _checked=False: asks())
        return button

    def _with_menu(self, icon_name: str, name: str, keys: QKeySequence | None, menu: QMenu) -> QToolButton:
        button = icon_button(icon_name, name, keys)
        button.setMenu(menu)
        button.clicked.connect(button.showMenu)
        return button

    def _window_menu(self) -> QMenu:
        menu = QMenu(self)
        words = {
            Preset.WHOLE: self.tr("Whole knee"),
            Preset.BONE: self.tr("Bone"),
            Preset.SOFT_TISSUE: self.tr("Soft tissue"),
            Preset.FULL: self.tr("Everything"),
        }
        for preset, word in words.items():
            menu.addAction(word).triggered.connect(lambda _checked=False, preset=preset: self.view.show_preset(preset))
        menu.addSeparator()
        self.invert = self._toggle(menu, "invert", self.tr("Invert\tI"), self.view.set_inverted)
        words_of_drag = self.tr("Drag the window with the left button")
        self.drag_window = self._toggle(menu, "contrast", words_of_drag, self.view.set_windowing)
        return menu

    def _more_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(icon("fit"), self.tr("Whole film\t0")).triggered.connect(self.view.fit)
        menu.addAction(icon("zoom-in"), self.tr("One pixel to one\t1")).triggered.connect(self.view.show_pixels)
        menu.addSeparator()
        self.turn_left = menu.addAction(icon("rotate-left"), self.tr("Turn to the left\tShift+R"))
        self.turn_left.triggered.connect(lambda _checked=False: self.turn.emit(-1))
        return menu

    def _toggle(self, menu: QMenu, icon_name: str, words: str, does: Callable[[bool], object]) -> QAction:
        action = menu.addAction(icon(icon_name), words)
        action.setCheckable(True)
        action.toggled.connect(does)
        return action

    # What is shown ------------------------------------------------------------------------------------------------

    def show_message(self, sentence: str) -> None:
        """Why there is no film to see."""
        self._shown, self._image = (), None
        self.view.show_message(sentence)
        for chip in (self.view_chip, self.side_chip, self.edges_chip):
            chip.hide()
        self.view.show_edges(None)
        self.view.show_bar(None)
        self.enable(False)

    def enable(self, editable: bool) -> None:
        """Whether the film's decisions can be changed here."""
        for widget in (*self._changing, self.view_chip, self.side_chip, self.edges_chip, self.form):
            widget.setEnabled(editable)

    def show_draft(self, film: FilmDraft, side: Decision | None, side_settled: bool, image: FilmImage) -> None:
        """Show a film as the draft has it. side: of the pair."""
        self.name.show_text(one_line(film.name))
        self._show_pixels(film, image)
        self.view.show_edges(Edges(film.columns.value, film.bottom, film.oriented))
        self.view.show_bar(self._scale_bar(film))
        self._show_chips(film, side, side_settled)

    def _show_pixels(self, film: FilmDraft, image: FilmImage) -> None:
        """The film turned and mirrored; a shape on it goes along, and the window stays."""
        shown = (film.blob, film.quarter_turns, film.mirrored, film.shown_aspect)
        before, self._shown = self._shown, shown
        if shown == before and self._image is image:
            return
        same = bool(before) and before[0] == film.blob
        shape, hung = self.view.shape_drawn, self._change_of(before, film) if same else None
        self._image = image
        self.view.show_film(image.oriented(film.quarter_turns, film.mirrored), film.shown_aspect, keep=same)
        if shape is not None:
            self.view.show_shape(shape.turned(hung) if hung is not None else None)

    def _change_of(self, before: tuple, film: FilmDraft) -> Hung:
        """How the film now hangs against how it hung."""
        _, turns, mirrored, aspect = before
        rows, columns = film.shape
        shape = (columns, rows) if turns % 2 else (rows, columns)
        by = film.quarter_turns - turns
        return Hung(shape, aspect, (-by if mirrored else by) % 4, mirrored != film.mirrored)

    def _scale_bar(self, film: FilmDraft) -> Bar | None:
        spacing, rays = film.spacing_mm, film.rays
        if spacing is None or rays is None:
            return None
        column = spacing.value[0] if film.quarter_turns % 2 else spacing.value[1]
        return Bar(column / rays.magnification(Plane.JOINT), self.tr("at the joint"))

    def _show_chips(self, film: FilmDraft, side: Decision | None, side_settled: bool) -> None:
        word = view_name(self.place)
        self.view_chip.show_value(
            word,
            film.view is not None and film.view.source in (Source.FILE, Source.USER),
            self.tr("View"),
            provenance_words(film.view or film.proposed.view),
            [
                (self.tr("This is the {0} film").format(view_name(view)), view is self.place, self._chooser(view))
                for view in View
            ],
        )
        known = None if side is None else Side(side.value)
        self.side_chip.show_value(
            self.tr("Which knee") if known is None else side_word(known),
            side_settled,
            self.tr("Side"),
            provenance_words(side),
            [(side_word(one), one is known, lambda one=one: self.side_chosen.emit(one)) for one in Side],
        )
        self.edges_chip.show_value(
            edges_word(film),
            film.oriented,
            self.tr("Directions"),
            provenance_words(film.columns),
            [self._direction_choice(film, direction) for direction in FITTING[self.place]],
        )
        for chip in (self.view_chip, self.side_chip, self.edges_chip):
            chip.show()
        self.view.set_inset(self.view_chip.sizeHint().height() + 2 * _CHIP_MARGIN)

    def _chooser(self, view: View) -> Callable[[], object]:
        return lambda: self.view_chosen.emit(view)

    def _direction_choice(self, film: FilmDraft, direction: str) -> Choice:
        words = self.tr("{0} – {1}: {2} is at the right edge, the foot below").format(
            opposite(direction), direction, direction_word(direction)
        )
        stands = film.oriented and film.columns.value == direction
        return words, stands, lambda: self.columns_chosen.emit(direction)
