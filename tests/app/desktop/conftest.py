"""Fixtures of the desktop's tests: a store, a session, a case with checked films, and nothing left running."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.assets import asset
from app.cases.document import (
    CaseDocument,
    Checked,
    CheckedFilm,
    Decision,
    FilmEntry,
    Step,
    basis_of,
    new_case,
    with_films,
)
from app.cases.films import DEFAULT_BEAM, decode_path, proposal
from engine.domain import Source

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.cases.store import CaseStore, OpenCase
    from app.desktop.session import Message, Session

# Qt's own threads show up in threading.enumerate() as dummies that never end; what matters is that no pool is busy.
_Dummy = threading._DummyThread  # type: ignore[attr-defined]


@pytest.fixture(autouse=True, scope="session")
def turns() -> Iterator[None]:
    """Threads take turns as they do in the program."""
    from app.desktop.program import TURN_S

    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test of the desktop that leaves a thread, a timer, a child process or a window fails."""
    from PySide6.QtCore import QThreadPool, QTimer

    from tests.conftest import _children, _command

    started: list[QTimer] = []
    start = QTimer.start

    def remembered(timer: QTimer, *arguments: object) -> None:
        started.append(timer)
        start(timer, *arguments)  # type: ignore[call-overload]

    monkeypatch.setattr(QTimer, "start", remembered)
    threads, children, windows = set(threading.enumerate()), _children(), _windows()
    yield
    _settle(lambda: not (_threads(threads) or _children() - children or _running(started)))
    assert not _threads(threads), f"threads left behind: {_threads(threads)}"
    left = _children() - children
    assert not left, f"processes left behind: {[_command(pid) for pid in left]}"
    assert not _running(started), f"timers left running: {_running(started)}"
    assert QThreadPool.globalInstance().activeThreadCount() == 0, "the global thread pool is still at work"
    left_open = [widget for widget in _windows() if widget not in windows]
    assert not left_open, f"windows left open: {left_open}"


def _settle(done: Callable[[], bool], seconds: float = 5.0) -> None:
    """Let the event loop work until `done` or the time is up."""
    from PySide6.QtCore import QCoreApplication, QEvent

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            QCoreApplication.processEvents()
        if done():
            return
        gc.collect()
        time.sleep(0.02)


def _threads(before: set[threading.Thread]) -> set[threading.Thread]:
    return {t for t in threading.enumerate() if t not in before and t.is_alive() and not isinstance(t, _Dummy)}


def _windows() -> list:
    from PySide6.QtWidgets import QApplication

    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def _running(timers: list) -> list:
    import shiboken6

    return [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    """An empty store of cases in a folder of the test's own."""
    from app.cases.store import CaseStore

    store = CaseStore(tmp_path / "cases")
    yield store
    store.close()


@pytest.fixture
def session(store: CaseStore, qapp: object) -> Iterator[Session]:
    """A session without an open case."""
    from app.desktop.session import Session

    session = Session(store)
    yield session
    session.close()


@pytest.fixture
def said(session: Session) -> list[Message]:
    """Everything that the message list gets."""
    messages: list[Message] = []
    session.said.connect(messages.append)
    return messages


@pytest.fixture
def dressed_as_before(qapp: QApplication) -> Iterator[None]:
    """The application's style sheet, palette, font and tokens are afterwards what they were."""
    from app.desktop.theme.current import current_tokens, stand

    sheet, palette, font, tokens = qapp.styleSheet(), qapp.palette(), qapp.font(), current_tokens()
    yield
    stand(tokens)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture(scope="session")
def sample_films() -> dict[str, bytes]:
    """The two sample films by file name."""
    return {name: asset(f"sample-case/{name}").read_bytes() for name in ("ap.dcm", "lateral.dcm")}


@pytest.fixture(scope="session")
def sample_checks() -> tuple[Decision, dict[str, CheckedFilm]]:
    """The side, and each sample film by file name as its own file proposes to settle it."""
    proposed = {name: proposal(decode_path(asset(f"sample-case/{name}"))) for name in ("ap.dcm", "lateral.dcm")}
    films = {}
    for name, said in proposed.items():
        assert said.view is not None
        assert said.spacing_mm is not None
        films[name] = CheckedFilm("", said.view, said.spacing_mm, said.sid_mm, said.sod_mm, said.columns_run_to)
    side = proposed["ap.dcm"].side
    return side or Decision("R", Source.USER, "chosen on the Check page"), films


@pytest.fixture
def sample_document(
    sample_films: dict[str, bytes], sample_checks: tuple[Decision, dict[str, CheckedFilm]]
) -> Callable[[OpenCase], CaseDocument]:
    """Puts the sample films into an open case; the document that names and checks them, not yet saved."""

    def made(case: OpenCase) -> CaseDocument:
        blobs = {name: case.put(content) for name, content in sample_films.items()}
        document = with_films(case.document, tuple(FilmEntry(blob, name) for name, blob in blobs.items()))
        side, films = sample_checks
        settled = {name: replace(film, blob=blobs[name]) for name, film in films.items()}
        basis = basis_of(document, Step.CHECK)
        checked = Checked(basis, side, DEFAULT_BEAM, settled["ap.dcm"], settled["lateral.dcm"])
        return replace(document, checked=checked)

    return made


@pytest.fixture
def sample_case(session: Session, sample_document: Callable[[OpenCase], CaseDocument]) -> OpenCase:
    """A case with the two sample films imported and checked, open in the session."""
    case = session.store.create(new_case("Sample knee"))
    document = sample_document(case)
    case.save(replace(document, checked=None), "Import")
    case.save(document, "Check")
    session.show_case(case)
    return case


@pytest.fixture
def reviewed_case(sample_case: OpenCase) -> OpenCase:
    """The sample case with a phantom's knee that was reviewed."""
    from tests.app.desktop.knee_case import with_knee

    sample_case.save(with_knee(sample_case, sample_case.document), "Review")
    return sample_case
