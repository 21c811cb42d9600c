"""The window: banner, steps, messages, menus, dialogs, and that it never blocks or loses anything on the way out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QInputDialog, QLabel, QLineEdit, QMessageBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.cases.document import Step, StepState, new_case, with_films
from app.cases.store import OpenCase
from app.desktop.frame.page_frame import PageFrame
from app.desktop.frame.window import MainWindow
from app.desktop.generate.page import GeneratePage
from app.desktop.generate.run import RunState
from app.desktop.help.keys import PageKeys
from app.desktop.help.shortcuts import ShortcutsDialog
from app.desktop.preferences import PreferenceFile
from app.desktop.session import Session, Severity
from app.desktop.theme.current import ThemeChoice
from engine.progress import Progress
from tests.app.desktop.fake_bridge import FakeBridge

BANNER = "Research use only - synthetic CT"
NAME = "<img src=x onerror=alert(1)>"
PATIENCE_MS = 60_000
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def bridge(qapp: object) -> FakeBridge:
    """An engine that does nothing by itself."""
    return FakeBridge()


@pytest.fixture
def preferences(tmp_path: Path, qapp: object) -> PreferenceFile:
    """Preferences in a file of the test's own."""
    return PreferenceFile(tmp_path / "genu.ini")


@pytest.fixture
def window(
    session: Session, bridge: FakeBridge, preferences: PreferenceFile, qtbot: QtBot, tmp_path: Path
) -> Iterator[MainWindow]:
    """A shown window that has the keyboard."""
    window = MainWindow(session, bridge, preferences, tmp_path / "cases", tmp_path / "state")  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    yield window
    bridge.running = False
    window.close()


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    """Ctrl and a key, wherever the keyboard is."""
    qtbot.keyClick(QGuiApplication.focusObject() or window, key, CTRL)  # type: ignore[arg-type]


def test_that_the_banner_stands_on_every_page_and_cannot_be_closed(window: MainWindow) -> None:
    for step in Step:
        window.show_step(step)
        assert window.banner.isVisible()
        assert any(label.text() == BANNER for label in window.banner.findChildren(QLabel))
    assert window.banner.findChildren(QAbstractButton) == []


def test_that_without_a_case_every_step_but_the_first_names_the_next_action(window: MainWindow, qtbot: QtBot) -> None:
    for step in list(Step)[1:]:
        window.show_step(step)
        waiting = window.stack.currentWidget()
        assert waiting is window.stack._waiting
        assert window.stack._waiting.button.text() == "Go to Import"
    qtbot.mouseClick(window.stack._waiting.button, Qt.MouseButton.LeftButton)
    assert window.stack.step is Step.IMPORT


def test_that_every_step_can_be_called_by_key(window: MainWindow, qtbot: QtBot) -> None:
    for number, step in reversed(list(enumerate(Step, 1))):
        press(qtbot, window, Qt.Key(Qt.Key.Key_0 + number))
        assert window.stack.step is step
        assert window.top.steps.buttons[step].isChecked()


def test_that_a_step_can_be_clicked(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.top.steps.buttons[Step.REVIEW], Qt.MouseButton.LeftButton)
    assert window.stack.step is Step.REVIEW


def test_that_the_keyboard_goes_along_with_the_page(
    window: MainWindow, session: Session, sample_case: OpenCase
) -> None:
    window.top.undo.setFocus()
    session.want(Step.CHECK)
    assert window.focusWidget() is window.stack.currentWidget()
    window.top.steps.buttons[Step.IMPORT].setFocus()
    window.show_step(Step.IMPORT)  # by this very button
    assert window.focusWidget() is window.top.steps.buttons[Step.IMPORT]


def test_that_steps_tell_their_state_in_words(window: MainWindow, session: Session, sample_case: OpenCase) -> None:
    buttons = window.top.steps.buttons
    assert buttons[Step.CHECK].state is StepState.DONE
    assert buttons[Step.CHECK].accessibleName() == "Check: Done"
    session.accept(with_films(sample_case.document, sample_case.document.films[::-1]), "Import")
    assert buttons[Step.CHECK].accessibleName() == "Check: Out of date"
    assert buttons[Step.GENERATE].accessibleName() == "Generate: To do"
    assert "Ctrl+2" in buttons[Step.CHECK].toolTip()


def test_that_states_differ_in_shape_and_not_in_colour_alone(window: MainWindow, qtbot: QtBot) -> None:
    button = window.top.steps.buttons[Step.PLAN]
    masks = []
    for state in StepState:
        button.show_state(state, False)
        image = button.grab().toImage()
        ground = image.pixelColor(2, image.height() // 2)
        dark = [image.pixelColor(x, y) != ground for x in range(40) for y in range(image.height())]
        masks.append(dark)
    assert masks[0] != masks[1]
    assert masks[1] != masks[2]
    assert masks[0] != masks[2]


@pytest.mark.parametrize("title", [NAME, "山田 太郎", "Doe & Sons", ""])
def test_that_a_title_is_text_wherever_it_stands(title: str, window: MainWindow, session: Session) -> None:
    session.show_case(session.store.create(new_case(title)))
    assert window.windowTitle() == f"{title or 'Untitled case'} – Genu"
    assert window.top.case.textFormat() == Qt.TextFormat.PlainText
    for widget in window.findChildren(QWidget):
        if "onerror" in widget.toolTip():
            assert "&lt;img" in widget.toolTip()


def test_that_no_label_of_the_window_guesses_at_rich_text(window: MainWindow, session: Session) -> None:
    session.say(Severity.ERROR, NAME)
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.text(), label.text()


def test_that_every_control_has_a_name_and_takes_the_keyboard(window: MainWindow, session: Session) -> None:
    controls = [
        widget
        for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider)
        for widget in window.findChildren(kind)
        if widget.isVisibleTo(window) and not widget.objectName().startswith("qt_")
    ]
    assert len(controls) > 10
    for control in controls:
        parent = control.parentWidget()
        if isinstance(parent, QLineEdit):  # the button that clears a field
            continue
        named = control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())
        assert named, control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control


def test_that_undo_and_redo_say_what_they_take_back(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    case = session.store.create(new_case("Doe"))
    session.show_case(case)
    assert not window.actions_.undo.isEnabled()
    session.accept(replace(case.document, title="Roe"), "Rename")
    assert window.actions_.undo.text() == "Undo Rename"
    assert window.top.undo.accessibleName() == "Undo Rename"
    press(qtbot, window, Qt.Key.Key_Z)
    assert case.document.title == "Doe"
    assert window.actions_.redo.text() == "Redo Rename"
    press(qtbot, window, Qt.Key.Key_Y)
    assert case.document.title == "Roe"


def test_that_a_label_nobody_translated_is_shown_as_it_is(window: MainWindow) -> None:
    window.actions_.show_history("Salt & pepper", None)
    assert window.actions_.undo.text() == "Undo Salt && pepper"


def test_that_a_case_is_renamed(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    session.show_case(session.store.create(new_case("Doe")))
    window.rename()
    dialog = window.findChildren(QInputDialog)[0]
    dialog.setTextValue(f" {NAME}\n")
    dialog.accept()
    assert session.document is not None
    assert session.document.title == NAME


def test_that_a_case_open_elsewhere_says_so_until_it_is_free(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    first = session.store.create(new_case("Doe"))
    assert not window.read_only_bar.isVisible()
    session.show_case(session.store.open(first.document.id))
    assert window.read_only_bar.isVisible()
    assert not window.actions_.rename.isEnabled()
    step = window.stack.step
    qtbot.mouseClick(window.read_only_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.drawer.messages.rowCount() == 1, timeout=PATIENCE_MS)
    assert "still open" in window.drawer.messages.at(0).sentence
    assert window.read_only_bar.isVisible()
    first.close()
    qtbot.mouseClick(window.read_only_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.read_only_bar.isVisible(), timeout=PATIENCE_MS)
    assert session.document is not None
    assert window.stack.step is step


def test_that_of_two_cases_wished_for_the_later_is_shown_and_the_other_let_go(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    ids = []
    for title in ("Doe", "Roe"):
        case = session.store.create(new_case(title))
        ids.append(case.document.id)
        case.close()
    for case_id in ids:
        session.open_case(case_id)
    qtbot.waitUntil(lambda: session.document is not None and not session._opening.busy, timeout=PATIENCE_MS)
    assert session.document is not None
    assert session.document.id == ids[1]
    assert not session.read_only
    session.store.delete(ids[0])  # refused while anybody has it open


# Messages -------------------------------------------------------------------------------------------------------------


def test_that_an_error_is_shown_counted_listed_and_copied(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    session.say(Severity.INFO, "3.2 MB were freed.")
    assert not window.notice.isVisible()
    session.say(Severity.ERROR, f"{NAME} is damaged; restore it from a copy", "at line 3")
    assert window.notice.isVisible()
    assert window.notice.sentence.text() == f"{NAME} is damaged; restore it from a copy"
    assert window.top.messages.text() == "2"
    press(qtbot, window, Qt.Key.Key_M)
    assert window.drawer.isVisible()
    assert window.top.messages.text() == ""
    qtbot.mouseClick(window.drawer.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "error: <img" in copied
    assert "at line 3" in copied
    assert "note" not in copied.lower() or "info" in copied
    press(qtbot, window, Qt.Key.Key_M)
    assert not window.drawer.isVisible()


def test_that_an_error_goes_away_with_the_next_step_and_stays_in_the_list(window: MainWindow, session: Session) -> None:
    session.fail("The disk is full")
    window.show_step(Step.CHECK)
    assert not window.notice.isVisible()
    assert window.drawer.messages.rowCount() == 1


def test_that_the_list_of_messages_has_an_end(window: MainWindow, session: Session) -> None:
    for number in range(600):
        session.say(Severity.INFO, f"{number}")
    assert window.drawer.messages.rowCount() == 500
    assert window.drawer.messages.at(0).sentence == "599"


# The running job ------------------------------------------------------------------------------------------------------


def test_that_the_job_bar_stands_only_while_a_job_runs(window: MainWindow, bridge: FakeBridge) -> None:
    assert not window.job_bar.isVisible()
    bridge.progress.emit(Progress("model", 0, 1))
    assert window.job_bar.isVisible()
    assert window.job_bar.device.text() == "Processor, 2 threads"
    bridge.progress.emit(Progress("sampling", 4, 8))
    assert window.job_bar.stage.text() == "Forming the knee"
    assert 300 < window.job_bar.bar.value() < 700
    bridge.finished.emit({})
    assert not window.job_bar.isVisible()


@pytest.mark.parametrize("how", ["failed", "cancelled"])
def test_that_a_job_that_ends_otherwise_leaves_no_bar(how: str, window: MainWindow, bridge: FakeBridge) -> None:
    bridge.progress.emit(Progress("model", 0, 1))
    bridge.failed.emit("The engine ended") if how == "failed" else bridge.cancelled.emit()
    assert not window.job_bar.isVisible()


def test_that_cancel_reaches_the_engine_once(window: MainWindow, bridge: FakeBridge, qtbot: QtBot) -> None:
    bridge.running = True
    bridge.progress.emit(Progress("model", 0, 1))
    qtbot.mouseClick(window.job_bar.cancel, Qt.MouseButton.LeftButton)
    assert bridge.cancels == 1


def test_that_a_page_is_scrolled_only_where_it_cannot_be_as_small(
    window: MainWindow, session: Session, sample_case: OpenCase, qtbot: QtBot
) -> None:
    """1366 x 768 and 1920 x 1080 at 150 % leave this much; the button that goes on must be seen."""
    window.resize(1280, 690)
    for step in (Step.IMPORT, Step.CHECK, Step.GENERATE):
        window.show_step(step)
        QTest.qWait(20)
        frame = window.stack.currentWidget()
        assert isinstance(frame, PageFrame)
        assert frame.verticalScrollBar().maximum() == 0
        assert frame.horizontalScrollBar().maximum() == 0
        assert frame.widget().size() == frame.viewport().size()
    window.resize(840, 480)
    QTest.qWait(20)
    assert frame.verticalScrollBar().maximum() > 0
    assert frame.widget().height() == frame.viewport().height() + frame.verticalScrollBar().maximum()


def answer(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Answer the question that is shown."""
    box = window.findChildren(QMessageBox)[0]
    pressed = next(button for button in box.buttons() if button.objectName() == name)
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


def test_that_closing_asks_while_a_job_runs(window: MainWindow, bridge: FakeBridge, qtbot: QtBot) -> None:
    bridge.running = True
    window.close()
    assert window.isVisible()
    answer(qtbot, window, "leaveIt")
    assert window.isVisible()
    assert bridge.cancels == 0
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    window.close()
    answer(qtbot, window, "doIt")
    assert not window.isVisible()
    assert bridge.cancels == 1


def test_that_leaving_a_case_asks_while_a_page_is_at_work(
    window: MainWindow, session: Session, sample_case: OpenCase, bridge: FakeBridge, qtbot: QtBot
) -> None:
    """The engine does not run yet while the films are read, nor any more while the knee is saved."""
    window.show_step(Step.GENERATE)
    page = window.stack.page(Step.GENERATE)
    assert isinstance(page, GeneratePage)
    page.run.state = RunState.SAVING
    window.new()
    assert session.document is not None
    answer(qtbot, window, "leaveIt")
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    window.close()
    assert window.isVisible()
    box = window.findChildren(QMessageBox)[0]
    assert "A knee is being generated." in box.text()
    words = next(part for part in box.findChildren(QLabel) if part.text() == box.text())
    assert words.fontMetrics().horizontalAdvance(words.text()) <= words.width()
    answer(qtbot, window, "leaveIt")
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    window.new()
    answer(qtbot, window, "doIt")
    assert session.document is None
    page.run.state = RunState.IDLE


def test_that_a_new_generation_begins_with_what_is_preferred_last(
    window: MainWindow, preferences: PreferenceFile, sample_case: OpenCase
) -> None:
    preferences.change(steps=5)
    window.show_step(Step.GENERATE)
    page = window.stack.page(Step.GENERATE)
    assert isinstance(page, GeneratePage)
    assert page.request().steps == 5
    preferences.change(steps=12, device="cpu")
    assert (page.request().steps, page.request().device) == (12, "cpu")
    page.settings.steps.setValue(3)
    preferences.change(steps=16)
    assert page.request().steps == 3  # set for this knee


# Menus, preferences, help ---------------------------------------------------------------------------------------------


def test_that_no_key_means_two_things(window: MainWindow) -> None:
    keys = [sequence.toString() for action in window.actions() for sequence in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert len(keys) > 15


def test_that_the_theme_is_kept(window: MainWindow, preferences: PreferenceFile) -> None:
    window.actions_.themes[ThemeChoice.DARK].trigger()
    assert preferences.value.theme is ThemeChoice.DARK
    assert window.actions_.themes[ThemeChoice.DARK].isChecked()


def test_that_text_grows_and_shrinks_within_bounds(window: MainWindow, preferences: PreferenceFile) -> None:
    for _ in range(10):
        window.actions_.larger.trigger()
    assert preferences.value.text_scale == 1.5
    for _ in range(10):
        window.actions_.smaller.trigger()
    assert preferences.value.text_scale == 0.9


def test_that_the_tour_walks_along_the_steps(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_.tour.trigger()
    assert window.tour.isVisible()
    titles = []
    while window.tour.next.text() != "Done":
        titles.append(window.tour.title.text())
        if window.tour.show_me.isVisible():
            qtbot.mouseClick(window.tour.show_me, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(window.tour.next, Qt.MouseButton.LeftButton)
    assert len(set(titles)) == 7
    assert window.stack.step is Step.EXPORT
    qtbot.mouseClick(window.tour.next, Qt.MouseButton.LeftButton)
    assert not window.tour.isVisible()


def test_that_the_list_of_keys_names_those_of_the_window_and_of_every_page(window: MainWindow) -> None:
    window.show_shortcuts()
    dialog = window.findChildren(ShortcutsDialog)[0]
    listed = dict(dialog.sections[0][1])
    assert listed["Open files"] == "Ctrl+O"
    assert listed["Check"] == "Ctrl+2"
    assert [page for page, _keys in dialog.sections[1:]] == [page for page, _keys in PageKeys().table()]
    dialog.close()


def test_that_preferences_take_effect_as_they_are_changed(
    window: MainWindow, preferences: PreferenceFile, qtbot: QtBot
) -> None:
    from app.desktop.frame.preferences_dialog import PreferencesDialog

    window.show_preferences()
    dialog = window.findChildren(PreferencesDialog)[0]
    dialog.theme.setCurrentIndex(2)
    dialog.theme.activated.emit(2)
    dialog.steps.setValue(12)
    assert preferences.value.theme is ThemeChoice.DARK
    assert preferences.value.steps == 12
    with qtbot.waitSignal(window.language) as wanted:
        dialog.spoken.setCurrentIndex(2)
        dialog.spoken.activated.emit(2)
    assert wanted.args == ["de"]
    dialog.close()


def test_that_films_can_be_dropped_on_any_page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x" * 200)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "notes.txt"))])
    window.show_step(Step.PLAN)
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(QPoint(500, 400)), Qt.DropAction.CopyAction, data, buttons, keys))
    assert window.stack.step is Step.IMPORT
    page = window._import_page()
    qtbot.waitUntil(lambda: page.results.refused.count() == 1, timeout=PATIENCE_MS)


def test_that_the_window_comes_back_where_it_was(
    window: MainWindow,
    session: Session,
    bridge: FakeBridge,
    preferences: PreferenceFile,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    window.resize(840, 521)
    window.close()
    again = MainWindow(session, bridge, PreferenceFile(tmp_path / "genu.ini"), tmp_path)  # type: ignore[arg-type]
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (840, 521)
    again.close()


@pytest.mark.parametrize("width", [840, 911, 1366])
def test_that_nothing_is_cut_off_in_a_small_window(
    width: int, window: MainWindow, session: Session, qtbot: QtBot, sample_case: OpenCase
) -> None:
    window.resize(width, 512)
    for step in (Step.IMPORT, Step.CHECK):
        window.show_step(step)
        QTest.qWait(20)
        assert window.width() == width
        for button in window.top.steps.buttons.values():
            assert button.geometry().right() <= window.top.steps.width()
        assert window.top.messages.geometry().right() <= window.width()


def test_that_no_dialog_blocks(repository: Path) -> None:
    """`exec` and Qt's static dialogs start a loop of their own that holds up whatever called them."""
    for path in (repository / "app" / "desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            assert called not in ("exec", "exec_") or path.name == "program.py", path
            static = {"getOpenFileName", "getOpenFileNames", "getExistingDirectory", "getSaveFileName", "getText"}
            assert called not in static | {"question", "critical"}, path


def test_that_keys_in_the_list_can_be_read_by_qt(qapp: object) -> None:
    for _page, rows in PageKeys().table():
        for _what, shown in rows:
            for part in shown.replace("(", ", ").replace(")", "").split(", "):
                bare = part.strip().replace("Arrows", "Up")
                assert not QKeySequence(bare).isEmpty(), part
