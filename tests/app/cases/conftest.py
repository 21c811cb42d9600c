"""A store in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cases.store import CaseStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    """An empty store."""
    store = CaseStore(tmp_path / "store")
    yield store
    store.close()
