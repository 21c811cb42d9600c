"""What the engine and the store say, in the planner's language. They speak English and know no Qt.

A sentence is one or more clauses with "; " between them, as engine/io/refusals.py makes them; the first may begin with
the name of a file. Where a clause is not in the table the sentence is shown as it was said, never half of it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT = "engine"
_speak = QCoreApplication.translate  # of what stands in the table below, which is what lupdate reads

# Numbers in braces are whatever stood there.
CLAUSES: tuple[Any, ...] = (  # of str; PySide6 types the mark as object
    # Files that are no film
    QT_TRANSLATE_NOOP("engine", "is empty"),
    QT_TRANSLATE_NOOP("engine", "is not a file"),
    QT_TRANSLATE_NOOP("engine", "is neither a DICOM file nor a picture"),
    QT_TRANSLATE_NOOP("engine", "is not a DICOM file"),
    QT_TRANSLATE_NOOP("engine", "is a colour picture"),
    QT_TRANSLATE_NOOP("engine", "is a film of {0}"),
    QT_TRANSLATE_NOOP("engine", "is a {0} of modality {1}, not a radiograph"),
    QT_TRANSLATE_NOOP("engine", "holds no pixels"),
    QT_TRANSLATE_NOOP("engine", "holds {0} pages"),
    QT_TRANSLATE_NOOP("engine", "has {0} x {1} pixels"),
    QT_TRANSLATE_NOOP("engine", "has more than {0} MiB"),
    QT_TRANSLATE_NOOP("engine", "has no contrast: all its pixels are equal"),
    QT_TRANSLATE_NOOP("engine", "has transfer syntax {0}, which Genu does not decode"),
    QT_TRANSLATE_NOOP("engine", "has PixelSpacing alone, which may be at the detector or in the patient"),
    QT_TRANSLATE_NOOP("engine", "states no pixel spacing"),
    QT_TRANSLATE_NOOP("engine", "takes too long to decode"),
    QT_TRANSLATE_NOOP("engine", "was not looked at: there are more than {0} films here"),
    QT_TRANSLATE_NOOP("engine", "has changed since it was looked at"),
    QT_TRANSLATE_NOOP("engine", "cannot be read (permission is denied)"),
    QT_TRANSLATE_NOOP("engine", "cannot be read (Permission denied)"),
    QT_TRANSLATE_NOOP("engine", "cannot be read (No such file or directory)"),
    QT_TRANSLATE_NOOP("engine", "cannot be read ({0})"),
    # What to do about it
    QT_TRANSLATE_NOOP("engine", "copy or export it again"),
    QT_TRANSLATE_NOOP("engine", "export it again"),
    QT_TRANSLATE_NOOP("engine", "export it again, uncompressed if that is possible"),
    QT_TRANSLATE_NOOP("engine", "export it uncompressed"),
    QT_TRANSLATE_NOOP("engine", "export it without compression"),
    QT_TRANSLATE_NOOP("engine", "choose a radiograph: DICOM, PNG, TIFF or JPEG"),
    QT_TRANSLATE_NOOP("engine", "choose a single film"),
    QT_TRANSLATE_NOOP("engine", "choose the film's own file"),
    QT_TRANSLATE_NOOP("engine", "choose the two films themselves"),
    QT_TRANSLATE_NOOP("engine", "choose this file by itself if it shows a knee"),
    QT_TRANSLATE_NOOP("engine", "give a film between {0} pixels and {1} Mpx"),
    QT_TRANSLATE_NOOP("engine", "give the exposed film"),
    QT_TRANSLATE_NOOP("engine", "give the image itself, not a report or a plan"),
    QT_TRANSLATE_NOOP("engine", "save the film as a single page"),
    QT_TRANSLATE_NOOP("engine", "ask its owner for permission, or copy it"),
    QT_TRANSLATE_NOOP("engine", "check its permissions"),
    QT_TRANSLATE_NOOP("engine", "check where it lies"),
    QT_TRANSLATE_NOOP("engine", "open it again"),
    QT_TRANSLATE_NOOP("engine", "correct it in the file"),
    QT_TRANSLATE_NOOP("engine", "close other programs"),
    # Remarks on films
    QT_TRANSLATE_NOOP("engine", "lay on its side, turned"),
    QT_TRANSLATE_NOOP("engine", "was mirrored on the Check page"),
    QT_TRANSLATE_NOOP("engine", "was turned by {0} degrees on the Check page"),
    QT_TRANSLATE_NOOP("engine", "was turned by {0} degrees and mirrored on the Check page"),
    QT_TRANSLATE_NOOP("engine", "magnification {0} is unusual"),
    QT_TRANSLATE_NOOP("engine", "source-detector distance {0} mm is unusual"),
    QT_TRANSLATE_NOOP("engine", "were taken on different dates"),
    QT_TRANSLATE_NOOP("engine", "write the patient's name differently under one patient ID"),
    # Who settled a value, and how
    QT_TRANSLATE_NOOP("engine", "chosen on the Check page"),
    QT_TRANSLATE_NOOP("engine", "the clinical routine"),
    QT_TRANSLATE_NOOP("engine", "entered"),
    QT_TRANSLATE_NOOP("engine", "{0} mm, not in the file"),
    QT_TRANSLATE_NOOP("engine", "{0}, on both films"),
    # Cases and disks
    QT_TRANSLATE_NOOP("engine", "could not be written: the disk is full"),
    QT_TRANSLATE_NOOP("engine", "could not be written: the disk quota is used up"),
    QT_TRANSLATE_NOOP("engine", "could not be written: the disk reports an error"),
    QT_TRANSLATE_NOOP("engine", "cannot be written: permission is denied"),
    QT_TRANSLATE_NOOP("engine", "cannot be written: it is on a read-only file system"),
    QT_TRANSLATE_NOOP("engine", "make room or choose another disk"),
    QT_TRANSLATE_NOOP("engine", "choose another place"),
    QT_TRANSLATE_NOOP("engine", "The case is open in a window"),
    QT_TRANSLATE_NOOP("engine", "close it there before deleting it"),
    QT_TRANSLATE_NOOP("engine", "The case is open in another window and is read-only here"),
    QT_TRANSLATE_NOOP("engine", "close it there first"),
    QT_TRANSLATE_NOOP("engine", "The case is not there any more"),
    QT_TRANSLATE_NOOP("engine", "choose another from the list"),
    QT_TRANSLATE_NOOP("engine", "The case is being tidied by another window"),
    QT_TRANSLATE_NOOP("engine", "try again in a moment"),
    QT_TRANSLATE_NOOP("engine", "is not a case of Genu or is damaged"),
    QT_TRANSLATE_NOOP("engine", "is damaged ({0})"),
    QT_TRANSLATE_NOOP("engine", "restore it from a copy"),
    QT_TRANSLATE_NOOP("engine", "was written by a newer Genu (format {0})"),
    QT_TRANSLATE_NOOP("engine", "open it with that version"),
    QT_TRANSLATE_NOOP("engine", "The case folder {0} cannot be written"),
    QT_TRANSLATE_NOOP("engine", "The case folder {0} is on a network drive ({1}), where cases are not safe"),
    QT_TRANSLATE_NOOP("engine", "choose another in Preferences"),
    QT_TRANSLATE_NOOP("engine", "choose one on a disk of this computer in Preferences"),
    # The shipped model
    QT_TRANSLATE_NOOP("engine", "diagnosis, planning or treatment of any patient"),
    QT_TRANSLATE_NOOP("engine", "implants, fractures, deformity, flexion beyond 25 degrees, children"),
    # The engine and its results
    QT_TRANSLATE_NOOP("engine", "this machine is out of memory"),
    QT_TRANSLATE_NOOP("engine", "the films have changed since they were checked"),
    QT_TRANSLATE_NOOP("engine", "check them again"),
    QT_TRANSLATE_NOOP("engine", "no {0} was predicted"),
    QT_TRANSLATE_NOOP("engine", "generate the knee again"),
    QT_TRANSLATE_NOOP("engine", "generate it again"),
    QT_TRANSLATE_NOOP("engine", "holds files already, which an export never replaces"),
    QT_TRANSLATE_NOOP("engine", "choose a new folder"),
)


def spoken(sentence: str) -> str:
    """A sentence of the engine or the store in the planner's language, where all of it is known."""
    said = [_clause(clause) for clause in sentence.rstrip(".").split("; ")]
    if None in said:
        return sentence
    return "; ".join(clause for clause in said if clause is not None) + ("." if sentence.endswith(".") else "")


def _clause(clause: str) -> str | None:
    for template, pattern in _patterns():
        found = pattern.fullmatch(clause)
        if found is not None:
            name, *parts = found.groups()
            words = _speak(_CONTEXT, template)
            for number, part in enumerate(parts):  # what was said is data, and may hold braces itself
                words = words.replace(f"{{{number}}}", part, 1)
            return (name or "") + words
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    made = []
    for template in CLAUSES:
        body = re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(template))
        name = "()" if template[0] == "{" or template[0].isupper() else r"(.+?:? )?"
        made.append((template, re.compile(name + body, re.DOTALL)))
    return tuple(made)
