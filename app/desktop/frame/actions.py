"""The menus: what can be done from anywhere in the window. An action only tells that it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from app.cases.document import Step
from app.desktop.frame.shortcuts import keys
from app.desktop.language import LANGUAGES
from app.desktop.parts.step_words import step_word
from app.desktop.parts.words import literal
from app.desktop.theme.current import ThemeChoice
from app.desktop.theme.icons import icon


class Deeds(Protocol):
    """What a window does when an action is called; each is a method of MainWindow."""

    def new(self) -> None: ...
    def open_files(self) -> None: ...
    def open_folder(self) -> None: ...
    def open_sample(self) -> None: ...
    def show_cases(self) -> None: ...
    def close_case(self) -> None: ...
    def rename(self) -> None: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def show_step(self, step: Step) -> None: ...
    def toggle_messages(self) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def choose_theme(self, choice: ThemeChoice) -> None: ...
    def choose_language(self, code: str) -> None: ...
    def scale_text(self, steps: int) -> None: ...
    def show_preferences(self) -> None: ...
    def show_tour(self) -> None: ...
    def show_shortcuts(self) -> None: ...
    def show_diagnostics(self) -> None: ...
    def show_about(self) -> None: ...


class Actions(QObject):
    """The actions of a window and the menus they stand in."""

    def __init__(self, window: QMainWindow, deeds: Deeds) -> None:
        super().__init__(window)
        self._window = window
        self._file_menu(deeds)
        self._edit_menu(deeds)
        self._view_menu(deeds)
        self._help_menu(deeds)

    def _file_menu(self, deeds: Deeds) -> None:
        menu = self._menu(self.tr("&File"))
        self.new = self._add(menu, "new", self.tr("&New case"), deeds.new, "plus")
        self.open_files = self._add(menu, "open_files", self.tr("&Open files…"), deeds.open_files, "files")
        self.open_folder = self._add(menu, "open_folder", self.tr("Open &folder…"), deeds.open_folder, "folder")
        self.sample = self._add(menu, "sample", self.tr("&Sample case"), deeds.open_sample, "sparkle")
        menu.addSeparator()
        self.cases = self._add(menu, "cases", self.tr("&Cases"), deeds.show_cases, "history")
        self.close_case = self._add(menu, "close_case", self.tr("Close c&ase"), deeds.close_case, "close")
        menu.addSeparator()
        self.quit = self._add(menu, "quit", self.tr("&Quit"), self._window.close)

    def _edit_menu(self, deeds: Deeds) -> None:
        menu = self._menu(self.tr("&Edit"))
        self.undo = self._add(menu, "undo", self.tr("Undo"), deeds.undo, "undo")
        self.redo = self._add(menu, "redo", self.tr("Redo"), deeds.redo, "redo")
        for action in (self.undo, self.redo):
            action.setData(action.text())
        menu.addSeparator()
        self.rename = self._add(menu, "rename", self.tr("&Rename case…"), deeds.rename, "pencil")
        menu.addSeparator()
        self.preferences = self._add(menu, "preferences", self.tr("&Preferences…"), deeds.show_preferences, "settings")

    def _view_menu(self, deeds: Deeds) -> None:
        menu = self._menu(self.tr("&View"))
        self.steps = self._step_actions(menu, deeds)
        menu.addSeparator()
        self.messages = self._add(menu, "messages", self.tr("&Messages"), deeds.toggle_messages, "message")
        self.full_screen = self._add(menu, "full_screen", self.tr("&Full screen"), deeds.toggle_full_screen, "expand")
        menu.addSeparator()
        self.themes = self._theme_actions(menu.addMenu(icon("moon"), self.tr("&Theme")), deeds)
        self.languages = self._language_actions(menu.addMenu(icon("globe"), self.tr("&Language")), deeds)
        self.larger = self._add(menu, "larger", self.tr("Larger text"), lambda: deeds.scale_text(1), "zoom-in")
        self.smaller = self._add(menu, "smaller", self.tr("Smaller text"), lambda: deeds.scale_text(-1), "zoom-out")

    def _help_menu(self, deeds: Deeds) -> None:
        menu = self._menu(self.tr("&Help"))
        self.tour = self._add(menu, "tour", self.tr("&Five-minute tour"), deeds.show_tour, "tour")
        self.shortcuts = self._add(menu, "shortcuts", self.tr("&Keyboard shortcuts"), deeds.show_shortcuts, "keyboard")
        menu.addSeparator()
        self.diagnostics = self._add(menu, "diagnostics", self.tr("&Diagnostics"), deeds.show_diagnostics, "cpu")
        self.about = self._add(menu, "about", self.tr("&About Genu"), deeds.show_about, "info")

    def _step_actions(self, menu: QMenu, deeds: Deeds) -> dict[Step, QAction]:
        made = {}
        for number, step in enumerate(Step, 1):
            made[step] = self._add(menu, "", step_word(step), lambda step=step: deeds.show_step(step))
            made[step].setShortcut(f"Ctrl+{number}")
        return made

    def _theme_actions(self, menu: QMenu, deeds: Deeds) -> dict[ThemeChoice, QAction]:
        words = {
            ThemeChoice.SYSTEM: (self.tr("As the system"), "monitor"),
            ThemeChoice.LIGHT: (self.tr("Light"), "sun"),
            ThemeChoice.DARK: (self.tr("Dark"), "moon"),
        }
        group, made = QActionGroup(self), {}
        for choice, (text, drawn) in words.items():
            made[choice] = self._choice(menu, group, text, lambda choice=choice: deeds.choose_theme(choice))
            made[choice].setIcon(icon(drawn))
        return made

    def _language_actions(self, menu: QMenu, deeds: Deeds) -> dict[str, QAction]:
        words = {"": self.tr("As the system")} | LANGUAGES
        group = QActionGroup(self)
        return {
            code: self._choice(menu, group, text, lambda code=code: deeds.choose_language(code))
            for code, text in words.items()
        }

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(self, menu: QMenu, name: str, text: str, deed: Callable[[], object], drawn: str = "") -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(f"action_{name}" if name else "")
        action.setShortcuts(keys(name))
        action.triggered.connect(lambda _checked=False: deed())
        if drawn:
            action.setIcon(icon(drawn))
        menu.addAction(action)
        self._window.addAction(action)  # its key works while a menu bar is hidden, in full screen
        return action

    @staticmethod
    def _choice(menu: QMenu, group: QActionGroup, text: str, deed: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(lambda _checked=False: deed())
        group.addAction(action)
        return action

    def show_history(self, undo: str | None, redo: str | None) -> None:
        """What would be taken back, and brought again."""
        self.undo.setText(
            self.tr("Undo {what}").format(what=literal(self._deed_words(undo))) if undo else self.tr("Undo")
        )
        self.redo.setText(
            self.tr("Redo {what}").format(what=literal(self._deed_words(redo))) if redo else self.tr("Redo")
        )
        self.undo.setEnabled(undo is not None)
        self.redo.setEnabled(redo is not None)

    def _deed_words(self, label: str) -> str:
        """A label as the store keeps it (English) in the planner's language; as it is where nobody translated it."""
        known = {step.value.capitalize(): step_word(step) for step in Step} | {"Rename": self.tr("Rename")}
        return known.get(label, label)
