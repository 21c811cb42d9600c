"""Whether a frozen Genu does its job: `python3 installer/smoke_test.py FROZEN [--pictures DIR]`.

Needs nothing of Genu, of Python's packages or of the source: what runs is FROZEN/genu, with an empty home, a PATH
without Python and no PYTHONPATH. Needs Xvfb for the window. Exit status 0 when everything held.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

SECONDS = 1800  # for one command, on a busy machine
BONES = ("femur", "tibia", "patella", "fibula")


class Frozen:
    """The frozen program in an empty home."""

    def __init__(self, folder: Path, home: Path, pictures: Path) -> None:
        self.folder, self.home, self.pictures = folder.resolve(), home, pictures
        self.program = self.folder / "genu"
        self.assets = self.folder / "_internal" / "assets"
        self.environment = {"HOME": str(home), "PATH": "/nowhere", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "2"}

    def run(self, *words: str, status: int = 0) -> str:
        """Standard output of a command that has to end with `status`."""
        done = subprocess.run(
            [str(self.program), *words],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == status, f"genu {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


def version(frozen: Frozen) -> str:
    """It starts, says its version, and has no training inside."""
    said = frozen.run("--version").strip()
    assert said.startswith("genu "), said
    assert "train" not in frozen.run("--help").split("commands:")[-1].split()
    frozen.run("train", status=2)
    return said


def doctor(frozen: Frozen) -> str:
    """It finds its packages, its renderer and a whole model."""
    findings = json.loads(frozen.run("doctor", "--json"))["findings"]
    bad = [f for f in findings if f["state"] == "failure"]
    assert not bad, bad
    said = {f["name"]: f["value"] for f in findings}
    assert any(name.startswith("model ") for name in said), said
    assert said["renderer"].startswith("vtk"), said["renderer"]
    return said["renderer"]


def generate(frozen: Frozen) -> str:
    """The sample case, by the shipped model: films are decoded by children, and a knee of four bones comes out."""
    films = [str(frozen.assets / "sample-case" / name) for name in ("ap.dcm", "lateral.dcm")]
    frozen.run("generate", *films, "--out", "knee", "--seed", "7")
    out = frozen.home / "knee"
    sizes = {bone: (out / "meshes" / f"{bone}.stl").stat().st_size for bone in BONES}
    assert min(sizes.values()) > 10_000, sizes
    report = json.loads((out / "report.json").read_text())
    assert (out / "ct.nii.gz").stat().st_size > 100_000
    return f"{sum(sizes.values()) >> 10} KiB of bones, versions {json.dumps(report.get('versions', {}))[:120]}"


def scores(frozen: Frozen) -> str:
    """The knee is judged against the sample's truth."""
    truth = frozen.assets / "sample-case" / "labels.nii.gz"
    frozen.run("evaluate", "knee", str(truth), "--json")
    return "judged"


def films(frozen: Frozen) -> str:
    """The knee is projected to two films: the one job that loads nanodrr."""
    frozen.run("drr", "knee/ct.nii.gz", "--side", "R", "--out", "films")
    return ", ".join(sorted(path.name for path in (frozen.home / "films").iterdir()))


def engine(frozen: Frozen) -> str:
    """The engine process starts, warms up and tells about the machine."""
    words = [str(frozen.program), "-m", "app.engine_process.child", str(os.getpid()), "app.jobs.machine:look"]
    pipe = subprocess.PIPE
    child = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=frozen.environment)
    try:
        assert child.stdout is not None
        started, said = time.monotonic(), b""
        while b"Machine" not in said:
            piece = os.read(child.stdout.fileno(), 1 << 16)
            assert piece, f"the engine ended, having said {said[:200]!r}"
            said += piece
        return f"ready after {time.monotonic() - started:.1f} s"
    finally:
        child.kill()
        child.communicate()


def window(frozen: Frozen) -> str:
    """The desktop opens on the sample's films; what the screen shows once nothing moves any more is kept."""
    with tempfile.TemporaryDirectory() as frames:
        display, server = _screen(Path(frames))
        desktop = subprocess.Popen(
            [str(frozen.program), "desktop", str(frozen.assets / "sample-case")],
            cwd=frozen.home,
            env=frozen.environment | {"DISPLAY": display},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            started = time.monotonic()
            _until(lambda: colours(Path(frames)) > 50, desktop, "shows no window")
            seconds = time.monotonic() - started
            _settle(Path(frames), desktop)
            frozen.pictures.mkdir(parents=True, exist_ok=True)
            (frozen.pictures / "frozen-window.png").write_bytes(png(*pixels(Path(frames))))
            desktop.send_signal(signal.SIGTERM)
            desktop.wait(60)
        finally:
            desktop.kill()
            _, told = desktop.communicate()
            server.terminate()
            server.wait()
    assert "Traceback" not in told, told
    return f"something on the screen after {seconds:.1f} s; closed with status {desktop.returncode}"


def _screen(frames: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """An X server of our own with its picture in a file; its name as Xvfb tells it once it is ready."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-fbdir", str(frames), "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        return f":{told.readline().strip()}", server


def _until(holds: Callable[[], bool], process: subprocess.Popen[str], complaint: str) -> None:
    deadline = time.monotonic() + 300
    while not holds():
        assert process.poll() is None, f"the program ended with {process.returncode}"
        assert time.monotonic() < deadline, f"the program {complaint}"
        time.sleep(0.5)


def _settle(frames: Path, process: subprocess.Popen[str]) -> None:
    """Wait until the picture has stood still for ten seconds: the films were looked for, read and shown."""
    stands, since = pixels(frames), time.monotonic()

    def still() -> bool:
        nonlocal stands, since
        now = pixels(frames)
        if now != stands:
            stands, since = now, time.monotonic()
        return time.monotonic() - since > 10

    _until(still, process, "never stands still")


def pixels(frames: Path) -> tuple[int, int, bytes]:
    """Width, height and RGB rows of the screen: XWDFileHeader of X11/XWDFile.h, then the colour map, then BGRX."""
    data = (frames / "Xvfb_screen0").read_bytes()
    header = struct.unpack(">25I", data[:100])
    size, width, height, stride, entries = header[0], header[4], header[5], header[12], header[19]
    start = size + 12 * entries
    rows = (data[start + y * stride : start + y * stride + 4 * width] for y in range(height))
    rgb = bytearray()
    for row in rows:
        line = bytearray(3 * width)
        line[0::3], line[1::3], line[2::3] = row[2::4], row[1::4], row[0::4]
        rgb += line
    return width, height, bytes(rgb)


def colours(frames: Path) -> int:
    """How many different colours the screen shows."""
    _, _, rgb = pixels(frames)
    return len({rgb[at : at + 3] for at in range(0, len(rgb), 3 * 37)})


def png(width: int, height: int, rgb: bytes) -> bytes:
    """The picture as PNG (ISO/IEC 15948)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + rgb[y * width * 3 : (y + 1) * width * 3] for y in range(height))
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


CHECKS = (version, doctor, engine, generate, scores, films, window)


def main() -> int:
    """Run every check, or those named; one line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frozen", type=Path)
    parser.add_argument("--pictures", type=Path, default=Path())
    parser.add_argument("--only", nargs="*", choices=[check.__name__ for check in CHECKS])
    wishes = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as home:
        frozen = Frozen(wishes.frozen, Path(home), wishes.pictures)
        for check in CHECKS:
            if wishes.only and check.__name__ not in wishes.only:
                continue
            started = time.monotonic()
            try:
                word, said = "ok", check(frozen)
            except (AssertionError, OSError, ValueError, KeyError, subprocess.TimeoutExpired) as fault:
                word, said, failed = "FAILED", str(fault), failed + 1
            print(f"{check.__name__:10} {word} {time.monotonic() - started:6.1f} s  {said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
