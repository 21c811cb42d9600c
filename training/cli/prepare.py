"""`genu train prepare`: cases to train on."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from engine.domain import RefusedInput
from training.cli.progress import show


def add_prepare(steps: argparse._SubParsersAction) -> None:
    """Add its parser."""
    parser = steps.add_parser(
        "prepare",
        help="cases from a clinic's own CTs, or simulated from the LLP26 cohort or a folder of labelled CTs",
        description="With --archive: find every CT series, judge it, split by patient and write shards. Otherwise:"
        " --count simulated cases. Both go on where an earlier run stopped. See docs/train-on-your-own-cts.md.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the cases go")
    parser.add_argument("--count", type=int, default=400, metavar="N", help="cases to make")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="seed of the first case")
    parser.add_argument("--ct", type=Path, metavar="DIR", help="NAME.nii.gz beside NAME_labels.nii.gz, for the cohort")
    parser.add_argument("--atlas", type=Path, metavar="NPZ", help="LLP26 as .npz; otherwise rebuilt from its package")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    archive = parser.add_argument_group("a clinic's own CTs")
    archive.add_argument(
        "--archive", type=Path, action="append", default=[], metavar="DIR", help="DICOM and NIfTI at any depth; repeat"
    )
    archive.add_argument("--split", type=_shares, default=(0.9, 0.05, 0.05), metavar="A/B/C", help="train/val./test")
    archive.add_argument(
        "--site-from", type=_site, metavar="institution|N", help="keep sites whole: by header, or N-th folder level"
    )
    archive.add_argument("--patient-from", type=int, metavar="N", help="patient of a NIfTI: its N-th folder level")
    archive.add_argument("--salt", type=Path, metavar="FILE", help="secret of all hashes; default DIR/private/salt")
    archive.add_argument("--per-knee", type=int, default=1, metavar="N", help="cases of each knee, posed anew")
    archive.add_argument(
        "--radiographs-within", type=int, default=180, metavar="DAYS",
        help="pair CTs with their patients' radiographs of at most so many days before or after",
    )  # fmt: skip
    archive.add_argument("--shard-mb", type=float, default=256, metavar="N", help="size of a shard, about")
    archive.add_argument("--check", action="store_true", help="only compare the shards of --out with their SHA-256")
    parser.set_defaults(run=_prepare)


def _shares(text: str) -> tuple[float, float, float]:
    try:
        train, validation, test = (float(part) for part in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not A/B/C, such as 0.9/0.05/0.05") from None
    return train, validation, test


def _site(text: str) -> str | int:
    if text == "institution":
        return text
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is neither institution nor a folder level")


def _prepare(arguments: argparse.Namespace) -> int:
    if arguments.check:
        return _check(arguments)
    return _prepare_archive(arguments) if arguments.archive else _prepare_count(arguments)


def _check(arguments: argparse.Namespace) -> int:
    from training.prepare.manifest import MANIFEST
    from training.prepare.shard_reader import check_shards

    folders = sorted(path.parent for path in (*arguments.out.glob(MANIFEST), *arguments.out.glob(f"*/{MANIFEST}")))
    if not folders:
        raise RefusedInput(f"{arguments.out} holds no shards; name what prepare --archive wrote")
    for folder in folders:
        for shard in check_shards(folder):
            print(f"{folder / shard.name}: {len(shard.cases)} cases", flush=True)
    return 0


def _prepare_archive(arguments: argparse.Namespace) -> int:
    from training.prepare.archive import ArchiveRequest, prepare_archive
    from training.prepare.find import Sites
    from training.prepare.report import REPORT

    if arguments.ct is not None:
        raise RefusedInput("--archive and --ct are two kinds of source; give one of them")
    request = ArchiveRequest(
        folders=tuple(arguments.archive),
        out=arguments.out,
        shares=arguments.split,
        sites=Sites(arguments.site_from, arguments.patient_from),
        salt=arguments.salt,
        per_knee=arguments.per_knee,
        film_days=arguments.radiographs_within,
        shard_mb=arguments.shard_mb,
        workers=arguments.workers,
    )
    counts = show(prepare_archive(request))
    print(f"{arguments.out / REPORT}: " + ", ".join(f"{number} {name}" for name, number in counts.items()))
    return 0


def _prepare_count(arguments: argparse.Namespace) -> int:
    from training.prepare.make import knee_source, prepare

    if arguments.count < 1 or arguments.workers < 1 or arguments.first < 0:
        raise RefusedInput("--count and --workers must be 1 or more and --first 0 or more; correct them")
    source = knee_source(arguments.ct, arguments.atlas, arguments.out / "atlas")
    seeds = range(arguments.first, arguments.first + arguments.count)
    show(prepare(source, arguments.out, seeds, arguments.workers))
    return 0
