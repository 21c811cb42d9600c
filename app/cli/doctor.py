"""`genu doctor`: what this machine is, and whether Genu can do its job on it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import app
from app.assets import shipped_models
from engine.domain.errors import DamagedModel, MachineFailure, RefusedInput

NEEDED_MEMORY_GIB, NEEDED_DISK_GIB = 4.0, 1.0
PACKAGES = ("torch", "nanodrr", "manifold3d", "pydicom", "imagecodecs")
FOR_TRAINING = ("vtk", "musculoskeletal-models", "tensorboard")

DRAWING_MODULE = "app.drawing_child"
_SOURCE = Path(app.__file__).parents[1]


class State(Enum):
    """How a finding bears on Genu's job."""

    GOOD = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `value` is for people and programs; `advice` says what to do where it is not good."""

    name: str
    value: str
    state: State = State.GOOD
    advice: str = ""


def add_doctor_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu doctor`."""
    parser = commands.add_parser("doctor", help="device, backends, renderer, models, disk and memory of this machine")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.set_defaults(run=run_doctor)


def run_doctor(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 when one of them keeps Genu from its job."""
    findings = [finding for look in LOOKS for finding in look()]
    healthy = all(finding.state is not State.FAILURE for finding in findings)
    if arguments.json:
        rows = [asdict(finding) | {"state": finding.state.value} for finding in findings]
        print(json.dumps({"healthy": healthy, "findings": rows}, indent=2))
    else:
        _print_table(findings)
    return 0 if healthy else 1


def _print_table(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table

    colours = {State.GOOD: "green", State.WARNING: "yellow", State.FAILURE: "red"}
    table = Table(show_header=False, box=None)
    for no_wrap in (True, True, False):
        table.add_column(no_wrap=no_wrap)
    for finding in findings:
        mark = f"[{colours[finding.state]}]{finding.state.value}[/]"
        table.add_row(finding.name, mark, f"{finding.value}{'; ' if finding.advice else ''}{finding.advice}")
    Console().print(table)


def _program() -> Iterator[Finding]:
    yield Finding("genu", f"{version('genu')} on Python {platform.python_version()}, {platform.platform()}")
    for package in PACKAGES:
        try:
            yield Finding(package, version(package))
        except PackageNotFoundError:
            yield Finding(package, "not installed", State.FAILURE, "install Genu again with its dependencies")
    for package in FOR_TRAINING:
        try:
            yield Finding(package, version(package))
        except PackageNotFoundError:
            yield Finding(package, "not installed; only training and drawing use it")


def _processor() -> Iterator[Finding]:
    rows = dict(line.split(":", 1) for line in _lines("/proc/cpuinfo") if ":" in line)
    words = {name.strip(): value.strip() for name, value in rows.items()}
    flags = set(words.get("flags", "").split())
    features = [name for name, flag in (("AMX", "amx_tile"), ("AVX512", "avx512f"), ("AVX2", "avx2")) if flag in flags]
    yield Finding("processor", f"{words.get('model name', platform.machine())}, {_cores()} cores")
    advice = "" if features else "Genu runs, but slowly"
    yield Finding("cpu features", ", ".join(features) or "none of AMX, AVX512, AVX2", _good(features), advice)


def _backends() -> Iterator[Finding]:
    import torch

    yield Finding("torch backend", f"cpu {torch.backends.cpu.get_cpu_capability()}, {torch.get_num_threads()} threads")
    if not torch.cuda.is_available():
        yield Finding("device", "cpu (no CUDA device)")
        return
    for index in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(index)
        yield Finding("device", f"cuda:{index} {card.name}, {card.total_memory / 2**30:.0f} GiB")


def _renderer() -> Iterator[Finding]:
    if find_spec("vtkmodules") is None:
        yield Finding("renderer", "none, since vtk is not installed; only the desktop needs it")
        return
    command, environment = [sys.executable, "-m", DRAWING_MODULE], os.environ | {"PYTHONPATH": str(_SOURCE)}
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=environment)
    except subprocess.TimeoutExpired:
        yield Finding("renderer", "no answer in 30 s", State.WARNING, "only the desktop needs it")
        return
    if child.returncode == 0:
        yield Finding("renderer", " ".join(child.stdout.split()))
    else:
        yield Finding("renderer", f"drawing ended with {child.returncode}", State.WARNING, "only the desktop needs it")


def _models() -> Iterator[Finding]:
    from engine.models.bundle import read_bundle

    shipped = shipped_models()
    if not shipped:
        yield Finding("model", "none shipped", State.FAILURE, "install Genu again, or give --model a bundle folder")
    for name, folder in shipped.items():
        try:
            read_bundle(folder)
        except (DamagedModel, RefusedInput, MachineFailure) as damage:
            yield Finding(f"model {name}", str(damage), State.FAILURE, "install Genu again")
        else:
            yield Finding(f"model {name}", "every hash as in its manifest")


def _room() -> Iterator[Finding]:
    rows = dict(line.split(":", 1) for line in _lines("/proc/meminfo"))
    if "MemAvailable" in rows:
        gib = int(rows["MemAvailable"].split()[0]) / 2**20
        yield _room_finding("memory", gib, NEEDED_MEMORY_GIB)
    yield _room_finding("disk", shutil.disk_usage(Path.cwd()).free / 2**30, NEEDED_DISK_GIB)


def _room_finding(name: str, gib: float, needed_gib: float) -> Finding:
    enough = gib >= needed_gib
    return Finding(name, f"{gib:.1f} GiB free", _good(enough), "" if enough else f"Genu wants {needed_gib:g} GiB")


def _good(condition: object) -> State:
    return State.GOOD if condition else State.WARNING


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (_program, _processor, _backends, _renderer, _models, _room)
