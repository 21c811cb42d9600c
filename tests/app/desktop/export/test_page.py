"""The Export page by its buttons and keys: what is said before, what stands after, and what never happens."""

import gzip
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pydicom
import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QLineEdit, QTableWidget

from app.cases.document import (
    FilmEntry,
    Measurement,
    Planned,
    Step,
    StepState,
    basis_of,
    new_case,
    step_state,
    with_films,
)
from app.cli import main
from app.desktop.export.page import ExportPage
from app.desktop.export.picture import view_picture
from app.desktop.session import Severity
from app.jobs import export_bones as job
from engine.domain import Bone, RefusedInput
from export.formats import FORMATS
from tests.app.desktop.blocking import Watchdog
from tests.app.desktop.knee_case import with_knee

PNG = b"\x89PNG\r\n\x1a\n"
LONG_MS = 120_000
MONSTER = "<img src=x onerror=alert(1)>"


@pytest.fixture
def page(qtbot, session, reviewed_case, tmp_path):
    page = ExportPage(session)
    qtbot.addWidget(page)
    page.resize(1366, 600)
    page.refresh()
    page.show()
    (tmp_path / "out").mkdir()
    page.choice.folder.setText(str(tmp_path / "out"))
    yield page
    page.close_page()


def finished(qtbot, page) -> Path:
    """Wait for the export; the folder that it made."""
    qtbot.waitUntil(lambda: not page.running, timeout=LONG_MS)
    (folder,) = page.choice.chosen_folder().iterdir()
    return folder


def export(qtbot, page) -> Path:
    qtbot.mouseClick(page.panel.export_button, Qt.MouseButton.LeftButton)
    return finished(qtbot, page)


def names(page) -> list[str]:
    return [row[0] for row in page.panel.files.shown_rows()]


def test_that_it_says_what_will_be_written_before_anything_is(page, reviewed_case):
    stem = f"{reviewed_case.document.id}_right"
    bones = [f"{stem}_{bone.word}.stl" for bone in Bone]
    assert names(page) == [*bones, f"{stem}_report.pdf", "manifest.json"]
    page.choice.formats["glb"].click()
    page.choice.bones[Bone.FIBULA].click()
    page.choice.report.click()
    assert names(page) == [*bones[:3], f"{stem}_knee.glb", "manifest.json"]
    assert page.panel.files.shown_rows()[3][1:4] == ["m", "+Y up", "right"]


def test_that_every_format_states_unit_frame_and_side(page):
    for name, box in page.choice.formats.items():
        spoken = box.accessibleName()
        assert name.upper() in spoken
        assert ("metres" if name == "glb" else "millimetres") in spoken
        assert ("+Y" if name == "glb" else "LPS") in spoken
        assert "right knee" in spoken


def test_that_the_whole_knee_stands_checked_and_recorded_after_one_click(qtbot, page, session, said):
    for box in page.choice.formats.values():
        box.setChecked(True)
    planned = names(page)
    folder = export(qtbot, page)
    assert sorted(path.name for path in folder.iterdir()) == sorted(planned)
    record = session.document.exports[-1]
    assert step_state(session.document, Step.EXPORT) is StepState.DONE
    assert (record.folder, record.format) == (str(folder), "stl, ply, obj, glb")
    for path in folder.iterdir():
        assert record.files[path.name] == hashlib.sha256(path.read_bytes()).hexdigest()
    rows = {row[0]: row for row in page.panel.files.shown_rows()}
    assert {name: row[5] for name, row in rows.items()} == dict(record.files)
    assert all(row[4].startswith("Same") for row in rows.values())
    told = json.loads((folder / "manifest.json").read_bytes())
    assert (told["case"], told["side"]) == (session.document.id, "right")
    assert told["shown"]["femur"]["from_sha256"] == [session.document.generated.files["meshes/femur.stl"]]
    assert [message.severity for message in said] == [Severity.INFO]
    assert page.panel.folder_button.isVisible()


@pytest.mark.alone
def test_that_the_window_answers_while_it_exports(qtbot, page):
    for box in page.choice.formats.values():
        box.setChecked(True)
    with Watchdog() as watchdog:
        export(qtbot, page)
    print(f"longest stretch without an event: {watchdog.longest_s * 1000:.0f} ms")
    assert watchdog.longest_s < 0.1


def test_that_the_keyboard_alone_exports(qtbot, page, session):
    page.activateWindow()
    page.choice.folder.setFocus()
    qtbot.waitUntil(page.choice.folder.hasFocus)
    page.choice.report.setChecked(False)
    qtbot.keyClick(page.choice.folder, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.running
    finished(qtbot, page)
    assert session.document.exports


def test_that_the_keyboard_goes_from_export_to_cancel_to_the_folder(qtbot, page):
    page.activateWindow()
    page.choice.report.setChecked(False)
    page.panel.export_button.setFocus()
    qtbot.waitUntil(page.panel.export_button.hasFocus)
    qtbot.keyClick(page.panel.export_button, Qt.Key.Key_Space)
    assert page.panel.cancel_button.hasFocus()
    finished(qtbot, page)
    assert page.panel.folder_button.hasFocus()


def test_that_a_second_export_has_a_folder_of_its_own(qtbot, page, session, monkeypatch):
    page.choice.report.setChecked(False)
    first = export(qtbot, page)
    before = {path.name: path.read_bytes() for path in first.iterdir()}
    monkeypatch.setattr("app.desktop.export.wishes.folder_name", lambda case, side: f"{case}_second")
    qtbot.mouseClick(page.panel.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.running, timeout=LONG_MS)
    assert len(session.document.exports) == 2
    assert {path.name: path.read_bytes() for path in first.iterdir()} == before


def test_that_an_export_into_a_folder_that_is_taken_says_so_and_touches_nothing(qtbot, page, said, monkeypatch):
    monkeypatch.setattr("app.desktop.export.wishes.folder_name", lambda case, side: "taken")
    theirs = page.choice.chosen_folder() / "taken" / "theirs.txt"
    theirs.parent.mkdir()
    theirs.write_text("mine")
    export(qtbot, page)
    assert said[-1].severity is Severity.ERROR
    assert "holds files" in said[-1].sentence
    assert [path.name for path in theirs.parent.iterdir()] == ["theirs.txt"]
    assert page.panel.export_button.isEnabled()


def test_that_a_full_disk_is_a_sentence_and_nothing_is_left(qtbot, page, session, said, monkeypatch):
    def full(content, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(job, "write_file_atomically", full)
    qtbot.mouseClick(page.panel.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.running, timeout=LONG_MS)
    assert said[-1].severity is Severity.ERROR
    assert "the disk is full; make room" in said[-1].sentence
    assert list(page.choice.chosen_folder().iterdir()) == []
    assert not session.document.exports


def test_that_cancelling_leaves_nothing(qtbot, page, session, said, monkeypatch):
    write = job.write_file_atomically

    def slow(content, path):
        qtbot.wait_for_cancel.wait(60)
        write(content, path)

    import threading

    qtbot.wait_for_cancel = threading.Event()
    monkeypatch.setattr(job, "write_file_atomically", slow)
    qtbot.mouseClick(page.panel.export_button, Qt.MouseButton.LeftButton)
    assert page.panel.cancel_button.isVisible()
    qtbot.mouseClick(page.panel.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.wait_for_cancel.set()
    qtbot.waitUntil(lambda: not page.running, timeout=LONG_MS)
    assert "cancelled" in said[-1].sentence
    assert list(page.choice.chosen_folder().iterdir()) == []
    assert not session.document.exports


def test_that_an_export_of_one_case_is_no_export_of_the_next(qtbot, page, session):
    page.export()
    other = session.store.create(new_case("Other"))
    session.show_case(other)
    assert not page.running
    session.background.close()
    assert other.document.exports == ()


def test_that_a_knee_that_nobody_reviewed_is_exported_with_a_warning(qtbot, page, session):
    session.accept(replace(session.document, reviewed=None), "Undo review")
    page.refresh()
    assert page.panel.notice.isVisible()
    assert "Review page" in page.panel.notice_words.text()
    assert page.panel.export_button.isEnabled()
    with qtbot.waitSignal(session.wanted) as wanted:
        qtbot.mouseClick(page.panel.review_button, Qt.MouseButton.LeftButton)
    assert wanted.args == [Step.REVIEW]
    text = report_text(export(qtbot, page))
    assert "Nobody had accepted this knee" in text


def test_that_a_stale_knee_is_refused_with_a_sentence(page, session):
    films = (
        *session.document.films[:1],
        FilmEntry(session.document.films[1].blob, "other.dcm"),
        session.document.films[0],
    )
    session.accept(replace(session.document, films=films), "Import")
    page.refresh()
    assert "generate it again" in page.panel.notice_words.text()
    assert not page.panel.export_button.isEnabled()


def test_that_nothing_chosen_or_no_whole_path_is_said_beside_the_button(page):
    for box in page.choice.formats.values():
        box.setChecked(False)
    assert page.panel.words.text() == "Choose at least one format."
    page.choice.formats["stl"].setChecked(True)
    page.choice.folder.setText("somewhere")
    assert page.panel.words.text() == "Choose a folder to export into."
    assert page.choice.folder.property("invalid")
    assert not page.panel.export_button.isEnabled()


def test_that_a_case_open_elsewhere_is_exported_there(qtbot, page, session, store):
    with_lock, reader = session.case, store.open(session.document.id)
    session._open = reader
    page.refresh()
    assert "open in another window" in page.panel.words.text()
    assert not page.panel.export_button.isEnabled()
    session._open = with_lock
    reader.close()


def test_that_folder_and_manifest_can_be_reached_from_the_result(qtbot, page, monkeypatch):
    page.choice.report.setChecked(False)
    folder = export(qtbot, page)
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    qtbot.mouseClick(page.panel.folder_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.panel.copy_button, Qt.MouseButton.LeftButton)
    assert opened == [str(folder)]
    assert QGuiApplication.clipboard().text() == str(folder / "manifest.json")


def test_that_rows_are_copied_with_whole_hashes(qtbot, page):
    page.choice.report.setChecked(False)
    folder = export(qtbot, page)
    page.panel.files.selectAll()
    qtbot.keyClick(page.panel.files, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    for path in folder.iterdir():
        assert f"{path.name}\t" in text
        assert hashlib.sha256(path.read_bytes()).hexdigest() in text


def test_that_a_folder_is_chosen_in_the_systems_dialog(qtbot, page, tmp_path):
    qtbot.mouseClick(page.choice.choose_button, Qt.MouseButton.LeftButton)
    dialog = page.choice.findChildren(QFileDialog)[0]
    dialog.filesSelected.emit([str(tmp_path)])
    dialog.reject()
    assert page.choice.chosen_folder() == tmp_path


def test_that_the_next_export_proposes_the_folder_of_the_last(qtbot, page, session):
    page.choice.report.setChecked(False)
    export(qtbot, page)
    again = ExportPage(session)
    qtbot.addWidget(again)
    again.refresh()
    assert again.choice.chosen_folder() == page.choice.chosen_folder()


def test_that_a_picture_of_the_view_goes_along_and_is_bound_by_hash(qtbot, page, session):
    page.picture_of_view = lambda document: PNG + document.id.encode()
    page.refresh()
    page.choice.picture.setChecked(True)
    page.choice.report.setChecked(False)
    folder = export(qtbot, page)
    content = (folder / f"{session.document.id}_right_view.png").read_bytes()
    assert content == PNG + session.document.id.encode()
    told = json.loads((folder / "manifest.json").read_bytes())
    assert told["papers"][f"{session.document.id}_right_view.png"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_that_a_view_of_another_knee_is_no_picture_of_this_one(page, session):
    class Mesh:
        sources = ("12" * 32,)

    class Review:
        class loader:  # noqa: N801
            class shown:  # noqa: N801
                class knee:  # noqa: N801
                    meshes = (Mesh(),)

        def view_png(self):
            return PNG

    for review in (None, Review()):
        with pytest.raises(RefusedInput, match="open the Review page"):
            view_picture(review, session.document)
    Mesh.sources = (session.document.generated.files["meshes/femur.stl"],)
    assert view_picture(Review(), session.document) == PNG


def test_that_every_control_has_a_name_and_the_keyboard_reaches_it(page):
    controls = [found for kind in (QAbstractButton, QLineEdit, QTableWidget) for found in page.findChildren(kind)]
    for control in controls:
        if control.parent() is page.panel.files or not control.isVisibleTo(page):
            continue  # the table's own corner
        assert control.accessibleName() or control.text(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control


def report_text(folder: Path) -> str:
    (path,) = folder.glob("*_report.pdf")
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


def named_film(content: bytes, person: str, number: str) -> bytes:
    film = pydicom.dcmread(io.BytesIO(content))
    film.SpecificCharacterSet = "ISO_IR 192"
    film.PatientName, film.PatientID, film.PatientBirthDate = person, number, "19470815"
    film.StudyDescription = f"Knee of {person}"
    out = io.BytesIO()
    film.save_as(out)
    return out.getvalue()


@pytest.mark.parametrize("person", ["Canary^Zebedee", "山田^太郎", MONSTER])
def test_that_no_exported_file_names_the_patient(qtbot, page, session, sample_case, sample_films, person):
    number = "NR4711XYZ"
    document = session.document
    blobs = {name: sample_case.put(named_film(content, person, number)) for name, content in sample_films.items()}
    family = person.split("^")[0]
    safe = "Canary" if person == MONSTER else family
    films = tuple(FilmEntry(blob, f"{safe}_{name}") for name, blob in blobs.items())
    checked = document.checked
    checked = replace(
        checked,
        ap=replace(checked.ap, blob=blobs["ap.dcm"]),
        lateral=replace(checked.lateral, blob=blobs["lateral.dcm"]),
    )
    document = replace(document, title=f"{person} {number}", films=films, checked=checked)
    document = replace(document, checked=replace(checked, basis=basis_of(document, Step.CHECK)))
    document = with_knee(sample_case, document)
    remark = f"{person} ({number}, {family}) in {safe}_ap.dcm fits"
    document = replace(document, reviewed=replace(document.reviewed, remark=remark))
    lengths = (Measurement(f"Width of {family}", ((0.0, 0.0, 0.0), (3.0, 4.0, 0.0))),)
    document = replace(document, planned=Planned(basis_of(document, Step.PLAN), lengths))
    assert session.accept(document, "Import")
    for box in page.choice.formats.values():
        box.setChecked(True)
    page.refresh()
    folder = export(qtbot, page)
    canaries = {number, family, *person.split("^"), "19470815"}
    for path in folder.iterdir():
        content = path.read_bytes()
        content += gzip.decompress(content) if content[:2] == b"\x1f\x8b" else b""
        for canary in canaries:
            for coding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert canary.encode(coding) not in content, (path.name, canary, coding)
            assert canary not in path.name
    text = report_text(folder)
    assert "5.0 mm" in text
    assert "[patient]" in text
    assert not [canary for canary in canaries if canary in text]


def test_that_every_word_on_the_page_is_shown_as_plain_text(page):
    for shown in page.findChildren(QLabel):
        assert shown.textFormat() is Qt.TextFormat.PlainText, shown.text()


def test_that_every_format_of_the_table_can_be_ticked(page):
    assert set(page.choice.formats) == set(FORMATS)


def test_that_the_command_line_exports_a_case_that_is_open_here(session, reviewed_case, tmp_path, capsys):
    folder = session.store.folder / "cases" / reviewed_case.document.id
    words = ["export", str(folder), "--format", "stl", "--out"]
    assert main([*words, str(tmp_path / "knee")]) == 0
    stem = f"{reviewed_case.document.id}_right"
    assert {path.name for path in (tmp_path / "knee").iterdir()} == {
        "manifest.json",
        *(f"{stem}_{bone.word}.stl" for bone in Bone),
    }
    assert not reviewed_case.read_only
    session.accept(with_films(reviewed_case.document, reviewed_case.document.films[::-1]), "Import")
    assert main([*words, str(tmp_path / "stale")]) == 2
    assert "no knee of its films as they are now" in capsys.readouterr().err
    assert not (tmp_path / "stale").exists()
