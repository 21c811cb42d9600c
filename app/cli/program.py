"""The parser of `genu`, its table of commands, and how a run may end.

A command is a function that takes argparse's sub-parser action, adds one parser to it and sets the default `run`: a
function from the parsed arguments to the exit status. Packages bring more commands by the entry point group
`genu.commands` (docs/adr/0001).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import entry_points, version
from typing import NoReturn

from app.cli.desktop import add_desktop_command, open_desktop
from app.cli.doctor import add_doctor_command
from app.cli.drr import add_drr_command
from app.cli.evaluate import add_evaluate_command
from app.cli.export import add_export_command
from app.cli.generate import add_generate_command
from engine.domain.errors import DamagedModel, MachineFailure, RefusedInput

COMPLETE, FAILED, REFUSED, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143

COMMANDS = {
    "generate": add_generate_command,
    "evaluate": add_evaluate_command,
    "export": add_export_command,
    "drr": add_drr_command,
    "doctor": add_doctor_command,
    "desktop": add_desktop_command,
}

BANNER = "For research only: not a medical device, never for diagnosis, planning or treatment of a patient."


class Parser(argparse.ArgumentParser):
    """argparse, except that a wrong argument is answered with one sentence instead of the usage text."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with what is wrong and where to read on."""
        self.exit(REFUSED, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status: 0 only when the result is complete."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        with _ending_on_sigterm():
            return _run(words)
    except (RefusedInput, DamagedModel) as refusal:
        return _say(refusal, REFUSED)
    except MachineFailure as failure:
        return _say(failure, FAILED)
    except MemoryError:
        return _say("this machine ran out of memory; close other programs or use a larger machine", FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at exit fails once more
        return FAILED
    except OSError as failure:
        return _say(f"{failure.filename or 'this machine'}: {failure.strerror or failure}", FAILED)
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)


def _run(words: list[str]) -> int:
    if not words:
        return open_desktop()
    parser = _parser(words)
    arguments = parser.parse_args(words)
    if "run" not in arguments:
        parser.print_help()
        return COMPLETE
    return arguments.run(arguments)


def _parser(words: list[str]) -> Parser:
    parser = Parser(
        prog="genu",
        description="A knee CT volume and four bone models from an AP and a lateral radiograph.",
        epilog=f"{BANNER} Without a command, genu opens the desktop program; every command works without it.",
    )
    parser.add_argument("--version", action="version", version=f"genu {version('genu')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for add_command in COMMANDS.values():
        add_command(commands)
    if words[0] not in COMMANDS:  # looking for plug-ins reads every installed package's metadata
        for plug_in in sorted(entry_points(group="genu.commands"), key=lambda entry: entry.name):
            plug_in.load()(commands)
    return parser


def _say(sentence: object, status: int) -> int:
    print(f"genu: {' '.join(str(sentence).split())}", file=sys.stderr)
    return status


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """While a command runs, SIGTERM unwinds it, so that nothing partial stays behind."""

    def end(_number: int, _frame: object) -> NoReturn:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
