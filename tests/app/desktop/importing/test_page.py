"""The Import page by clicks and drops: two films become a case, and what cannot be used says why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QScrollArea
from pytestqt.qtbot import QtBot

from app.assets import asset
from app.cases.document import Step, StepState, new_case, step_state
from app.cases.store import OpenCase
from app.desktop.importing.film_search.pairing import Doubt
from app.desktop.importing.page import ImportPage
from app.desktop.importing.search_results import SearchResults
from app.desktop.session import Message, Session
from engine.domain import MachineFailure, RefusedInput

SAMPLE = asset("sample-case")
NAME = "<img src=x onerror=alert(1)>"
PATIENCE_MS = 60_000  # a child process decodes each film; two busy cores may take their time


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> Iterator[ImportPage]:
    """A shown page of an empty store."""
    page = ImportPage(session)
    qtbot.addWidget(page)
    page.resize(1100, 640)
    page.show()
    yield page
    page.close_page()


@pytest.fixture
def wanted(session: Session) -> list[Step]:
    """Every step that was asked for."""
    steps: list[Step] = []
    session.wanted.connect(steps.append)
    return steps


def films(folder: Path, **tags: str) -> tuple[Path, Path]:
    """The sample films with other tags."""
    for name in ("ap", "lateral"):
        dataset = pydicom.dcmread(SAMPLE / f"{name}.dcm")
        for keyword, value in tags.items():
            setattr(dataset, keyword, value)
        dataset.save_as(folder / f"{name}.dcm")
    return folder / "ap.dcm", folder / "lateral.dcm"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for films, beside the store."""
    (tmp_path / "films").mkdir()
    return tmp_path / "films"


def look(page: ImportPage, qtbot: QtBot, *paths: Path) -> None:
    """Let the page look at files until it has ended."""
    with qtbot.waitSignal(page.search.ended, timeout=PATIENCE_MS):
        page.look_at(paths)


def drop(page: ImportPage, *paths: Path) -> None:
    """Drop files on the page."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def words(page: ImportPage) -> set[str]:
    """Every word that is shown."""
    return {label.text() for label in page.findChildren(QLabel) if label.isVisible()}


def test_that_an_empty_page_names_the_next_action(page: ImportPage) -> None:
    assert any("Drop both films here" in text for text in words(page))
    assert page.zone.files.isVisible()
    assert page.zone.sample_button.isVisible()
    assert not page.footer.isVisible()


def test_that_two_dropped_films_become_a_case_with_their_very_bytes(
    page: ImportPage, session: Session, qtbot: QtBot, wanted: list[Step]
) -> None:
    with qtbot.waitSignal(page.search.ended, timeout=PATIENCE_MS):
        drop(page, SAMPLE / "lateral.dcm", SAMPLE / "ap.dcm")
    qtbot.mouseClick(page.footer.new_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wanted == [Step.CHECK], timeout=PATIENCE_MS)
    document, case = session.document, session.case
    assert document is not None
    assert case is not None
    assert [film.name for film in document.films] == ["ap.dcm", "lateral.dcm"]
    for film in document.films:
        content = (SAMPLE / film.name).read_bytes()
        assert case.blob(film.blob) == content
        assert film.blob == hashlib.sha256(content).hexdigest()
    assert step_state(document, Step.IMPORT) is StepState.DONE
    assert case.undo_label == "Import"


def test_that_the_sample_case_takes_one_click(
    page: ImportPage, session: Session, qtbot: QtBot, wanted: list[Step]
) -> None:
    qtbot.mouseClick(page.zone.sample_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wanted == [Step.CHECK], timeout=PATIENCE_MS)
    assert session.document is not None
    assert len(session.document.films) == 2


def test_that_a_folder_shows_the_films_and_a_reason_for_the_rest(page: ImportPage, qtbot: QtBot, folder: Path) -> None:
    films(folder)
    (folder / "notes.txt").write_text("x" * 200)
    look(page, qtbot, folder)
    assert len(page.results.cards) == 2
    assert all(card.tick.isChecked() for card in page.results.cards)
    assert page.results.refused.count() == 1
    text = page.results.refused.item(0).text()
    assert text == ("notes.txt is neither a DICOM file nor a picture.\nChoose a radiograph: DICOM, PNG, TIFF or JPEG.")
    assert page.results.refused.isVisible()


def test_that_films_stand_below_each_other_where_room_is_narrow(page: ImportPage, qtbot: QtBot) -> None:
    look(page, qtbot, SAMPLE)
    narrow, area = SearchResults(), QScrollArea()
    qtbot.addWidget(area)
    area.setWidget(narrow)
    area.setWidgetResizable(True)
    for card in page.results.cards:
        narrow.add(card.entry)
    one, other = narrow.cards
    area.resize(900, 700)
    area.show()
    qtbot.waitUntil(lambda: other.x() > one.x())
    assert one.y() == other.y()
    area.resize(360, 700)
    qtbot.waitUntil(lambda: other.y() > one.y())
    assert narrow.width() == area.viewport().width()


def test_that_with_three_films_the_planner_chooses(page: ImportPage, qtbot: QtBot, folder: Path) -> None:
    other = pydicom.dcmread(SAMPLE / "ap.dcm")
    other.StudyDate = "20200101"
    other.save_as(folder / "older.dcm")
    look(page, qtbot, *films(folder), folder / "older.dcm")
    assert not any(card.tick.isChecked() for card in page.results.cards)
    assert not page.footer.new_button.isEnabled()
    for card in page.results.cards:
        qtbot.mouseClick(card.tick, Qt.MouseButton.LeftButton, pos=QPoint(10, card.tick.height() // 2))
    assert not page.footer.new_button.isEnabled()  # three are one too many
    page.results.cards[-1].tick.setChecked(False)
    assert page.footer.new_button.isEnabled()


def test_that_films_of_two_patients_make_no_case(page: ImportPage, qtbot: QtBot, folder: Path) -> None:
    (folder / "other").mkdir()
    ap, _ = films(folder, PatientID="A")
    _, lateral = films(folder / "other", PatientID="B")
    look(page, qtbot, ap, lateral)
    assert not page.footer.new_button.isEnabled()
    assert page.footer.doubts.isVisible()
    assert "two patients" in page.footer.doubts.text()


def test_that_one_film_asks_for_the_other(page: ImportPage, qtbot: QtBot) -> None:
    look(page, qtbot, SAMPLE / "ap.dcm")
    assert page.results.heading.text() == "One film is here: add the other view"
    assert not page.footer.new_button.isEnabled()


def test_that_a_side_that_is_not_stated_is_said_and_not_guessed(page: ImportPage, qtbot: QtBot, folder: Path) -> None:
    look(page, qtbot, *films(folder, ImageLaterality="", Laterality=""))
    assert "Side not stated" in words(page)
    assert not {"Left", "Right"} & words(page)


@pytest.mark.parametrize("name", [NAME, "山田 太郎"])
def test_that_a_name_is_text_wherever_it_stands(name: str, page: ImportPage, qtbot: QtBot, folder: Path) -> None:
    look(page, qtbot, *films(folder, PatientName=name, SpecificCharacterSet="ISO_IR 192"))
    shown = [label for label in page.findChildren(QLabel) if name in label.text()]
    assert shown
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)
    assert page.footer.title.text() == name


def test_that_a_film_that_changed_since_it_was_looked_at_is_refused(
    page: ImportPage, session: Session, qtbot: QtBot, folder: Path, said: list[Message]
) -> None:
    ap, lateral = films(folder)
    look(page, qtbot, ap, lateral)
    lateral.write_bytes(lateral.read_bytes() + b"\0\0")
    qtbot.mouseClick(page.footer.new_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    assert said[0].sentence == "lateral.dcm has changed since it was looked at; open it again"
    assert session.document is None
    assert session.store.summaries() == []


@pytest.mark.parametrize(
    "fault", [MachineFailure("The case could not be written: the disk is full"), RefusedInput("No")]
)
def test_that_a_disk_that_fails_leaves_no_case_behind(
    fault: Exception,
    page: ImportPage,
    session: Session,
    qtbot: QtBot,
    said: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_case: OpenCase, _content: bytes) -> str:
        raise fault

    look(page, qtbot, SAMPLE / "ap.dcm", SAMPLE / "lateral.dcm")
    monkeypatch.setattr(OpenCase, "put", fail)
    qtbot.mouseClick(page.footer.new_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    assert said[0].sentence == str(fault)
    assert session.store.summaries() == []
    assert page.footer.new_button.isEnabled()  # to be tried again


def test_that_films_of_the_open_case_can_be_replaced_and_what_was_made_becomes_stale(
    page: ImportPage, session: Session, sample_case: OpenCase, qtbot: QtBot, folder: Path, wanted: list[Step]
) -> None:
    page.refresh()
    look(page, qtbot, *films(folder, StudyDate="20250101"))
    assert page.footer.replace_button.isVisible()
    qtbot.mouseClick(page.footer.replace_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wanted == [Step.CHECK], timeout=PATIENCE_MS)
    assert session.case is sample_case
    assert step_state(sample_case.document, Step.CHECK) is StepState.STALE
    session.undo()
    assert step_state(sample_case.document, Step.CHECK) is StepState.DONE


def test_that_the_films_of_the_open_case_are_named_and_the_way_on_is_shown(
    page: ImportPage, sample_case: OpenCase, qtbot: QtBot, wanted: list[Step]
) -> None:
    assert not page.here.isVisible()
    page.refresh()
    assert page.here.words.text() == "Films of the open case: ap.dcm, lateral.dcm"
    qtbot.mouseClick(page.here.button, Qt.MouseButton.LeftButton)
    assert wanted == [Step.GENERATE]


def test_that_a_read_only_case_offers_no_replacing(
    page: ImportPage, session: Session, qtbot: QtBot, store: object
) -> None:
    first = session.store.create(new_case("Doe"))
    session.show_case(session.store.open(first.document.id))
    assert session.read_only
    page.refresh()
    look(page, qtbot, SAMPLE / "ap.dcm", SAMPLE / "lateral.dcm")
    assert not page.footer.replace_button.isVisible()
    first.close()


def test_that_leaving_in_the_middle_of_a_search_leaves_nothing_running(page: ImportPage, qtbot: QtBot) -> None:
    page.look_at([SAMPLE])


def test_that_a_second_search_drops_the_answers_of_the_first(page: ImportPage, qtbot: QtBot) -> None:
    page.look_at([SAMPLE / "ap.dcm", SAMPLE / "lateral.dcm"])
    look(page, qtbot, SAMPLE / "README.md")
    assert page.results.cards == []
    assert page.results.refused.count() == 1


def test_that_files_are_asked_for_without_blocking(page: ImportPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.zone.files, Qt.MouseButton.LeftButton)
    dialogs = page.findChildren(QFileDialog)
    assert len(dialogs) == 1
    with qtbot.waitSignal(page.search.ended, timeout=PATIENCE_MS):
        dialogs[0].filesSelected.emit([str(SAMPLE / "README.md")])
    dialogs[0].reject()


def test_that_every_doubt_has_words(page: ImportPage) -> None:
    assert all(page.footer._doubt_words(doubt) for doubt in Doubt)


# Recent cases ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(session: Session) -> list[str]:
    """Three cases, by title."""
    titles = [NAME, "山田 太郎", "Doe & Sons"]
    for title in titles:
        session.store.create(new_case(title)).close()
    return titles


def show_cases(page: ImportPage, qtbot: QtBot, count: int) -> None:
    """Wait for the list."""
    page.refresh()
    qtbot.waitUntil(lambda: page.recent.cases.rowCount() == count, timeout=PATIENCE_MS)


def choose(page: ImportPage, title: str) -> None:
    """Choose a case by its title, in a window that has the keyboard."""
    page.activateWindow()
    QTest.qWaitForWindowActive(page)
    page.recent.list.setFocus()
    rows = {page.recent._filtered.index(row, 0).data(): row for row in range(page.recent._filtered.rowCount())}
    page.recent.list.setCurrentIndex(page.recent._filtered.index(rows[title], 0))


def test_that_cases_are_listed_with_what_they_take(page: ImportPage, qtbot: QtBot, three: list[str]) -> None:
    show_cases(page, qtbot, 3)
    assert {page.recent._filtered.index(row, 0).data() for row in range(3)} == set(three)
    assert page.recent.room.text().startswith("3 cases, ")
    tip = page.recent.cases.index([s.title for s in page.recent.cases._summaries].index(NAME)).data(
        Qt.ItemDataRole.ToolTipRole
    )
    assert "&lt;img" in tip  # a tooltip would take the name for rich text


def test_that_a_case_opens_by_key_and_goes_on_where_it_stood(
    page: ImportPage, session: Session, qtbot: QtBot, three: list[str], wanted: list[Step]
) -> None:
    show_cases(page, qtbot, 3)
    choose(page, three[1])
    qtbot.keyClick(page.recent.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.document is not None, timeout=PATIENCE_MS)
    assert session.document is not None
    assert session.document.title == three[1]
    assert wanted == [Step.IMPORT]


def answer(qtbot: QtBot, page: ImportPage, button: str) -> None:
    """Answer the question that is shown."""
    box = page.window().findChildren(QMessageBox)[0]
    assert box.textFormat() == Qt.TextFormat.PlainText
    pressed = next(found for found in box.buttons() if found.objectName() == button)
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(("button", "left"), [("doIt", 2), ("leaveIt", 3)])
def test_that_a_case_is_deleted_only_after_the_answer(
    button: str, left: int, page: ImportPage, session: Session, qtbot: QtBot, three: list[str]
) -> None:
    show_cases(page, qtbot, 3)
    choose(page, NAME)
    qtbot.keyClick(page.recent.list, Qt.Key.Key_Delete)
    assert len(session.store.summaries()) == 3
    answer(qtbot, page, button)
    qtbot.waitUntil(lambda: page.recent.cases.rowCount() == left, timeout=PATIENCE_MS)
    assert len(session.store.summaries()) == left


def test_that_a_case_that_is_dropped_is_opened(
    page: ImportPage, session: Session, qtbot: QtBot, three: list[str]
) -> None:
    dropped = session.store.summaries()[0].id
    drop(page, session.store.folder / "cases" / dropped)
    qtbot.waitUntil(lambda: session.document is not None, timeout=PATIENCE_MS)
    assert session.document is not None
    assert session.document.id == dropped
    assert not page.search.running


def test_that_the_open_case_can_be_deleted(page: ImportPage, session: Session, qtbot: QtBot, three: list[str]) -> None:
    show_cases(page, qtbot, 3)
    choose(page, NAME)
    page.recent.open_chosen()
    qtbot.waitUntil(lambda: session.document is not None, timeout=PATIENCE_MS)
    page.recent.delete_chosen()
    answer(qtbot, page, "doIt")
    qtbot.waitUntil(lambda: page.recent.cases.rowCount() == 2, timeout=PATIENCE_MS)
    assert session.document is None


def test_that_a_case_that_is_open_elsewhere_is_not_deleted_and_the_reason_is_said(
    page: ImportPage, session: Session, qtbot: QtBot, three: list[str], said: list[Message]
) -> None:
    held = session.store.open(next(s.id for s in session.store.summaries() if s.title == NAME))
    show_cases(page, qtbot, 3)
    choose(page, NAME)
    page.recent.delete_chosen()
    answer(qtbot, page, "doIt")
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    assert "open in a window" in said[0].sentence
    assert len(session.store.summaries()) == 3
    held.close()


def test_that_room_can_be_freed(page: ImportPage, qtbot: QtBot, three: list[str], said: list[Message]) -> None:
    show_cases(page, qtbot, 3)
    qtbot.mouseClick(page.recent.tidy, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE_MS)
    assert said[0].sentence.endswith("were freed.")


def test_that_a_case_is_found_by_a_part_of_its_title(
    page: ImportPage, session: Session, qtbot: QtBot, three: list[str]
) -> None:
    for number in range(5):
        session.store.create(new_case(f"Case {number}")).close()
    show_cases(page, qtbot, 8)
    assert page.recent.filter.isVisible()
    page.recent.filter.setText("onerror")
    assert [page.recent._filtered.index(row, 0).data() for row in range(page.recent._filtered.rowCount())] == [NAME]
