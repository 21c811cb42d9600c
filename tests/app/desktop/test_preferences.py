"""Preferences and the small words: what is kept, what is damaged, and what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QLocale

from app.desktop.parts.job_clock import JobClock
from app.desktop.parts.words import (
    dicom_date_words,
    duration_words,
    literal,
    one_line,
    plain_tooltip,
    size_words,
    time_words,
)
from app.desktop.preferences import PreferenceFile, Preferences
from app.desktop.theme.current import ThemeChoice
from engine.progress import Progress


@pytest.fixture(autouse=True)
def english(qapp: object):
    """Numbers and dates in English, whatever the system speaks."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


def test_that_preferences_come_back(tmp_path: Path) -> None:
    file = PreferenceFile(tmp_path / "a" / "genu.ini")
    assert file.value == Preferences()
    file.change(theme=ThemeChoice.DARK, text_scale=1.3, language="de", steps=12, case_folder="/tmp/膝", tour_seen=True)
    file.keep_geometry(QByteArray(b"where"))
    del file
    again = PreferenceFile(tmp_path / "a" / "genu.ini")
    assert again.value == Preferences(ThemeChoice.DARK, "de", 1.3, "/tmp/膝", steps=12, tour_seen=True)
    assert again.geometry() == QByteArray(b"where")


@pytest.mark.parametrize(
    "text",
    [
        "[preferences]\ntheme=purple\ntext_scale=huge\nsteps=many\ndevice=abacus\n",
        "[preferences]\ntext_scale=inf\nsteps=1e9\n",
        "\0\0\0 not an ini file",
        "[preferences\ntheme",
    ],
)
def test_that_a_damaged_file_means_the_usual(text: str, tmp_path: Path) -> None:
    (tmp_path / "genu.ini").write_text(text)
    file = PreferenceFile(tmp_path / "genu.ini")
    assert file.value.theme is ThemeChoice.SYSTEM
    assert file.value.steps == Preferences().steps
    assert 0.5 < file.value.text_scale < 2


def test_that_a_change_is_told_once_with_what_was_before(tmp_path: Path) -> None:
    file, told = PreferenceFile(tmp_path / "genu.ini"), []
    file.changed.connect(told.append)
    file.change(steps=9)
    file.change(steps=9)
    assert [before.steps for before in told] == [Preferences().steps]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("<img src=x onerror=alert(1)>", "&lt;img"), ("<b>", "&lt;b"), ("a < b", "a < b"), ("山田 太郎", "山田 太郎")],
)
def test_that_a_tooltip_shows_the_very_text(text: str, shown: str) -> None:
    assert shown in plain_tooltip(text)


def test_that_words_for_people_hold_one_line() -> None:
    assert one_line("a\nb\tc\x07 ‮d") == "a b c d"
    assert len(one_line("x" * 5_000)) == 200
    assert literal("Salt & pepper") == "Salt && pepper"


def test_that_figures_are_written_as_the_language_has_them() -> None:
    assert dicom_date_words("19570312") == "12 Mar 1957"
    assert dicom_date_words("1957") == "1957"
    assert time_words("2001-02-03T12:00:00+00:00") == "3 Feb 2001"
    assert time_words("yesterday") == "yesterday"
    assert duration_words(61) == "1:01"
    assert duration_words(3_661) == "1:01:01"
    assert size_words(1_500_000) == "1.4 MB"


def told(*events: Progress) -> JobClock:
    """A clock that heard these, started at 0 s."""
    clock = JobClock(0.0)
    for event in events:
        clock.told(event)
    return clock


def test_that_a_job_only_goes_forward() -> None:
    clock, seen = JobClock(0.0), []
    for stage, total in (
        ("model", 1),
        ("films", 1),
        ("encoding", 1),
        ("sampling", 8),
        ("surfaces", 4),
        ("checks", 1),
        ("files", 3),
    ):
        for done in range(total + 1):
            clock.told(Progress(stage, done, total))
            seen.append(clock.estimate(10.0).fraction)
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert seen[-1] == pytest.approx(1.0)


def test_that_no_time_is_promised_before_anything_is_known() -> None:
    assert told(Progress("model", 0, 1)).estimate(100.0).remaining_s is None
    assert told(Progress("sampling", 4, 8)).estimate(1.0).remaining_s is None


def test_that_the_time_left_follows_from_the_time_taken() -> None:
    estimate = told(Progress("sampling", 4, 8)).estimate(45.0)
    assert estimate.fraction == pytest.approx(0.45)
    assert estimate.remaining_s == pytest.approx(55.0)


def test_that_a_stage_nobody_knows_does_not_end_the_job_early() -> None:
    assert 0.0 <= told(Progress("dreaming", 1, 2)).estimate(10.0).fraction < 1.0
