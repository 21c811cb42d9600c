from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from app.desktop.parts.words import number_words


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def test_that_german_numbers_have_a_comma_and_nothing_between_thousands(german: None) -> None:
    assert number_words(1234.56, 1) == "1234,6"
    assert number_words(2.5, 2) == "2,50"


def test_that_english_numbers_have_a_point(qapp: object) -> None:
    assert number_words(0.456, 2) == "0.46"
