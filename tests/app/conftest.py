"""A folder with two good films of one knee, and the phantom knee in the network's place."""

from pathlib import Path

import pytest

from app.cli import generate
from tests.app.phantom_knee import phantom_job
from tests.engine.io.film_files import film, lateral, saved


@pytest.fixture
def films(tmp_path: Path) -> tuple[str, str]:
    """An AP and a lateral film of a right knee."""
    folder = tmp_path / "films"
    folder.mkdir()
    return str(saved(folder, film(), "ap.dcm")), str(saved(folder, lateral(), "lateral.dcm"))


@pytest.fixture
def phantom(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`genu generate` answers with the phantom knee."""
    monkeypatch.setattr(generate, "knee_job", phantom_job)
    monkeypatch.setattr(generate, "model_folder", lambda name: tmp_path)
