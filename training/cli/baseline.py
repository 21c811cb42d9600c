"""`genu train baseline`: train one of the baselines that a model is compared with."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.domain import RefusedInput


def add_baseline(steps: argparse._SubParsersAction) -> None:
    """Add its parser."""
    parser = steps.add_parser(
        "baseline",
        help="train another method on the same cases, to compare a model with",
        description="kasten-unet: a deterministic 3-D U-Net over replicated films (arXiv 2004.00871)."
        " ssrkd-occupancy: pixel-aligned occupancy (arXiv 2508.13947). Both are written here and never shipped."
        " Goes on after any interruption; score it with genu train evaluate as any checkpoint.",
    )
    parser.add_argument("name", metavar="NAME", help="kasten-unet or ssrkd-occupancy")
    parser.add_argument("--cases", type=Path, required=True, metavar="DIR", help="what `prepare` wrote")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints, log and TensorBoard")
    parser.add_argument("--steps", type=int, required=True, metavar="N")
    parser.add_argument("--batch", type=int, default=4, metavar="N", help="cases a step")
    parser.add_argument("--learning-rate", type=float, default=1e-3, metavar="X")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes that expose films")
    parser.add_argument("--validate", type=Path, metavar="DIR", help="cases to score")
    parser.add_argument("--validate-every", type=int, default=100, metavar="STEPS")
    parser.set_defaults(run=_baseline)


def _baseline(arguments: argparse.Namespace) -> int:
    from training.baselines.run import run_baseline
    from training.baselines.spec import BaselineRequest

    if arguments.validate_every < 1 or arguments.workers < 1:
        raise RefusedInput("--validate-every and --workers must be 1 or more; correct them")
    request = BaselineRequest(arguments.name, arguments.steps, arguments.batch, arguments.learning_rate, arguments.seed)
    folders = arguments.cases, arguments.out
    for line in run_baseline(request, *folders, arguments.workers, arguments.validate, arguments.validate_every):
        print(line, flush=True)
    return 0
