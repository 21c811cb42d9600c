"""The engine's answers as signals: in the GUI thread, in order, and never at its expense."""

import os
import random
import signal
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread

from app.cases.document import GenerateRequest
from app.desktop.engine_bridge import EngineBridge
from app.jobs.machine import Machine
from engine.domain import LateralBeam, Side
from engine.progress import Preview, Progress
from tests.app.desktop import fake_knee
from tests.app.desktop.blocking import Watchdog
from tests.app.engine_process import fake_jobs
from tests.app.engine_process.films import calibrated_pair

PATIENCE_MS = 120_000
BEAM = LateralBeam.MEDIOLATERAL


def bridge_to(job: str, warm_up: str = "warm_up") -> EngineBridge:
    return EngineBridge(warm_up=f"{fake_knee.HERE}:{warm_up}", job=f"{fake_knee.HERE}:{job}")


@pytest.fixture
def bridge(qapp: object) -> Iterator[EngineBridge]:
    bridge = bridge_to("knee_files")
    yield bridge
    bridge.close()


def start(bridge: EngineBridge, steps: int = 2) -> None:
    bridge.start(calibrated_pair(Side.RIGHT), GenerateRequest(steps=steps), BEAM)


def test_that_a_run_is_told_in_order_in_the_gui_thread(bridge: EngineBridge, qtbot) -> None:
    heard: list[object] = []
    threads = set()
    for told in (bridge.progress, bridge.preview, bridge.finished):
        told.connect(lambda value: (heard.append(value), threads.add(QThread.currentThread())))
    with qtbot.waitSignal(bridge.finished, timeout=PATIENCE_MS):
        start(bridge)
        assert bridge.running
    assert not bridge.running
    assert threads == {bridge.thread()}
    stages = list(dict.fromkeys(event.stage for event in heard if isinstance(event, Progress)))
    assert stages == ["model", "films", "encoding", "sampling", "surfaces", "checks", "files"]
    assert [e.hu.shape[0] for e in heard if isinstance(e, Preview)] == [32, 64, 128] * 2
    assert heard[-1] == fake_knee.result(GenerateRequest(steps=2))


def test_that_the_machine_is_known_before_the_first_run(qtbot) -> None:
    bridge = bridge_to("knee_files", "warm_machine")
    try:
        assert bridge.machine is None
        with qtbot.waitSignal(bridge.ready, timeout=PATIENCE_MS):
            bridge.prepare()
        assert bridge.machine == Machine(2, "A card", 8 << 30, 7 << 30)
    finally:
        bridge.close()


@pytest.mark.alone
def test_that_a_cancel_is_told_within_two_seconds_and_a_fresh_process_gets_warm(qtbot, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("GENU_TEST_DEAF", str(tmp_path / "now"))
    bridge = bridge_to("deaf")
    try:
        start(bridge)
        qtbot.waitUntil((tmp_path / "now").exists, timeout=PATIENCE_MS)
        with qtbot.waitSignal(bridge.ready, timeout=PATIENCE_MS):
            with qtbot.waitSignal(bridge.cancelled, timeout=PATIENCE_MS):
                began = time.monotonic()
                bridge.cancel()
            assert time.monotonic() - began < 2.0
            assert not bridge.running
    finally:
        bridge.close()


def test_that_ten_kills_are_ten_sentences_and_the_next_run_is_whole(qtbot) -> None:
    moments, bridge = random.Random(3), bridge_to("slow")
    try:
        for _ in range(10):
            with qtbot.waitSignal(bridge.progress, timeout=PATIENCE_MS):
                start(bridge)
            qtbot.wait(int(moments.uniform(0, 200)))
            with qtbot.waitSignal(bridge.failed, timeout=PATIENCE_MS) as failed:
                assert bridge.pid is not None
                os.kill(bridge.pid, signal.SIGKILL)
            assert "the case is whole" in failed.args[0]
        with qtbot.waitSignal(bridge.finished, timeout=PATIENCE_MS) as finished:
            bridge.run(f"{fake_jobs.HERE}:counting", 2)
        assert isinstance(finished.args[0], int)
    finally:
        bridge.close()


@pytest.mark.alone
def test_that_fifty_megabytes_pass_without_holding_up_the_window(qtbot) -> None:
    bridge = bridge_to("large")
    try:
        with qtbot.waitSignal(bridge.ready, timeout=PATIENCE_MS):
            bridge.prepare()
        with Watchdog() as watchdog, qtbot.waitSignal(bridge.finished, timeout=PATIENCE_MS) as finished:
            start(bridge)
        assert len(finished.args[0]["ct.nii.gz"]) == 50_000_000
        assert watchdog.longest_s < 0.1
    finally:
        bridge.close()


def test_that_a_model_that_is_not_at_hand_is_a_sentence(bridge: EngineBridge, qtbot) -> None:
    with qtbot.waitSignal(bridge.failed, timeout=PATIENCE_MS) as failed:
        bridge.start(calibrated_pair(Side.RIGHT), GenerateRequest(model="nowhere"), BEAM)
    assert "nowhere is neither a shipped model" in failed.args[0]
    assert not bridge.running


def test_that_nothing_is_told_after_close(bridge: EngineBridge, qtbot) -> None:
    heard: list[object] = []
    for told in (bridge.progress, bridge.failed, bridge.finished, bridge.cancelled):
        told.connect(lambda *value: heard.append(value))
    start(bridge)
    bridge.close()
    qtbot.wait(50)
    assert heard == []
    bridge.close()
