"""Model bundles: a folder of data, never code, read only when every bit of it is what its maker wrote.

```
manifest.json        who, for what network, trained how, scored how, and SHA-256 and size of the two files below
manifest.sha256      digest of manifest.json, as `sha256sum -c manifest.sha256` checks it; its digest names the bundle
weights.safetensors  float32, float16 or bfloat16
model_card.md
```
A chain of digests finds damage, not forgery: who can write all four files can make a new bundle, but not one with the
digest that a report recorded. Every file is read once, and the bytes that were checked are the bytes that are used.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from engine.domain import DamagedModel, MachineFailure, RefusedInput
from engine.models.schedule import Schedule

FORMAT = "genu-model"
FORMAT_VERSION = 1
MANIFEST, DIGEST, WEIGHTS, CARD = "manifest.json", "manifest.sha256", "weights.safetensors", "model_card.md"
PARTS = (WEIGHTS, CARD)
STORED_DTYPES = (torch.float32, torch.float16, torch.bfloat16)

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LARGEST_TEXT = 1 << 20
_COPY_AGAIN = "copy the bundle again from where you got it"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself.

    id, version: lower-case letters, digits, `.`, `_` and `-`. preset: name in engine/models/presets.py that `network`,
    the values of its configuration, was taken from. training and scores: summaries for people and reports.

    Raises ValueError for a malformed id, version or licence.
    """

    id: str
    version: str
    licence: str
    preset: str
    network: Mapping[str, Any]
    schedule: Schedule = field(default_factory=Schedule)
    training: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, text in (("id", self.id), ("version", self.version)):
            if not isinstance(text, str) or not _NAME.fullmatch(text):
                raise ValueError(f"{name} {text!r} is not a lower-case word of letters, digits, '.', '_' and '-'")
        if not isinstance(self.licence, str) or not self.licence:
            raise ValueError("licence is empty, expected an SPDX identifier")
        for name in ("network", "training", "scores"):
            if not isinstance(getattr(self, name), Mapping):
                raise ValueError(f"{name} is not a table of names and values")


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A verified bundle. sha256: digest of its manifest, and through it of everything. weights: by parameter name."""

    manifest: Manifest
    sha256: str
    weights: Mapping[str, Tensor]
    model_card: str


def read_bundle(folder: Path) -> Bundle:
    """The bundle in `folder`, after every check; nothing of it is used before.

    Raises RefusedInput where there is no bundle or one of a newer format, and DamagedModel for anything missing,
    added, changed, linked, unreadable as safetensors, not finite, or of another network than the manifest names.
    """
    if not (folder / MANIFEST).is_file():
        raise RefusedInput(f"{folder}: holds no {MANIFEST}, so it is no model bundle; give --model a bundle's folder")
    _check_names(folder)
    text = _read(folder / MANIFEST, _LARGEST_TEXT)
    digest = hashlib.sha256(text).hexdigest()
    if _read(folder / DIGEST, _LARGEST_TEXT) != _digest_line(digest):
        _damaged(folder / MANIFEST, f"does not have the SHA-256 that {DIGEST} states")
    manifest, listed = _parsed(folder / MANIFEST, text)
    parts = {name: _verified(folder / name, listed[name]) for name in PARTS}
    weights = _tensors(folder / WEIGHTS, parts[WEIGHTS])
    return Bundle(manifest, digest, weights, parts[CARD].decode("utf-8", errors="replace"))


def bundle_files(manifest: Manifest, weights: Mapping[str, Tensor], model_card: str) -> dict[str, bytes]:
    """The four files of a bundle by name; the same arguments give the same bytes.

    Raises ValueError for a weight that is not finite or not of STORED_DTYPES.
    """
    for name, tensor in weights.items():
        if tensor.dtype not in STORED_DTYPES or not torch.isfinite(tensor).all():
            raise ValueError(f"weight {name} ({tensor.dtype}) is not finite float32, float16 or bfloat16")
    stored = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in weights.items()}
    parts = {WEIGHTS: save(stored), CARD: model_card.encode()}
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in parts.items()}
    head = {"format": FORMAT, "format_version": FORMAT_VERSION, "files": listed}
    text = json.dumps(head | asdict(manifest), indent=2, sort_keys=True, allow_nan=False).encode() + b"\n"
    return {MANIFEST: text, DIGEST: _digest_line(hashlib.sha256(text).hexdigest())} | parts


def write_bundle(folder: Path, manifest: Manifest, weights: Mapping[str, Tensor], model_card: str) -> None:
    """Write a bundle as a new folder, whole or not at all.

    Raises RefusedInput when `folder` exists and MachineFailure when the disk does not take it.
    """
    if folder.exists():
        raise RefusedInput(f"{folder}: exists already; name a new folder for the bundle, or remove this one")
    files = bundle_files(manifest, weights, model_card)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as unfinished:
            for name, data in files.items():
                _write(Path(unfinished) / name, data)
            Path(unfinished).chmod(0o755)
            Path(unfinished).rename(folder)
    except OSError as error:
        raise MachineFailure(f"{folder}: cannot be written ({error.strerror}); free or choose another disk") from error


def _check_names(folder: Path) -> None:
    """Exactly the four files, each a plain one: no link can lead out of the folder."""
    known = {MANIFEST, DIGEST, *PARTS}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            _damaged(path, "is not part of a model bundle", "remove it")
        if not stat.S_ISREG(path.lstat().st_mode):
            _damaged(path, "is a link or special file where a bundle has plain ones")
    for name in sorted(known):
        if not (folder / name).exists():
            _damaged(folder / name, "is missing from the model bundle")


def _read(path: Path, largest: int) -> bytes:
    """The whole file, which may have at most `largest` bytes."""
    try:
        with path.open("rb") as stream:
            data = stream.read(largest + 1)
    except OSError as error:
        raise RefusedInput(f"{path}: cannot be read ({error.strerror}); check the file's permissions") from error
    if len(data) > largest:
        _damaged(path, f"has more than the {largest} bytes it should have")
    return data


def _parsed(path: Path, text: bytes) -> tuple[Manifest, Mapping[str, tuple[str, int]]]:
    """The manifest and, for each of PARTS, digest and size."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']!r}")
        if content["format_version"] != FORMAT_VERSION:
            raise RefusedInput(
                f"{path}: has bundle format {content['format_version']!r}, this Genu reads {FORMAT_VERSION};"
                " use the Genu that the bundle was made for"
            )
        files = content["files"]
        if set(files) != set(PARTS):
            raise ValueError(f"files {sorted(set(files) ^ set(PARTS))}")
        values: dict[str, Any] = {f.name: content[f.name] for f in fields(Manifest)}
        values["schedule"] = Schedule(**values["schedule"])
        return Manifest(**values), {name: (str(files[name]["sha256"]), int(files[name]["size"])) for name in PARTS}
    except RefusedInput:
        raise
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        _damaged(path, f"is not a manifest that Genu can read ({_first_line(error)})", cause=error)


def _verified(path: Path, stated: tuple[str, int]) -> bytes:
    """The file's bytes, of the stated digest and size."""
    sha256, size = stated
    found = path.stat().st_size
    if found != size:
        _damaged(path, f"has {found} bytes, the manifest says {size}")
    data = _read(path, found)
    if hashlib.sha256(data).hexdigest() != sha256:
        _damaged(path, "does not have the SHA-256 that the manifest states")
    return data


def _tensors(path: Path, data: bytes) -> dict[str, Tensor]:
    """Every tensor, finite and of a stored dtype."""
    try:
        weights = load(data)
    except (SafetensorError, KeyError, ValueError) as error:
        _damaged(path, f"is not safetensors ({_first_line(error)})", cause=error)
    for name, tensor in weights.items():
        if tensor.dtype not in STORED_DTYPES or not torch.isfinite(tensor).all():
            _damaged(path, f"holds {name} as {tensor.dtype} or with values that are not finite")
    return weights


def check_shapes(weights: Mapping[str, Tensor], expected: Mapping[str, tuple[int, ...]], where: Path) -> None:
    """Refuse weights whose names or shapes are not those of the network; the sentence names the first that differs.

    Raises DamagedModel naming `where`.
    """
    found = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    for name in sorted(set(found) | set(expected)):
        if found.get(name) != expected.get(name):
            reason = f"has {name} of shape {found.get(name)}, the network of its manifest {expected.get(name)}"
            _damaged(where, reason, "use the bundle that belongs to this Genu")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _digest_line(sha256: str) -> bytes:
    return f"{sha256}  {MANIFEST}\n".encode()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _damaged(path: Path, reason: str, remedy: str = _COPY_AGAIN, cause: Exception | None = None) -> NoReturn:
    raise DamagedModel(f"{path}: {reason}; {remedy}") from cause
