"""`genu train run`: train, alone or as one of many processes, or print what that would cost."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.domain import RefusedInput


def add_run(steps: argparse._SubParsersAction) -> None:
    """Add its parser."""
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
    parser.add_argument("--validate", type=Path, metavar="DIR", help="cases to score and to picture in TensorBoard")
    parser.add_argument("--validate-every", type=int, default=100, metavar="STEPS")
    _add_cluster(parser)
    _add_plan(parser)
    parser.set_defaults(run=_run)


def _add_cluster(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("many processes", "started by torchrun, which knows how many there are")
    group.add_argument("--strategy", choices=("single", "ddp", "fsdp"), help="default single; of a plan, ddp")
    group.add_argument(
        "--devices", type=_devices, default=0, metavar="auto|N", help="of each machine; default as torchrun knows"
    )
    group.add_argument("--nodes", type=int, default=0, metavar="N", help="machines; default as torchrun knows")
    group.add_argument(
        "--micro-batch", type=_stage_steps, action="append", default=[], metavar="STAGE=N", help="cases at once"
    )
    group.add_argument(
        "--recompute",
        type=_stage_levels,
        action="append",
        default=[],
        metavar="STAGE=LEVELS",
        help="levels whose blocks are computed again for the gradient, such as 128=1,2; 128= for none",
    )


def _add_plan(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("plan", "what a run would cost")
    group.add_argument("--plan", action="store_true", help="print parameters, FLOPs, memory and days; train nothing")
    group.add_argument("--gpus", type=int, default=1, metavar="N")
    group.add_argument("--gpu-tflops", type=float, default=312.0, metavar="N", help="peak of one; default A100, bf16")
    group.add_argument("--utilisation", type=float, default=0.4, metavar="SHARE", help="of the peak that training gets")
    group.add_argument("--gpu-memory", type=float, default=80.0, metavar="GB")


def _stage_steps(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not name or not number.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not STAGE=N")
    return name, int(number)


def _stage_levels(text: str) -> tuple[str, tuple[int, ...]]:
    name, equals, numbers = text.partition("=")
    levels = [number for number in numbers.split(",") if number]
    if not name or not equals or not all(number.isdigit() for number in levels):
        raise argparse.ArgumentTypeError(f"{text!r} is not STAGE=LEVELS, such as 128=1,2")
    return name, tuple(map(int, levels))


def _devices(text: str) -> int:
    if text != "auto" and not (text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is neither auto nor a number of devices")
    return 0 if text == "auto" else int(text)


def _run(arguments: argparse.Namespace) -> int:
    from training.budget import Machines
    from training.loop.ranks import Cluster, Strategy
    from training.run import RunRequest, Validation, plan_text, run

    request = RunRequest(
        preset=arguments.preset,
        seed=arguments.seed,
        steps=dict(arguments.steps),
        micro_batch=dict(arguments.micro_batch),
        recompute=dict(arguments.recompute),
        until=arguments.until,
        conditioning=arguments.conditioning,
        warm_start=arguments.warm_start,
    )
    strategy = Strategy(arguments.strategy or ("ddp" if arguments.plan else "single"))
    if arguments.plan:
        told = arguments.gpus, arguments.gpu_tflops, arguments.utilisation, arguments.gpu_memory, strategy
        print(plan_text(request, Machines(*told)))
        return 0
    if arguments.cases is None or arguments.out is None:
        raise RefusedInput("genu train run needs --cases DIR and --out DIR; give both, or --plan")
    if arguments.validate_every < 1 or arguments.nodes < 0 or arguments.workers < 1:
        raise RefusedInput("--validate-every and --workers must be 1 or more and --nodes 0 or more; correct them")
    validation = None if arguments.validate is None else Validation(arguments.validate, arguments.validate_every)
    cluster = Cluster(strategy, arguments.devices, arguments.nodes)
    for line in run(request, arguments.cases, arguments.out, arguments.workers, validation, cluster):
        print(line, flush=True)
    return 0
