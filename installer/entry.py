"""The frozen program's first words: `genu` itself, or one of the processes that it starts as `[-s] -m MODULE`.

A frozen program has no interpreter beside it, so sys.executable is Genu again, and it answers in the interpreter's
place for the modules in CHILDREN and for no others.
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping, Sequence
from importlib import import_module

CHILDREN = (
    "app.desktop.importing.film_search.header_child",
    "app.drawing_child",
    "app.engine_process.child",
    "engine.io.decode_child",
)

_QT_PLACES = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")


def main() -> int:
    """Be the child that the command line names, or the program; the exit status."""
    leave_the_environment_clean(os.environ)
    module, words = child_in(sys.argv[1:])
    if not module:
        from app.cli import main as genu

        return genu()
    sys.argv[1:] = words
    import_module(module).main()
    return 0


def child_in(words: Sequence[str]) -> tuple[str, list[str]]:
    """The module of CHILDREN that a command line asks for, and the words after it; no module for the program itself."""
    rest = list(words[1:] if words[:1] == ["-s"] else words)  # no user's packages: a frozen program never has them
    if len(rest) > 1 and rest[0] == "-m" and rest[1] in CHILDREN:
        return rest[1], rest[2:]
    return "", list(words)


def leave_the_environment_clean(environment: MutableMapping[str, str]) -> None:
    """Take back what PyInstaller has set: a file manager that Genu opens must not load Genu's libraries.

    The dynamic linker has read its part when this process began. Qt finds its plugins beside itself. The children
    above are told to begin anew, as if the user had started them.
    """
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        environment.pop("LD_LIBRARY_PATH", None)
    else:
        environment["LD_LIBRARY_PATH"] = before
    for name in _QT_PLACES:
        environment.pop(name, None)
    environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    sys.exit(main())
