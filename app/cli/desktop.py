"""`genu desktop`, and `genu` alone: the window, loaded only now, and named rather than imported, since it brings Qt."""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from engine.domain.errors import MachineFailure

PROGRAM = "app.desktop.program"
_COMMANDS = "or use a command, see genu --help"
# What Qt's X11 plug-in loads and does not bring; without them it ends the process.
_LIBRARIES = {"libxcb.so.1": "libxcb1", "libxcb-cursor.so.0": "libxcb-cursor0"}


def add_desktop_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu desktop`."""
    parser = commands.add_parser("desktop", help="the desktop program, on a case or on films; the same as genu alone")
    parser.add_argument(
        "places", nargs="*", metavar="CASE|FILM", help="a case's folder or case.json, or films, or a folder"
    )
    parser.set_defaults(run=lambda arguments: open_desktop(arguments.places))


def open_desktop(places: Sequence[str] = ()) -> int:
    """Open the window and stay until it is closed; the exit status.

    Raises MachineFailure where Qt is not installed or there is no screen to show it on.
    """
    if sys.platform.startswith("linux"):
        check_display(os.environ)
    try:
        program = import_module(PROGRAM)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("PySide6", "shiboken6"):
            raise
        raise MachineFailure(
            f"The desktop needs PySide6; install it with pip install 'genu[desktop]', {_COMMANDS}"
        ) from None
    except ImportError as fault:
        library = str(fault).partition(":")[0]
        raise MachineFailure(f"The desktop cannot be loaded ({library}); install that library, {_COMMANDS}") from fault
    return program.run_desktop(places)


def check_display(environment: Mapping[str, str]) -> None:
    """Say in a sentence what Qt answers by ending the process. Raises MachineFailure where there is no screen."""
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    wayland = bool(environment.get("WAYLAND_DISPLAY"))
    display = environment.get("DISPLAY", "")
    if platform not in ("", "xcb") or (wayland and not display):
        return
    if not display:
        raise MachineFailure(
            f"There is no screen here (DISPLAY is not set); start genu in a desktop session, {_COMMANDS}"
        )
    if not getattr(sys, "frozen", False):  # a frozen program brings them
        _check_libraries()
    if not _answers():
        raise MachineFailure(f"The screen {display} does not answer; start genu in a desktop session, {_COMMANDS}")


def _check_libraries() -> None:
    for library, package in _LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            raise MachineFailure(f"The desktop needs {library}; install it (Debian: apt install {package})") from None


def _answers() -> bool:
    """Whether the X server takes a connection (xcb_connect of libxcb)."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt may bring its own
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        return xcb.xcb_connection_has_error(connection) == 0
    finally:
        xcb.xcb_disconnect(connection)
