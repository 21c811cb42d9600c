"""Logs: they rotate, and hold no patient data whatever anyone logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desktop.frame.crash_report import crash_details
from app.desktop.logs import FILE_NAME, Logs, discreet, fault_words
from engine.domain import Side

CANARIES = (
    "Doe^Jane",
    "Doe, Jane",
    "山田 太郎",
    "/home/jane/films of Jane/ap.dcm",
    "C:\\films\\DOE_JANE.dcm",
    "DOE_JANE.dcm",
    "19570312",
    "PID-0815-4711",
    "<img src=x onerror=alert(1)>",
    "jane@example.org",
)


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    """Logs into a folder of the test's own; Python's own fault handler stays pytest's."""
    logs = Logs(tmp_path / "state" / "genu", faults=False)
    logs.open()
    yield logs
    logs.close()


def written(logs: Logs) -> str:
    """Everything in the log folder."""
    return "".join(path.read_text(encoding="utf-8") for path in logs.folder.iterdir())


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("name", ["app.desktop.importing.page", "engine.io", "pydicom", "PIL.Image", "qt", "root"])
def test_that_no_argument_reaches_the_log(canary: str, name: str, logs: Logs) -> None:
    logging.getLogger(name).warning("a film was refused: %s", canary)
    logging.getLogger(name).warning("two films: %(one)s", {"one": canary})
    assert canary not in written(logs)


@pytest.mark.parametrize("canary", CANARIES)
def test_that_no_message_of_an_exception_reaches_the_log(canary: str, logs: Logs) -> None:
    try:
        try:
            raise ValueError(canary)
        except ValueError as first:
            raise OSError(2, "No such file", canary) from first
    except OSError as fault:
        logging.getLogger("app.desktop").exception("reading failed")
        details = crash_details(fault)
    text = written(logs)
    for told in (text, details):
        assert canary not in told
        assert "builtins.ValueError" in told
        assert "test_logs.py" in told


@pytest.mark.parametrize(
    "canary", ["Doe^Jane", "'Doe, Jane'", "/home/jane/ap.dcm", "DOE_JANE.dcm", "19570312", "jane@example.org"]
)
def test_that_what_looks_like_data_is_taken_out_of_literal_text_too(canary: str) -> None:
    assert "jane" not in discreet(f"reading {canary} failed").lower()
    assert discreet("3 films were found in 0.4 s") == "3 films were found in 0.4 s"


def test_that_numbers_enums_and_classes_are_logged(logs: Logs) -> None:
    logging.getLogger("app.x").info("%d films, %.1f s, %s, %s", 2, 1.5, Side.LEFT, ValueError)
    assert "2 films, 1.5 s, LEFT, ValueError" in written(logs)


def test_that_other_packages_leave_a_line_without_words(logs: Logs) -> None:
    logging.getLogger("pydicom").warning("Invalid value for VR PN")
    assert "warning pydicom: …" in written(logs)


def test_that_logs_rotate(logs: Logs) -> None:
    logger = logging.getLogger("app.x")
    for _ in range(1_500):
        logger.info("one of very many lines " * 100)
    files = sorted(path.name for path in logs.folder.iterdir())
    assert files[0] == FILE_NAME
    assert 1 < len(files) <= 5
    assert sum(path.stat().st_size for path in logs.folder.iterdir()) < 5 * (600 << 10)


def test_that_a_folder_that_cannot_be_written_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    logs = Logs(tmp_path / "file" / "state", faults=False)
    logs.open()
    logging.getLogger("app.x").info("said")
    logs.close()


def test_that_a_fault_names_the_places_in_the_source() -> None:
    try:
        Path("nowhere").read_text()
    except FileNotFoundError as fault:
        words = fault_words(fault)
    assert words.startswith("builtins.FileNotFoundError")
    assert "nowhere" not in words
