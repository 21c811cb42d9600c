"""How much main memory a job can have on this machine."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_SYSTEM, _GROUPS = Path("/proc"), Path("/sys/fs/cgroup")


def available_bytes(system: Path = _SYSTEM, groups: Path = _GROUPS) -> int | None:
    """Bytes that can be had without pushing anything out; None where the system does not tell."""
    if sys.platform == "win32":
        return _windows_bytes()
    known = [count for count in (_linux_bytes(system), _group_bytes(system, groups)) if count is not None]
    return min(known) if known else _free_pages()


def _linux_bytes(system: Path) -> int | None:
    """MemAvailable of proc(5), in kB."""
    for line in _lines(system / "meminfo"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _group_bytes(system: Path, groups: Path) -> int | None:
    """What the limit of this process's control group (cgroup v2) leaves; page cache can be had back."""
    paths = [line[3:] for line in _lines(system / "self" / "cgroup") if line.startswith("0::")]
    folder = groups / paths[0].lstrip("/") if paths else groups
    limit, used = _lines(folder / "memory.max"), _lines(folder / "memory.current")
    if not limit or not used or not limit[0].isdigit():
        return None
    cached = [int(line.split()[1]) for line in _lines(folder / "memory.stat") if line.startswith("inactive_file ")]
    return max(0, int(limit[0]) - int(used[0]) + sum(cached))


def _free_pages() -> int | None:
    """What POSIX systems without /proc tell."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        *((name, ctypes.c_uint64) for name in ("page_total", "page_free", "virtual_total", "virtual_free", "extended")),
    )


def _windows_bytes() -> int | None:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        return None
    return status.available


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
