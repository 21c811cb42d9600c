"""How fast `genu train prepare --archive` works off CT series, beside how fast the disk gives them, and in what memory.

`python -m tests.benchmarks.prepare_archive FOLDER [--series 20] [--slices 300] [--workers 2]` writes both legs of a
phantom patient as DICOM CTs of 512 x 512 to FOLDER/ct once, each with noise and identifiers of its own, and prints
JSON. For Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
from pydicom.uid import generate_uid

from tests.training.prepare.clinic_cts import AXIAL, both_legs_hu, slice_dataset, slice_points

PIXELS, PIXEL_MM, LENGTH_MM, NOISE_HU = 512, 0.8, 150.0, 12.0
_MB = 1e6
_EVERY_S = 0.25


def write_archive(folder: Path, series: int, slices: int) -> None:
    """What is missing of FOLDER/0000, FOLDER/0001, …"""
    missing = [folder / f"{n:04d}" for n in range(series) if not (folder / f"{n:04d}").is_dir()]
    if not missing:
        return
    steps = LENGTH_MM / slices * (np.arange(slices) - (slices - 1) / 2)
    corner = -PIXEL_MM * (PIXELS - 1) / 2 * (AXIAL[0] + AXIAL[1])
    positions = [corner + np.array([0, 0, height]) for height in steps]
    clean = [both_legs_hu(slice_points(p, AXIAL, PIXEL_MM, PIXELS, PIXELS)) for p in positions]
    for place in missing:
        _write_series(place, clean, positions, LENGTH_MM / slices)


def _write_series(place: Path, clean: list, positions: list, step_mm: float) -> None:
    rng, uid = np.random.default_rng(int(place.name)), generate_uid()
    aside = place.with_name(f".{place.name}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for number, (hu, position) in enumerate(zip(clean, positions, strict=True)):
        noisy = np.clip(hu + rng.normal(0, NOISE_HU, hu.shape), -1024, 3000).astype(np.int16)
        dataset = slice_dataset(noisy, position, AXIAL, number)
        dataset.SeriesInstanceUID, dataset.PatientID = uid, f"PHANTOM-{place.name}"
        dataset.PixelSpacing, dataset.SliceThickness = [PIXEL_MM, PIXEL_MM], step_mm
        dataset.save_as(aside / f"{number:04d}.dcm", enforce_file_format=True)
    aside.rename(place)


def read_rate(files: list[Path]) -> float:
    """MB/s at which the disk gives the files, one after the other, none of them in the page cache."""
    forget(files)
    began, total = time.monotonic(), 0
    for file in files:
        total += len(file.read_bytes())
    return total / _MB / (time.monotonic() - began)


def forget(files: list[Path]) -> None:
    """Drop the files from the page cache."""
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


class Memory(threading.Thread):
    """peak: bytes that a process and its children held together at most; pages that they share count once."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.peak, self._process, self._ended = 0, process, threading.Event()

    def run(self) -> None:
        """Look every quarter of a second."""
        while not self._ended.wait(_EVERY_S):
            self.peak = max(self.peak, sum(_held(one) for one in _family(self._process)))

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()


def _family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(one for child in children for one in _family(int(child)))]


def _held(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def benchmark(folder: Path, series: int, slices: int, workers: int) -> dict[str, object]:
    """Make what is missing, then measure one run from nothing."""
    archive, out = folder / "ct", folder / "out"
    write_archive(archive, series, slices)
    files = sorted(path for n in range(series) for path in (archive / f"{n:04d}").glob("*.dcm"))
    size = sum(file.stat().st_size for file in files)
    disk = read_rate(files)
    forget(files)
    shutil.rmtree(out, ignore_errors=True)
    words = ["--archive", str(archive), "--out", str(out), "--split", "1/0/0", "--workers", str(workers)]
    began = time.monotonic()
    genu = Path(sys.executable).with_name("genu")
    child = subprocess.Popen([genu, "train", "prepare", *words], stdout=subprocess.DEVNULL)
    memory = Memory(child.pid)
    memory.start()
    status = child.wait()
    seconds = time.monotonic() - began
    memory.end()
    if status:
        raise SystemExit(f"prepare ended with {status}")
    manifest = json.loads((out / "train" / "manifest.json").read_bytes())
    return {
        "series": series,
        "slices": slices,
        "megabytes": round(size / _MB),
        "cases": manifest["cases"],
        "workers": workers,
        "seconds": round(seconds, 1),
        "prepare_mb_per_s": round(size / _MB / seconds, 1),
        "disk_mb_per_s": round(disk, 1),
        "peak_mb": round(memory.peak / _MB),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--series", type=int, default=20)
    parser.add_argument("--slices", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    print(json.dumps(benchmark(given.folder, given.series, given.slices, given.workers), indent=1))
