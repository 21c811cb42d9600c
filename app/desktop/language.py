"""Languages: English is written in the source, others come as Qt translations from assets/translations."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.assets import asset

# By code: the language's own name. English needs no file.
LANGUAGES = {"en": "English", "de": "Deutsch"}
_OWN, _QT = "genu", "qtbase"


def language_for(wish: str) -> str:
    """The code that a wish leads to; "" asks the system, and what nobody translated is English."""
    code = wish or QLocale.system().name().partition("_")[0]
    return code if code in LANGUAGES else "en"


class Translation:
    """The translators that are installed; installing another language removes them."""

    def __init__(self) -> None:
        self._installed: list[QTranslator] = []

    def install(self, wish: str) -> str:
        """Speak a language from now on, the numbers and dates too; the code of what is spoken."""
        code = language_for(wish)
        self.remove()
        if code != "en":
            self._add(_OWN, code, asset("translations"))
            self._add(_QT, code, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)))
        same = QLocale.system().name().startswith(code)
        QLocale.setDefault(QLocale.system() if same else QLocale(code))
        return code

    def remove(self) -> None:
        """Back to English."""
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self._installed.clear()

    def _add(self, name: str, code: str, folder: Path) -> None:
        translator = QTranslator()
        if translator.load(f"{name}_{code}", str(folder)):
            QCoreApplication.installTranslator(translator)
            self._installed.append(translator)
