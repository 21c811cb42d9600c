"""Languages: everything that is said in English is said in German, and a window speaks it."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.assets import asset
from app.cases.document import Step
from app.desktop.frame.step_bar import StepBar
from app.desktop.help.tour import TourPanel
from app.desktop.language import LANGUAGES, Translation, language_for
from app.desktop.parts.spoken import spoken

_MARKS = re.compile(r"\{\w*\}|%n|%\d")
_SAME_IN_GERMAN = 80  # how many words may stand as they are: AP, Femur, 3-D, {percent} %


@pytest.fixture
def translation(qapp: QApplication) -> Iterator[Translation]:
    """The language of a test; English again afterwards."""
    before = QLocale()
    translation = Translation()
    yield translation
    translation.remove()
    QLocale.setDefault(before)


def written(repository: Path) -> set[str]:
    """Every literal text that the desktop hands to Qt's translation."""
    found: set[str] = set()
    for path in (repository / "app" / "desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                found |= _texts(node, path)
    return found


def _texts(call: ast.Call, path: Path) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    places = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}
    if name not in places or len(call.args) <= places[name]:
        return set()
    text = call.args[places[name]]
    assert isinstance(text, ast.Constant), f"{path.name}:{call.lineno} translates what is not literal"
    return {text.value}


def german() -> dict[str, list[str]]:
    """The German of each English text, by every context it stands in."""
    found: dict[str, list[str]] = {}
    for message in ElementTree.parse(asset("translations/genu_de.ts")).getroot().iter("message"):
        source, translated = message.find("source"), message.find("translation")
        assert source is not None
        assert translated is not None
        forms = [form.text or "" for form in translated.findall("numerusform")] or [translated.text or ""]
        unfinished = translated.get("type") == "unfinished"
        found.setdefault(source.text or "", []).extend("" if unfinished else form for form in forms)
    return found


def test_that_every_text_has_a_german_one(repository: Path) -> None:
    known = german()
    missing = sorted(text for text in written(repository) if not all(known.get(text, [""])))
    assert missing == [], "run pyside6-lupdate and translate assets/translations/genu_de.ts"


def test_that_no_german_text_is_left_over(repository: Path) -> None:
    assert sorted(german().keys() - written(repository)) == []


def test_that_what_is_filled_in_is_the_same_in_both_languages() -> None:
    for english, translations in german().items():
        for text in translations:
            assert sorted(_MARKS.findall(text)) == sorted(_MARKS.findall(english)), english


def test_that_german_is_german() -> None:
    same = [english for english, translations in german().items() if translations[0] == english]
    assert len(same) < _SAME_IN_GERMAN, same


def test_that_the_compiled_file_is_of_the_texts_as_they_are(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load("genu_de", str(asset("translations")))
    tree = ElementTree.parse(asset("translations/genu_de.ts")).getroot()
    for context in tree.iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            if message.get("numerus") == "yes":
                continue
            source, comment = message.findtext("source") or "", message.findtext("comment")
            wanted = message.findtext("translation")
            assert translator.translate(name, source, comment) == wanted, "run pyside6-lrelease"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_that_every_language_has_a_file(language: str) -> None:
    assert asset(f"translations/genu_{language}.qm").is_file()


@pytest.mark.parametrize(("wish", "code"), [("de", "de"), ("en", "en"), ("tlh", "en")])
def test_that_what_nobody_translated_is_english(wish: str, code: str) -> None:
    assert language_for(wish) == code
    assert language_for("") in LANGUAGES


def test_that_a_window_speaks_german_with_german_dates(qtbot: QtBot, translation: Translation) -> None:
    assert translation.install("de") == "de"
    steps, tour = StepBar(), TourPanel()
    qtbot.addWidget(steps)
    qtbot.addWidget(tour)
    assert [steps.buttons[step].text() for step in Step] == [
        "Import",
        "Prüfen",
        "Erzeugen",
        "Beurteilen",
        "Planen",
        "Export",
    ]
    assert tour.title.text() == "Von zwei Aufnahmen zum Knie"
    assert QLocale().decimalPoint() == ","
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"  # Qt's own buttons too
    translation.remove()
    assert StepBar().buttons[Step.CHECK].text() == "Check"


@pytest.mark.parametrize(
    ("said", "german_words"),
    [
        ("ap.dcm is empty; copy or export it again", "ap.dcm ist leer; kopieren oder exportieren Sie sie erneut"),
        ("{0}.dcm has 9 x {1} pixels", "{0}.dcm hat 9 x {1} Pixel"),
        ("a & b.png: was turned by 90 degrees on the Check page.", None),
        ("is empty; of a remedy that nobody knows", ""),
        ("ImageLaterality R, on both films", "ImageLaterality R, auf beiden Aufnahmen"),
    ],
)
def test_that_what_the_engine_says_is_german_as_a_whole_or_not_at_all(
    said: str, german_words: str | None, translation: Translation
) -> None:
    assert spoken(said) == said
    translation.install("de")
    expected = "a & b.png: wurde auf der Seite Prüfen um 90 Grad gedreht." if german_words is None else german_words
    assert spoken(said) == (expected or said)


def test_that_the_letters_of_each_menu_differ_in_both_languages(repository: Path) -> None:
    source = ast.parse((repository / "app" / "desktop" / "frame" / "actions.py").read_text())
    known = german()
    menus = [node for node in ast.walk(source) if isinstance(node, ast.FunctionDef) and node.name.endswith("_menu")]
    for menu in menus:
        texts = sorted(
            text for node in ast.walk(menu) if isinstance(node, ast.Call) for text in _texts(node, Path("actions.py"))
        )
        entries = [text for text in texts if "&" in text and text not in ("&File", "&Edit", "&View", "&Help")]
        for words in (entries, [known[text][0] for text in entries]):
            letters = [word[word.index("&") + 1].lower() for word in words]
            assert len(letters) == len(set(letters)), words
