"""`genu train bundle`: pack a checkpoint as a model."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from engine.domain import RefusedInput


def add_bundle(steps: argparse._SubParsersAction) -> None:
    """Add its parser."""
    parser = steps.add_parser("bundle", help="pack a checkpoint's averaged weights as a model that `generate` takes")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--id", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--training", type=Path, required=True, metavar="JSON", help="training summary for the card")
    parser.add_argument(
        "--scores",
        type=Path,
        required=True,
        metavar="JSON",
        help="report.json of train evaluate, or scores of your own",
    )
    parser.set_defaults(run=_bundle)


def _bundle(arguments: argparse.Namespace) -> int:
    from training.bundle import BundleRequest, bundle_checkpoint

    request = BundleRequest(
        id=arguments.id,
        version=arguments.version,
        training=_json_table(arguments.training),
        scores=_json_table(arguments.scores),
    )
    bundle_checkpoint(arguments.checkpoint, arguments.out, request)
    print(f"{arguments.out}: {arguments.id} {arguments.version}")
    return 0


def _json_table(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError) as wrong:
        raise RefusedInput(f"{path}: cannot be read as JSON ({wrong}); correct it") from wrong
    if not isinstance(values, dict):
        raise RefusedInput(f"{path}: is not a table of names and values; correct it")
    return values
