"""`genu train evaluate`: score a model."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from engine.domain import RefusedInput
from training.cli.progress import show


def add_evaluate(steps: argparse._SubParsersAction) -> None:
    """Add its parser."""
    parser = steps.add_parser(
        "evaluate",
        help="score a model on a folder of knees, with a report",
        description="With --out: generate every knee, score its meshes, write report.json and report.html, and go on"
        " where an earlier run stopped. Without: quick Dice of a checkpoint's label head on prepared cases.",
    )
    parser.add_argument("model", type=Path, metavar="MODEL", help="folder of a bundle or of a checkpoint")
    parser.add_argument(
        "--cases", type=Path, required=True, metavar="DIR", help=".npz cases, labelled folders, or both"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="report and the results of each knee")
    parser.add_argument("--steps", type=int, metavar="N", help="network evaluations a knee")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the noise and of the films' exposure")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N cases by name")
    parser.add_argument(
        "--extractor", type=Path, metavar="FILE", help="safetensors of a torchvision model: FID and KID"
    )
    parser.add_argument("--atlas", type=Path, metavar="NPZ", help="LLP26 that drew the cases, for their subgroups")
    parser.add_argument("--levels", type=int, default=0, metavar="N", help="grids of the quick Dice; default all")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_evaluate)


def _evaluate(arguments: argparse.Namespace) -> int:
    return _evaluate_quickly(arguments) if arguments.out is None else _evaluate_fully(arguments)


def _evaluate_fully(arguments: argparse.Namespace) -> int:
    from engine.pipeline import DEFAULT_STEPS
    from training.evaluate.job import REPORT_HTML, EvaluationRequest, evaluate, known_cohort
    from training.evaluate.model import evaluated_model, trained_record

    request = EvaluationRequest(
        cases=arguments.cases,
        out=arguments.out,
        steps=DEFAULT_STEPS if arguments.steps is None else arguments.steps,
        seed=arguments.seed,
        limit=arguments.limit,
        extractor=arguments.extractor,
        source=known_cohort(arguments.cases, arguments.atlas),
        trained=trained_record(arguments.model),
    )
    report = show(evaluate(evaluated_model(arguments.model), request), sys.stderr if arguments.json else sys.stdout)
    if arguments.json:
        json.dump(report, sys.stdout, indent=1)
        print()
        return 0
    for kind in ("unregistered", "registered"):
        mean = report["scores"][kind]["mean"]
        cells = (f"{name} {mean[name]['mean']:.3f}" for name in ("dice", "iou", "assd_mm", "hd95_mm") if mean[name])
        print(f"{kind}: {', '.join(cells)}")
    print(f"{arguments.out / REPORT_HTML}: {len(report['knees'])} knees")
    return 0


def _evaluate_quickly(arguments: argparse.Namespace) -> int:
    from training.evaluate.quick import evaluate_checkpoint

    given = (arguments.steps, arguments.limit, arguments.extractor, arguments.atlas)
    if any(value is not None for value in given) or (arguments.model / "manifest.json").is_file():
        raise RefusedInput("a bundle, --steps, --limit, --extractor and --atlas need --out DIR; say where results go")
    scores = evaluate_checkpoint(arguments.model, arguments.cases, arguments.levels)
    if arguments.json:
        json.dump(scores, sys.stdout, indent=1)
        print()
        return 0
    for name, value in scores.items():
        print(f"{name:<10}{value:.4f}")
    return 0
