"""A day of a hundred years: case after case is opened and closed, and nothing of them stays behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
from pathlib import Path

import pytest

from app.cases.store import OpenCase
from app.desktop.session import Session


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts in /proc")
def test_that_two_thousand_cases_come_and_go_in_a_session_without_growth(
    session: Session, reviewed_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    case_id = reviewed_case.document.id
    heard = []
    session.changed.connect(lambda: heard.append(session.document is not None) or heard.clear())

    def open_and_close(times: int) -> None:
        for _ in range(times):
            session.show_case(session.store.open(case_id))
            assert session.document is not None
            assert session.document.reviewed is not None
            session.show_case(None)

    open_and_close(200)
    before = counts(session)
    open_and_close(1800)
    after = counts(session)
    assert all(now <= then for now, then in zip(after[:3], before[:3], strict=True)), (before, after)
    assert after[3] - before[3] < 4_000_000
    assert after[4] - before[4] < 500  # one block a case would be 1,800


def counts(session: Session) -> tuple[int, int, int, int, int]:
    """Threads, descriptors, the session's own objects, bytes in memory, blocks of Python's allocator."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    own = len(session.background.children()) + len(session.children())
    return threading.active_count(), len(os.listdir("/proc/self/fd")), own, resident, sys.getallocatedblocks()
