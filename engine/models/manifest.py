"""What a model bundle says of itself: the content of manifest.json, as a value and as bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from typing import Any

from engine.domain import RefusedInput
from engine.models.presets import ConditioningMode, EncoderSpec, InnerSpec, NetworkSpec, OuterSpec
from engine.models.schedule import Schedule

FORMAT = "genu-model"
FORMAT_VERSION = 1

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Stated:
    """Digest and size in bytes that a manifest states of one file."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model by name, network, schedule and history.

    id, version: lower-case letters, digits, `.`, `_` and `-`. licence: SPDX identifier. network: the whole
    configuration, so that a preset may change without breaking old bundles; its name is the preset it began as.
    training, scores: summaries for people and reports, of JSON values.

    Raises ValueError for a malformed id, version, licence or summary.
    """

    id: str
    version: str
    licence: str
    network: NetworkSpec
    schedule: Schedule = field(default_factory=Schedule)
    training: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, text in (("id", self.id), ("version", self.version)):
            if not isinstance(text, str) or not _NAME.fullmatch(text):
                raise ValueError(f"{name} {text!r} is not a lower-case word of letters, digits, '.', '_' and '-'")
        if not isinstance(self.licence, str) or not self.licence:
            raise ValueError("licence is empty, expected an SPDX identifier")
        for name in ("training", "scores"):
            if not isinstance(getattr(self, name), Mapping):
                raise ValueError(f"{name} is not a table of names and values")


def manifest_bytes(manifest: Manifest, files: Mapping[str, Stated]) -> bytes:
    """manifest.json, the same bytes for the same values."""
    listed = {name: asdict(stated) for name, stated in files.items()}
    content = {"format": FORMAT, "format_version": FORMAT_VERSION, "files": listed} | asdict(manifest)
    return json.dumps(content, indent=2, sort_keys=True, allow_nan=False, default=_enum_value).encode() + b"\n"


def parse_manifest(text: bytes, name: str) -> tuple[Manifest, dict[str, Stated]]:
    """The manifest and what it states of each file, from manifest.json.

    Raises RefusedInput naming `name` for another version of the format, and KeyError, TypeError, ValueError,
    AttributeError, OverflowError or RecursionError for anything else that is not a manifest.
    """
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']!r}")
    if content["format_version"] != FORMAT_VERSION:
        raise RefusedInput(
            f"{name}: has bundle format {content['format_version']!r}, this Genu reads {FORMAT_VERSION};"
            " use the Genu that the bundle was made for"
        )
    values: dict[str, Any] = {f.name: content[f.name] for f in fields(Manifest)}
    values |= {"schedule": Schedule(**values["schedule"]), "network": network_of(values["network"])}
    files = {file: Stated(str(s["sha256"]), int(s["size"])) for file, s in content["files"].items()}
    return Manifest(**values), files


def network_of(values: Mapping[str, Any]) -> NetworkSpec:
    """A network's configuration from its JSON values. Raises KeyError, TypeError or ValueError where they are none."""
    parts = {
        "encoder": EncoderSpec(**_with_tuples(values["encoder"])),
        "inner": InnerSpec(**_with_tuples(values["inner"])),
        "outers": tuple(OuterSpec(**_with_tuples(outer)) for outer in values["outers"]),
        "conditioning": ConditioningMode(values["conditioning"]),
    }
    return NetworkSpec(**{**_with_tuples(values), **parts})


def _with_tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _tuple(value) for name, value in values.items()}


def _tuple(value: object) -> object:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value


def _enum_value(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{value!r} has no place in a manifest")
