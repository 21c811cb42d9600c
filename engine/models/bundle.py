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
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from engine.domain import DamagedModel, MachineFailure, RefusedInput
from engine.models.manifest import Manifest, Stated, manifest_bytes, parse_manifest
from engine.models.presets import NetworkSpec
from engine.models.unallocated import unallocated_network

MANIFEST, DIGEST, WEIGHTS, CARD = "manifest.json", "manifest.sha256", "weights.safetensors", "model_card.md"
PARTS = (CARD, WEIGHTS)
STORED_DTYPES = (torch.float32, torch.float16, torch.bfloat16)

_LARGEST_TEXT = 1 << 20
_COPY_AGAIN = "copy the bundle again from where you got it"


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
    weights = _tensors(folder / WEIGHTS, parts[WEIGHTS], manifest.network)
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
    text = manifest_bytes(manifest, {n: Stated(hashlib.sha256(d).hexdigest(), len(d)) for n, d in parts.items()})
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


def _parsed(path: Path, text: bytes) -> tuple[Manifest, dict[str, Stated]]:
    """The manifest and what it states of PARTS, no more and no less: no name can lead out of the folder."""
    try:
        manifest, files = parse_manifest(text, str(path))
    except RefusedInput:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        _damaged(path, f"is not a manifest that Genu can read ({_first_line(error)})", cause=error)
    if set(files) != set(PARTS):
        _damaged(path, f"is not a manifest that Genu can read (it lists {sorted(files)})")
    return manifest, files


def _verified(path: Path, stated: Stated) -> bytes:
    """The file's bytes, of the stated digest and size."""
    found = path.stat().st_size
    if found != stated.size:
        _damaged(path, f"has {found} bytes, the manifest says {stated.size}")
    data = _read(path, found)
    if hashlib.sha256(data).hexdigest() != stated.sha256:
        _damaged(path, "does not have the SHA-256 that the manifest states")
    return data


def _tensors(path: Path, data: bytes, spec: NetworkSpec) -> dict[str, Tensor]:
    """Every tensor: of the network's names and shapes, finite, and of a stored dtype."""
    try:
        weights = load(data)
    except (SafetensorError, KeyError, ValueError) as error:
        _damaged(path, f"is not safetensors ({_first_line(error)})", cause=error)
    found, expected = {name: tuple(tensor.shape) for name, tensor in weights.items()}, network_shapes(spec, path)
    for name in sorted(set(found) | set(expected)):
        if found.get(name) != expected.get(name):
            _damaged(path, f"holds {name} as {found.get(name)}, the manifest's network as {expected.get(name)}")
    for name, tensor in weights.items():
        if tensor.dtype not in STORED_DTYPES or not torch.isfinite(tensor).all():
            _damaged(path, f"holds {name} as {tensor.dtype} or with values that are not finite")
    return weights


def network_shapes(spec: NetworkSpec, where: Path) -> dict[str, tuple[int, ...]]:
    """Name and shape of every weight of a network, without allocating one.

    Raises DamagedModel naming `where` when no network can be built from the configuration.
    """
    try:
        return {name: tuple(tensor.shape) for name, tensor in unallocated_network(spec).state_dict().items()}
    except (TypeError, ValueError, IndexError, ArithmeticError, RuntimeError) as error:
        _damaged(where, f"goes with a network that Genu cannot build ({_first_line(error)})", cause=error)


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
