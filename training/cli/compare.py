"""`genu train compare`: evaluations of the same knees side by side."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add_compare(steps: argparse._SubParsersAction) -> None:
    """Add its parser."""
    parser = steps.add_parser("compare", help="put evaluations of the same knees into one table")
    parser.add_argument("evaluations", type=Path, nargs="+", metavar="DIR", help="what `evaluate --out` wrote")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_compare)


def _compare(arguments: argparse.Namespace) -> int:
    from engine.io.durable import write_file_atomically
    from training.evaluate.compare import comparison, comparison_text, read_evaluation

    compared = comparison([read_evaluation(path) for path in arguments.evaluations])
    if arguments.out is not None:
        write_file_atomically(comparison_text(compared).encode(), arguments.out)
    if arguments.json:
        json.dump(compared, sys.stdout, indent=1)
        print()
    else:
        print(comparison_text(compared), end="")
    return 0
