"""`genu train …`: everything a researcher does with a model of their own."""

from __future__ import annotations

import argparse

from training.cli.baseline import add_baseline
from training.cli.bundle import add_bundle
from training.cli.compare import add_compare
from training.cli.evaluate import add_evaluate
from training.cli.prepare import add_prepare
from training.cli.run import add_run


def add_train_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu train` and its commands."""
    parser = commands.add_parser("train", help="make, train, score and pack a model of your own")
    steps = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (add_prepare, add_run, add_baseline, add_evaluate, add_compare, add_bundle):
        add(steps)
