"""Logs that rotate and hold no patient data, whatever anyone passes to a logger.

The rule: write what happened in the literal text, and pass numbers, enums and classes as arguments. Any other argument
is withheld, and so is the message of an exception (it may name a file, and the file a patient). What other packages log
is kept as a line without its words.
"""

from __future__ import annotations

import faulthandler
import logging
import re
import traceback
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO

OWN = ("app", "engine", "export", "training", "genu", "py.warnings")
FILE_NAME, FAULTS_NAME = "genu.log", "faults.log"
_FILE_BYTES, _FILES_KEPT = 512 << 10, 4
WITHHELD = "…"

# In literal text too, should somebody write data into it: paths, quotations, names with ^, long numbers, addresses.
_TELLING = re.compile(
    r"""(['"“«]).*?(['"”»]|$)|[A-Za-z]:\\\S*|~?(/[^\s/]+)+/?|\S*\^\S*|\S+\.(?:dcm|dicom|png|jpe?g|tiff?|stl)\b|\d{6,}|\S+@\S+""",
    re.IGNORECASE | re.VERBOSE,
)


def discreet(text: str) -> str:
    """`text` without what could be a path, a name, an identifier or a quotation."""
    return _TELLING.sub(WITHHELD, " ".join(text.split()))


def fault_words(fault: BaseException) -> str:
    """An exception without its message: its class, its causes, and where in the source it came up."""
    lines: list[str] = []
    part: BaseException | None = fault
    while part is not None and len(lines) < 200:
        lines.append(f"{type(part).__module__}.{type(part).__qualname__}")
        lines += [
            f"  {_module_path(frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(part.__traceback__)
        ]
        part = part.__cause__ or (None if part.__suppress_context__ else part.__context__)
    return "\n".join(lines)


def _module_path(filename: str) -> str:
    """A source file without the folders before its package."""
    parts = Path(filename).parts
    for root in ("site-packages", *OWN):
        if root in parts:
            at = parts.index(root) + (root == "site-packages")
            return "/".join(parts[at:])
    return parts[-1] if parts else "?"


class DiscreetFormatter(logging.Formatter):
    """One line a record, and the frames of its exception."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as the file has it."""
        line = f"{self.formatTime(record)} {record.levelname.lower()} {record.name}: {_message(record)}"
        fault = record.exc_info[1] if record.exc_info else None
        return line if fault is None else f"{line}\n{fault_words(fault)}"


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] not in OWN:
        return WITHHELD
    arguments = record.args if isinstance(record.args, tuple) else (record.args,) if record.args else ()
    words = [_argument(argument) for argument in arguments]
    text = re.sub(r"%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]", "\0", discreet(str(record.msg)))
    for word in words:
        text = text.replace("\0", word, 1)
    return text.replace("\0", WITHHELD)


def _argument(value: Any) -> str:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, type):
        return value.__name__
    return str(value) if isinstance(value, bool | int | float) and abs(value) < 1e6 else WITHHELD


class Logs:
    """The log files in one folder; nothing is written where the folder cannot be, and the program runs all the same.

    faults: also keep where the source was when a driver or a library ended the process.
    """

    def __init__(self, folder: Path, faults: bool = True) -> None:
        self.folder, self._wants_faults = folder, faults
        self._handler: logging.Handler = logging.NullHandler()
        self._faults: TextIO | None = None

    def open(self) -> None:
        """Begin to log."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._handler = RotatingFileHandler(
                self.folder / FILE_NAME, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"
            )
            if self._wants_faults:
                self._open_faults()
        except OSError:
            return
        self._handler.setFormatter(DiscreetFormatter())
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel(logging.INFO)

    def _open_faults(self) -> None:
        self._faults = open(self.folder / FAULTS_NAME, "a", encoding="utf-8")  # noqa: SIM115
        if self._faults.tell() > _FILE_BYTES:
            self._faults.truncate(0)
        faulthandler.enable(self._faults)

    def close(self) -> None:
        """Stop logging."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()
            self._faults = None
