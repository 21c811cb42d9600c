"""The Generate page with a real engine process and a knee without a network."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox

from app.cases.document import (
    CaseDocument,
    Checked,
    CheckedFilm,
    Decision,
    FilmEntry,
    GenerateRequest,
    Step,
    StepState,
    basis_of,
    new_case,
    step_state,
    with_films,
)
from app.desktop.generate import run as generate_run
from app.desktop.generate.page import GeneratePage
from app.desktop.generate.run import RunState
from engine.domain import Side, Source
from tests.app.desktop import fake_knee
from tests.app.desktop.blocking import Watchdog
from tests.app.desktop.test_engine_bridge import PATIENCE_MS, bridge_to
from tests.app.engine_process.films import calibrated_pair


def checked_document(document: CaseDocument, put: Callable[[bytes], str], side: str = "R") -> CaseDocument:
    """Two films, checked; what they hold is never read here."""
    films = tuple(FilmEntry(put(name.encode()), name) for name in ("ap.dcm", "lateral.dcm"))
    document = with_films(document, films)

    def said(value: object) -> Decision:
        return Decision(value, Source.FILE, "")

    ap, lateral = (
        CheckedFilm(film.blob, said(view), said([0.3, 0.3]), said(1150.0), said(1050.0), said(letter))
        for film, view, letter in zip(films, ("AP", "LATERAL"), "LA", strict=True)
    )
    checked = Checked(basis_of(document, Step.CHECK), said(side), said("mediolateral"), ap, lateral)
    return replace(document, checked=checked)


@pytest.fixture
def case(session, monkeypatch: pytest.MonkeyPatch):
    """A checked case, open; its films are blank ones."""
    monkeypatch.setattr(generate_run, "_calibrated", lambda case, document: calibrated_pair(Side.RIGHT))
    case = session.store.create(new_case("A knee"))
    case.save(checked_document(case.document, case.put), "Check")
    session.show_case(case)
    return case


@pytest.fixture
def page_of(session, qtbot) -> Iterator[Callable[..., GeneratePage]]:
    """Makes pages, shown, whose engine runs a job of fake_knee.py."""
    pages = []

    def made(job: str = "knee_files", warm_up: str = "warm_up", width: int = 1366) -> GeneratePage:
        page = GeneratePage(session, bridge_to(job, warm_up))
        session.changed.connect(page.refresh)
        page.resize(width, 640)
        page.show()
        page.refresh()
        pages.append(page)
        return page

    yield made
    for page in pages:
        page.close_page()
        page.close()
        page._bridge.close()
        page.deleteLater()


def press(qtbot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def generated(qtbot, page: GeneratePage) -> None:
    """Press Generate and wait for the end."""
    with qtbot.waitSignal(page.run.ended, timeout=PATIENCE_MS):
        press(qtbot, page.generate)


def test_that_a_generated_knee_stands_whole_in_the_case_and_leads_to_review(
    case, session, page_of, qtbot, said
) -> None:
    page, wanted = page_of(), []
    session.wanted.connect(wanted.append)
    page.settings.qualities[4].click()
    page.settings.seed.setValue(7)
    generated(qtbot, page)
    entry = case.document.generated
    assert entry is not None
    assert entry.request == GenerateRequest(steps=4, seed=7)
    assert {name: case.blob(blob) for name, blob in entry.files.items()} == fake_knee.result(entry.request)
    assert step_state(case.document, Step.GENERATE) is StepState.DONE
    assert case.undo_label == "Generate"
    assert wanted == [Step.REVIEW]
    assert "SID is a default" in [message.sentence for message in said]
    assert page.generate.text() == "Generate again"


def test_that_every_level_is_seen_to_form(case, page_of, qtbot) -> None:
    page = page_of()
    views = {voxels: list(pair) for voxels, pair in page.previews.views.items()}
    assert list(views) == [32, 64, 128]
    assert all(view.empty for pair in views.values() for view in pair)
    generated(qtbot, page)
    assert not any(view.empty for pair in views.values() for view in pair)


@pytest.mark.alone
def test_that_the_window_is_never_held_up_while_a_knee_is_generated_and_kept(case, page_of, qtbot) -> None:
    page = page_of("large")
    with Watchdog() as watchdog:
        generated(qtbot, page)
    assert case.document.generated is not None
    assert watchdog.longest_s < 0.1


def test_that_films_checked_anew_meanwhile_make_the_result_stale(case, session, page_of, qtbot, said) -> None:
    page = page_of()
    before = basis_of(case.document, Step.GENERATE)
    with qtbot.waitSignal(page.run.ended, timeout=PATIENCE_MS):
        press(qtbot, page.generate)
        session.accept(checked_document(case.document, case.put, "L"), "Check")
    entry = case.document.generated
    assert entry is not None
    assert entry.basis == before
    assert step_state(case.document, Step.GENERATE) is StepState.STALE
    assert any("marked as stale" in message.sentence for message in said)
    assert page.state.text() == "Stale"


def test_that_a_cancelled_run_leaves_the_case_as_it_was(case, page_of, qtbot) -> None:
    page, before = page_of("slow"), case.document
    with qtbot.waitSignal(page._bridge.progress, timeout=PATIENCE_MS):
        press(qtbot, page.generate)
    assert not page.generate.isEnabled()
    assert page.below.currentWidget() is page.progress
    with qtbot.waitSignal(page.run.ended, timeout=2000):
        press(qtbot, page.progress.cancel)
        assert page.run.state is RunState.CANCELLING
    assert page.run.state is RunState.IDLE
    assert case.document == before
    assert page.generate.isEnabled()


def test_that_a_page_that_goes_takes_its_run_along_and_leaves_the_engine(case, session, page_of, qtbot) -> None:
    page = page_of("slow")
    bridge, before = page._bridge, case.document
    with qtbot.waitSignal(bridge.progress, timeout=PATIENCE_MS):
        press(qtbot, page.generate)
    with qtbot.waitSignal(bridge.cancelled, timeout=PATIENCE_MS):
        page.close_page()
    assert case.document == before
    bridge._job = f"{fake_knee.HERE}:knee_files"
    again = GeneratePage(session, bridge)
    qtbot.addWidget(again)
    again.refresh()
    generated(qtbot, again)
    assert case.document.generated is not None


def test_that_the_keyboard_stays_with_the_run_and_comes_back_to_the_button(case, page_of, qtbot) -> None:
    page = page_of("slow")
    page.activateWindow()
    page.generate.setFocus()
    qtbot.waitUntil(page.generate.hasFocus, timeout=PATIENCE_MS)
    with qtbot.waitSignal(page._bridge.progress, timeout=PATIENCE_MS):
        qtbot.keyClick(page.generate, Qt.Key.Key_Space)
    assert page.progress.cancel.hasFocus()
    with qtbot.waitSignal(page.run.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(page.progress.cancel, Qt.Key.Key_Space)
        assert page.progress.hasFocus()
    assert page.generate.hasFocus()


def test_that_a_run_may_be_cancelled_from_elsewhere(case, page_of, qtbot) -> None:
    page = page_of("slow")
    with qtbot.waitSignal(page._bridge.progress, timeout=PATIENCE_MS):
        press(qtbot, page.generate)
    with qtbot.waitSignal(page.run.ended, timeout=PATIENCE_MS):
        page._bridge.cancel()  # as the job bar does
    assert page.run.state is RunState.IDLE


def test_that_keys_start_and_end_a_run(case, page_of, qtbot) -> None:
    page = page_of("slow")
    page.activateWindow()
    page.settings.steps.setFocus()
    qtbot.waitUntil(page.settings.steps.hasFocus, timeout=PATIENCE_MS)
    with qtbot.waitSignal(page._bridge.progress, timeout=PATIENCE_MS):
        qtbot.keyClick(page.settings.steps, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(page.run.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_that_an_engine_that_is_killed_leaves_case_and_window_whole(case, page_of, qtbot, said) -> None:
    page, before = page_of("killed"), case.document
    generated(qtbot, page)
    assert any("SIGKILL" in message.sentence for message in said)
    assert case.document == before
    page._bridge._job = f"{fake_knee.HERE}:knee_files"
    generated(qtbot, page)
    assert case.document.generated is not None


def test_that_a_case_closed_meanwhile_ends_its_run(case, session, page_of, qtbot) -> None:
    page = page_of("slow")
    with qtbot.waitSignal(page._bridge.progress, timeout=PATIENCE_MS):
        press(qtbot, page.generate)
    other = session.store.create(new_case("Another"))
    with qtbot.waitSignal(page.run.ended, timeout=PATIENCE_MS):
        session.show_case(other)
    assert other.document.generated is None


def test_that_nothing_can_be_generated_before_the_films_are_checked(session, page_of, qtbot) -> None:
    page = page_of()
    assert not page.generate.isEnabled()
    assert "Open a case" in page.hint.text()
    session.show_case(session.store.create(new_case("Empty")))
    assert not page.generate.isEnabled()
    assert "Check page" in page.hint.text()
    with qtbot.waitSignal(session.wanted) as wanted:
        press(qtbot, page.check)
    assert wanted.args == [Step.CHECK]


def test_that_a_missing_gpu_is_said_before_the_start(case, page_of, qtbot) -> None:
    page = page_of()
    qtbot.waitUntil(lambda: page._bridge.machine is not None, timeout=PATIENCE_MS)
    assert page.forecast.device.text() == "Processor"
    assert any("no CUDA GPU" in words for words in page.forecast.concerns)
    assert page.generate.isEnabled()
    page.settings.device.setCurrentIndex(page.settings.device.findData("cuda"))
    assert not page.generate.isEnabled()
    assert any("Choose Automatic or Processor" in words for words in page.forecast.concerns)


def test_that_memory_is_said_before_the_start(case, page_of, qtbot) -> None:
    page = page_of(warm_up="warm_machine")
    qtbot.waitUntil(lambda: page._bridge.machine is not None, timeout=PATIENCE_MS)
    assert page.forecast.device.text() == "A card"
    assert "needed" in page.forecast.memory.text()
    assert page.forecast.memory.text().endswith("7.0 GB free")


def test_that_the_time_of_the_last_run_here_is_the_next_ones_forecast(case, page_of, qtbot) -> None:
    page = page_of()
    qtbot.waitUntil(lambda: page._bridge.machine is not None, timeout=PATIENCE_MS)
    assert "on two cores" in page.forecast.seconds.text()
    generated(qtbot, page)
    assert page.forecast.seconds.text() == "about 0:03, as the last run here"


def test_that_named_qualities_and_own_steps_agree(case, page_of) -> None:
    page = page_of()
    for steps, button in page.settings.qualities.items():
        button.click()
        assert page.request().steps == steps
    page.settings.steps.setValue(5)
    assert not any(button.isChecked() for button in page.settings.qualities.values())
    assert page.request().steps == 5


def test_that_a_case_shows_the_request_it_was_generated_by(case, session, page_of, qtbot) -> None:
    page = page_of()
    page.settings.show_request(GenerateRequest(steps=16, seed=11, samples=2, device="cpu"))
    generated(qtbot, page)
    session.show_case(session.store.create(new_case("Another")))
    assert page.request() == GenerateRequest()
    page.close_page()
    again = session.store.open(case.document.id)
    session.show_case(again)
    assert page.request() == GenerateRequest(steps=16, seed=11, samples=2, device="cpu")


def test_that_every_control_has_a_name_and_the_keyboard(case, page_of) -> None:
    page = page_of()
    controls = [w for kind in (QAbstractButton, QAbstractSpinBox, QComboBox) for w in page.findChildren(kind)]
    assert len(controls) > 10
    for control in controls:
        assert control.accessibleName() or control.text(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.accessibleName()
