"""Check pages, opened as the planner would find them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.desktop.check.page import CheckPage
from app.desktop.session import Session
from tests.app.desktop.check_case import open_page


@pytest.fixture
def opened(session: Session, qtbot) -> Callable[..., CheckPage]:
    """`opened({name: content})`: the page of a new case with these films."""
    return lambda contents, wait=True: open_page(session, qtbot, contents, wait)


@pytest.fixture
def sample(opened: Callable[..., CheckPage], sample_films: dict[str, bytes]) -> CheckPage:
    """The page of the two sample films."""
    return opened(sample_films)
