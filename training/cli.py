"""`genu train prepare | run | evaluate | bundle`: everything a researcher does with a model of their own."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path

from engine.domain import RefusedInput
from engine.progress import Event, Progress


def add_train_command(commands: argparse._SubParsersAction) -> None:
    """Add the parser of `genu train` and its four commands."""
    parser = commands.add_parser("train", help="make, train, score and pack a model of your own")
    steps = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_add_prepare, _add_run, _add_evaluate, _add_bundle):
        add(steps)


def _add_prepare(steps: argparse._SubParsersAction) -> None:
    parser = steps.add_parser("prepare", help="simulated cases from the LLP26 cohort, or from a folder of labelled CTs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the cases go")
    parser.add_argument("--count", type=int, default=400, metavar="N", help="cases to make")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="seed of the first case")
    parser.add_argument("--ct", type=Path, metavar="DIR", help="NAME.nii.gz beside NAME_labels.nii.gz, for the cohort")
    parser.add_argument("--atlas", type=Path, metavar="NPZ", help="LLP26 as .npz; otherwise rebuilt from its package")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.set_defaults(run=_prepare)


def _add_run(steps: argparse._SubParsersAction) -> None:
    parser = steps.add_parser("run", help="train, or go on training after any interruption")
    parser.add_argument("--preset", default="compact", metavar="NAME")
    parser.add_argument("--cases", type=Path, metavar="DIR", help="what `prepare` wrote")
    parser.add_argument("--out", type=Path, metavar="DIR", help="checkpoints, log and TensorBoard")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--until", metavar="STAGE", help="stop after this stage")
    parser.add_argument("--steps", type=_stage_steps, action="append", default=[], metavar="STAGE=N")
    parser.add_argument("--conditioning", choices=("back_projection+cross_attention", "cross_attention"))
    parser.add_argument("--warm-start", type=Path, metavar="CHECKPOINT", help="begin with its averaged weights")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes that expose films")
    parser.add_argument("--validate", type=Path, metavar="DIR", help="cases to score every 100 steps")
    parser.add_argument("--plan", action="store_true", help="print stages and parameters, and train nothing")
    parser.set_defaults(run=_run)


def _add_evaluate(steps: argparse._SubParsersAction) -> None:
    parser = steps.add_parser("evaluate", help="Dice of a checkpoint's labels on prepared cases")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--cases", type=Path, required=True, metavar="DIR")
    parser.add_argument("--levels", type=int, default=0, metavar="N", help="grids to use; default all trained")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_evaluate)


def _add_bundle(steps: argparse._SubParsersAction) -> None:
    parser = steps.add_parser("bundle", help="pack a checkpoint's averaged weights as a model that `generate` takes")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--id", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--training", type=Path, required=True, metavar="JSON", help="training summary for the card")
    parser.add_argument("--scores", type=Path, required=True, metavar="JSON", help="measured scores for the card")
    parser.set_defaults(run=_bundle)


def _stage_steps(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not name or not number.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not STAGE=N")
    return name, int(number)


def _show(job: Generator[Event, None, object]) -> None:
    """Plain lines of a job's progress with time elapsed and left."""
    began, first = time.monotonic(), None
    for event in job:
        if not isinstance(event, Progress):
            continue
        first = event.done if first is None else first
        elapsed = time.monotonic() - began
        new = event.done - first
        left = f", {elapsed / new * (event.total - event.done):.0f} s left" if new else ""
        print(f"{event.stage} {event.done}/{event.total}, {elapsed:.0f} s{left}", flush=True)


def _prepare(arguments: argparse.Namespace) -> int:
    from training.prepare.make import knee_source, prepare

    if arguments.count < 1 or arguments.workers < 1 or arguments.first < 0:
        raise RefusedInput("--count and --workers must be 1 or more and --first 0 or more; correct them")
    source = knee_source(arguments.ct, arguments.atlas, arguments.out / "atlas")
    seeds = range(arguments.first, arguments.first + arguments.count)
    _show(prepare(source, arguments.out, seeds, arguments.workers))
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from training.run import RunRequest, plan_text, run

    request = RunRequest(
        preset=arguments.preset,
        seed=arguments.seed,
        steps=dict(arguments.steps),
        until=arguments.until,
        conditioning=arguments.conditioning,
        warm_start=arguments.warm_start,
    )
    if arguments.plan:
        print(plan_text(request))
        return 0
    if arguments.cases is None or arguments.out is None:
        raise RefusedInput("genu train run needs --cases DIR and --out DIR; give both, or --plan")
    for line in run(request, arguments.cases, arguments.out, arguments.workers, arguments.validate):
        print(line, flush=True)
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from training.evaluate.quick import evaluate_checkpoint

    scores = evaluate_checkpoint(arguments.checkpoint, arguments.cases, arguments.levels)
    if arguments.json:
        json.dump(scores, sys.stdout, indent=1)
        print()
        return 0
    for name, value in scores.items():
        print(f"{name:<10}{value:.4f}")
    return 0


def _bundle(arguments: argparse.Namespace) -> int:
    from training.bundle import BundleRequest, bundle_checkpoint

    request = BundleRequest(
        id=arguments.id,
        version=arguments.version,
        training=json.loads(arguments.training.read_text()),
        scores=json.loads(arguments.scores.read_text()),
    )
    bundle_checkpoint(arguments.checkpoint, arguments.out, request)
    print(f"{arguments.out}: {arguments.id} {arguments.version}")
    return 0
