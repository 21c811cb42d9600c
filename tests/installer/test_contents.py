"""What goes into the frozen program, asked without freezing it."""

import ast
import re
import site
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest

from app import assets
from app.cli import desktop, doctor
from app.desktop import engine_bridge
from app.desktop.frame.page_stack import PAGES
from app.desktop.generate import model as generate_model
from app.desktop.language import LANGUAGES
from app.engine_process import client
from app.jobs import report


def imported(path: Path) -> set[str]:
    """Top-level packages that a source file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def test_that_everything_imported_by_name_goes_in(contents, entry):
    jobs = (engine_bridge.KNEE, generate_model.INSTALL, client.MACHINE)
    named = {module for module, _ in PAGES.values()} | {job.partition(":")[0] for job in jobs}
    named |= {desktop.PROGRAM, "engine.pipeline", *entry.CHILDREN}
    assert named <= set(contents.modules())


def test_that_every_word_in_the_source_that_names_a_module_of_ours_goes_in(contents, repository):
    modules, folders = set(contents.modules()), ("app", "engine", "export")
    word = re.compile(r'"((?:app|engine|export)(?:\.[a-z_]+)+)(?::[a-z_]+)?"')
    named = {m for f in folders for p in (repository / f).rglob("*.py") for m in word.findall(p.read_text())}
    assert "app.jobs.knee_job" in named
    assert {name for name in named if (repository / name.replace(".", "/")).with_suffix(".py").exists()} <= modules
    assert not [name for name in named - modules if not name.startswith("app.desktop")]  # that one is a log's name


def test_that_nothing_of_training_tests_or_judges_goes_in(contents, repository):
    extras = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    shipped = {"vtk", "highdicom", "PySide6_Essentials", "shiboken6"}
    tools = {"diffusers", "pypdf", "pyright", "pytest-qt", "pytest-timeout", "pytest-xvfb", "ruff", "simpleitk"}
    tools |= {
        "pytest-xdist",
        "import-linter",
        "lightning-fabric",
        "musculoskeletal-models",
    }  # have another name as a module, or none
    wanted = {re.split(r"[=\[]", line)[0] for extra in ("train", "test") for line in extras[extra]} - shipped - tools
    assert wanted <= set(contents.EXCLUDED)
    assert {"training", "tests", "SimpleITK", "musculoskeletal_models", "importlinter", "lightning_fabric"} <= set(
        contents.EXCLUDED
    )


def test_that_nothing_we_import_is_excluded(contents, repository):
    sources = [p for f in contents.PACKAGES for p in (repository / f).rglob("*.py")]
    ours = {name for path in sources for name in imported(path)}
    assert "nanodrr.drr" in ours
    assert not [(name, out) for name in ours for out in contents.EXCLUDED if name == out or name.startswith(f"{out}.")]


def test_that_every_codec_we_call_goes_in(contents):
    probe = "import sys, imagecodecs as i; i.{}; print([m for m in sys.modules if m.startswith('imagecodecs._')])"
    source = (contents.ROOT / "engine" / "io" / "codecs.py").read_text()
    calls = sorted(set(re.findall(r"imagecodecs\.(\w+)\(", source)))
    done = subprocess.run(
        [sys.executable, "-c", probe.format("; i.".join(calls))], capture_output=True, text=True, check=True
    )
    assert set(ast.literal_eval(done.stdout)) == {f"imagecodecs.{codec}" for codec in contents.CODECS}


def test_that_every_version_asked_for_is_known_inside(contents):
    asked = {"genu", "vtk", *doctor.PACKAGES, *report._PACKAGES}
    assert asked <= set(contents.METADATA)
    for name in contents.METADATA:
        try:
            version(name)
        except PackageNotFoundError:
            pytest.fail(f"{name} is not installed here")
    assert requires("genu")


def test_that_a_frozen_program_looks_for_assets_beside_its_parts_and_nowhere_else(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "__file__", str(tmp_path / "_internal" / "app" / "assets.pyc"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert assets._places() == (tmp_path / "_internal" / "assets",)


def test_that_an_installed_program_looks_where_pip_puts_them(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "__file__", str(tmp_path / "site-packages" / "app" / "assets.py"))
    beside, *shared = assets._places()
    assert beside == tmp_path / "site-packages" / "assets"
    assert Path(sys.prefix, "share", "genu", "assets") in shared
    assert Path(site.getuserbase(), "share", "genu", "assets") in shared


def test_that_every_asset_goes_in_beside_the_parts(contents, repository):
    placed = {Path(folder) / Path(source).name for source, folder in contents.assets()}
    wanted = {p.relative_to(repository) for p in (repository / "assets").rglob("*") if p.is_file()}
    assert placed == {path for path in wanted if path.suffix != ".ts"}
    for path in ("models/compact/weights.safetensors", "icons/genu.svg", "qss/genu.qss", "translations/genu_de.qm"):
        assert Path("assets", path) in placed


@pytest.mark.parametrize(
    ("place", "stays"),
    [
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("PySide6/Qt/translations/qtdeclarative_de.qm", False),
        ("assets/translations/genu_de.qm", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("genu-0.1.0.dist-info/METADATA", True),
        ("genu-0.1.0.dist-info/entry_points.txt", False),
        ("numpy-2.4.6.dist-info/direct_url.json", False),
        ("torch/lib/libtorch_cpu.so", True),
        ("libstdc++.so.6", False),
        ("scipy.libs/libgfortran-040039e1.so.5.0.0", True),
    ],
)
def test_that_only_what_somebody_opens_stays_in(contents, place, stays):
    assert contents.wanted(place) is stays


def test_that_qt_speaks_every_language_that_genu_does(contents):
    assert set(contents.languages()) == set(LANGUAGES) - {"en"}
    assert all(contents.wanted(f"PySide6/Qt/translations/qtbase_{code}.qm") for code in contents.languages())


def test_that_what_builds_is_pinned(folder):
    lines = (folder / "requirements.txt").read_text().split()
    assert [line.partition("==")[0] for line in lines] == ["pyinstaller", "pyinstaller-hooks-contrib"]
    assert all("==" in line for line in lines)
