"""Choosing a model, and installing one from a file."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.desktop.generate.card import CardDialog
from app.desktop.generate.model import ModelCard
from tests.app.desktop.test_engine_bridge import PATIENCE_MS
from tests.app.jobs.tiny_model import write_tiny


@pytest.fixture
def card(qtbot, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelCard]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    card = ModelCard()
    qtbot.addWidget(card)
    yield card
    card.close_card()


def test_that_the_shipped_model_is_chosen_first(card: ModelCard) -> None:
    assert card.entry is not None
    assert card.entry.key == "compact"


def test_that_a_model_installed_from_a_file_is_verified_and_chosen(card: ModelCard, qtbot, tmp_path) -> None:
    with qtbot.waitSignal(card.installed, timeout=PATIENCE_MS):
        card.install(write_tiny(tmp_path / "tiny") / "manifest.json")
    assert card.entry is not None
    assert (card.entry.key, card.entry.voxels) == ("untrained-0.1.0", (8, 16, 32))
    assert "was verified and installed" in card.status.text()


def test_that_a_card_is_shown_as_text_whatever_it_holds(card: ModelCard, qtbot, tmp_path) -> None:
    write_tiny(tmp_path / "data" / "genu" / "models" / "untrained")
    card.reload("untrained")
    card.show_card()
    (dialog,) = card.findChildren(CardDialog)
    assert "<img src=x onerror=alert(1)>" in dialog.text.toPlainText()
    dialog.close()


def test_that_a_damaged_model_is_a_sentence(card: ModelCard, qtbot, tmp_path) -> None:
    source = write_tiny(tmp_path / "tiny")
    (source / "weights.safetensors").write_bytes(b"damaged")
    with qtbot.waitSignal(card.refused, timeout=PATIENCE_MS) as refused:
        card.install(source / "manifest.json")
    assert "weights.safetensors" in refused.args[0]
    assert card.entry is not None
    assert card.entry.key == "compact"
    assert card.install_button.isEnabled()


def test_that_the_windows_process_never_loads_the_network(repository) -> None:
    code = "import sys, app.desktop.generate.page; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=repository, check=True)
