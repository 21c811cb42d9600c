"""Between the engine and the job bar: what runs, on which device, and how much memory it takes by now."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.desktop.engine_bridge import EngineBridge
from app.desktop.frame.job_bar import JobBar
from app.desktop.parts.words import size_words
from engine.progress import Progress

_EVERY_MS = 1000


class JobWatch(QObject):
    """Shows the bar while the engine works."""

    def __init__(self, bridge: EngineBridge, bar: JobBar) -> None:
        super().__init__(bar)
        self._bridge, self._bar, self._shown = bridge, bar, False
        self._tick = QTimer(self)
        self._tick.setInterval(_EVERY_MS)
        self._tick.timeout.connect(self._show_memory)
        bridge.progress.connect(self._told)
        bridge.finished.connect(lambda _files: self._ended())
        bridge.failed.connect(lambda _sentence: self._ended())
        bridge.cancelled.connect(self._ended)
        bar.cancelled.connect(bridge.cancel)

    def _told(self, progress: Progress) -> None:
        if not self._shown:
            self._shown = True
            self._bar.start(self._device_words(), self._memory_words())
            self._tick.start()
        self._bar.told(progress)

    def _ended(self) -> None:
        self._shown = False
        self._tick.stop()
        self._bar.stop()

    def _device_words(self) -> str:
        machine = self._bridge.machine
        if machine is None:
            return self.tr("Engine")
        if machine.gpu:
            return machine.gpu
        if machine.threads == 1:
            return self.tr("Processor, one thread")
        return self.tr("Processor, {count} threads").format(count=machine.threads)

    def _memory_words(self) -> str:
        taken = resident_bytes(self._bridge.pid)
        return self.tr("{size} memory").format(size=size_words(taken)) if taken else ""

    def _show_memory(self) -> None:
        self._bar.show_memory(self._memory_words())


def resident_bytes(pid: int | None) -> int:
    """Memory that a process holds (VmRSS of proc(5)); 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) * 1024 if found else 0
