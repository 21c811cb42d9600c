"""The licences of everything inside the frozen program: `python licences.py FROZEN`, with the venv it was made from.

Writes FROZEN/licences/<distribution>-<version>/, .../python/, and .../debian/ for libraries of the system that
PyInstaller has put in. Distributions that the program leaves out have none there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath

# Builders, and what installer/contents.py keeps out.
NOT_INSIDE = frozenset(
    {
        "altgraph",
        "contourpy",
        "cycler",
        "fonttools",
        "genu",
        "kiwisolver",
        "matplotlib",
        "pip",
        "pooch",
        "pyinstaller",
        "pyinstaller-hooks-contrib",
        "pyparsing",
        "qtpy",
        "requests",
        "scooby",
        "setuptools",
        "simpleitk",
        "torchio",
    }
)
_LICENCE = re.compile(r"licen[cs]e|copying|notice|copyright", re.IGNORECASE)
_COMMON = Path("/usr/share/common-licenses")  # of Debian; wheels of Qt state the LGPL and bring no text


def main() -> None:
    """Copy them; a distribution that ships no text is named with the licence its metadata states."""
    frozen = Path(sys.argv[1])
    target = frozen / "licences"
    for distribution in distributions():
        name = distribution.metadata["Name"].lower().replace("_", "-")
        if name not in NOT_INSIDE:
            copy_licences(distribution, target / f"{name}-{distribution.version}")
    _copy(Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), target / "python")
    for name in ("LGPL-3", "GPL-3"):
        _copy(_COMMON / name, target)
    for package in sorted(_debian_packages(frozen / "_internal")):
        _copy(Path("/usr/share/doc", package, "copyright"), target / "debian" / package)


def copy_licences(distribution: Distribution, folder: Path) -> None:
    """Every licence text of one distribution, or STATED.txt with what it says of itself."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = dict(_texts(distribution))
    for name, text in texts.items():
        shutil.copyfile(text, folder / name)
    if not texts:
        said = distribution.metadata.json
        stated = said.get("license_expression") or said.get("license") or "see its home page"
        (folder / "STATED.txt").write_text(f"{said['name']}: {stated}\n{said.get('home_page', '')}\n", encoding="utf-8")


def _texts(distribution: Distribution) -> Iterator[tuple[str, Path]]:
    """Name to give and place of each."""
    for file in distribution.files or ():
        parts = [part for part in PurePath(file).parts if not part.endswith(".dist-info")]
        inside = len(parts) < len(file.parts) or "licenses" in parts
        place = Path(str(distribution.locate_file(file)))
        if inside and (_LICENCE.search(file.name) or "licenses" in parts) and place.is_file():
            yield "-".join(parts)[-200:], place


def _debian_packages(parts: Path) -> set[str]:
    """The packages that libraries at the top of the program's parts come from; none where there is no dpkg."""
    names = {path.resolve().name for path in parts.glob("*.so*") if path.parent == path.resolve().parent}
    if shutil.which("dpkg") is None or not names:
        return set()
    asked = subprocess.run(
        ["dpkg", "-S", *(f"*/{name}" for name in names)], capture_output=True, text=True, check=False
    )
    return {line.partition(":")[0] for line in asked.stdout.splitlines() if not line.startswith("diversion")}


def _copy(text: Path, folder: Path) -> None:
    if text.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(text, folder / text.name)


if __name__ == "__main__":
    main()
