"""The files that a Linux desktop and dpkg read."""

import configparser
import re
import shutil
import struct
import subprocess
import sys
import zlib
from xml.etree import ElementTree

import pytest
from PIL import Image

from app.cli.program import COMMANDS

MIME = "application/x-genu-case"


@pytest.fixture
def launcher(folder):
    """The desktop entry's keys."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=["="])
    parser.optionxform = str
    parser.read(folder / "linux" / "genu.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_that_the_desktop_entry_is_valid(folder):
    judge = shutil.which("desktop-file-validate")
    if judge is None:
        pytest.skip("needs desktop-file-validate (Debian: desktop-file-utils)")
    done = subprocess.run([judge, folder / "linux" / "genu.desktop"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_that_the_menu_starts_the_desktop_on_what_was_chosen(launcher, repository):
    program, command, places = launcher["Exec"].split()
    assert (program, places) == ("genu", "%F")
    assert command in COMMANDS
    assert MIME in launcher["MimeType"].split(";")
    assert launcher["Name[de]" if "Name[de]" in launcher else "Name"] == "Genu"
    assert f'setDesktopFileName("{launcher["Icon"]}")' in (repository / "app/desktop/program.py").read_text()


def test_that_a_case_is_known_by_its_file(folder, launcher):
    names = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kinds = ElementTree.parse(folder / "linux" / "genu.xml").getroot().findall("m:mime-type", names)
    assert [kind.get("type") for kind in kinds] == [MIME]
    assert [glob.get("pattern") for glob in kinds[0].findall("m:glob", names)] == ["case.json"]


def test_that_the_package_asks_for_every_library_that_the_set_up_does(folder, repository):
    control = (folder / "linux" / "control").read_text()
    asked = set(re.findall(r"[a-z0-9.+-]+", control.partition("Depends:")[2].partition("Maintainer")[0]))
    setup = (repository / ".ci" / "setup").read_text()
    desktop = re.search(r"\*,desktop,\*\) wanted\+=\((.*?)\)|\*,desktop,\*\)\s*wanted\+=\((.*?)\)", setup, re.DOTALL)
    assert desktop is not None
    needed = set((desktop[1] or desktop[2]).split())
    assert "libxcb-cursor0" in needed
    assert needed | {"libstdc++6", "libgcc-s1", "libgomp1", "libxcb1"} <= asked
    assert set(re.findall("@([A-Z]+)@", control)) == {"VERSION", "KIB", "GLIBC", "GCC"}


@pytest.mark.parametrize("script", ["freeze", "package", "linux/refresh"])
def test_that_the_scripts_are_whole(folder, script):
    shell = (folder / script).read_text().splitlines()[0].split()[-1].rpartition("/")[2]
    subprocess.run([shell, "-n", folder / script], check=True)


def test_that_the_icon_is_drawn_at_every_size(folder, tmp_path):
    subprocess.run([sys.executable, folder / "draw_icons.py", tmp_path], check=True, capture_output=True)
    sizes = sorted(int(path.stem) for path in tmp_path.iterdir())
    assert sizes == [16, 22, 24, 32, 48, 64, 128, 256, 512]
    for size in sizes:
        with Image.open(tmp_path / f"{size}.png") as icon:
            assert icon.size == (size, size)
            red, _, blue, opaque = icon.convert("RGBA").getpixel((size // 2, size - max(size // 10, 2)))
            assert (opaque, blue > red) == (255, True)  # the blue ground of the icon
            assert icon.getpixel((0, 0))[3] < 128  # its round corner


def test_that_the_smoke_test_needs_nothing_but_python(folder):
    source = (folder / "smoke_test.py").read_text()
    modules = set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE))
    assert modules <= set(sys.stdlib_module_names)


def test_that_the_smoke_test_sees_what_is_on_the_screen(smoke_test, tmp_path):
    """A screen of 3 x 2 in the way Xvfb writes it: header, colour map, rows of BGRX with padding."""
    header = [104, 7, 2, 24, 3, 2, 0, 0, 32, 0, 32, 32, 16, 4, 255 << 16, 255 << 8, 255, 8, 256, 1, 3, 2, 0, 0, 0]
    row = bytes([3, 2, 1, 0, 6, 5, 4, 0, 9, 8, 7, 0]) + bytes(4)
    (tmp_path / "Xvfb_screen0").write_bytes(struct.pack(">25I", *header) + bytes(4) + bytes(12) + row + row[::-1])
    width, height, rgb = smoke_test.pixels(tmp_path)
    assert (width, height) == (3, 2)
    assert rgb[:9] == bytes(range(1, 10))
    picture = smoke_test.png(width, height, rgb)
    rows = zlib.decompress(picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8])
    assert rows[:10] == b"\0" + bytes(range(1, 10))
