"""The installer's parts, loaded from their files: they belong to no package, and one on PyPI has the folder's name."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "installer"


def _loaded(name: str) -> ModuleType:
    spec = spec_from_file_location(f"genu_installer_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def entry() -> ModuleType:
    """entry.py: what the frozen program runs."""
    return _loaded("entry")


@pytest.fixture(scope="session")
def contents() -> ModuleType:
    """contents.py: what goes into the frozen program."""
    return _loaded("contents")


@pytest.fixture(scope="session")
def smoke_test() -> ModuleType:
    """smoke_test.py, with which a frozen program is tried."""
    return _loaded("smoke_test")


@pytest.fixture(scope="session")
def folder() -> Path:
    """installer/ itself."""
    return FOLDER
