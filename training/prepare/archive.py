"""A clinic's archive to shards: found, worked off on all cores, split, sealed, reported. Interrupted work goes on.

OUT/train, OUT/validation, OUT/test: shards and manifest.json. OUT/report.json, .csv: a verdict for every series.
OUT/work: markers and records by which a later run goes on. OUT/private: salt and paths, to be shared with nobody.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from engine.domain import RefusedInput
from engine.io.durable import told, write_file_atomically
from engine.progress import Event, Progress
from training.prepare.film_rows import film_rows
from training.prepare.find import Found, Sites, find
from training.prepare.manifest import MANIFEST, CaseFacts, Manifest
from training.prepare.pool import processes, worked_off
from training.prepare.report import Row, write_paths, write_report
from training.prepare.salt import SPLITS, Salt, split_of, units
from training.prepare.series_job import Verdict, marker_of, work_on
from training.prepare.shard_writer import batches, seal, sealed_shards


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """shares: of train, validation and test. salt: file of the secret; None for OUT/private/salt. per_knee: cases.

    film_days: most days between a CT and a radiograph of its patient for the two to be paired.
    """

    folders: tuple[Path, ...]
    out: Path
    shares: tuple[float, float, float] = (0.9, 0.05, 0.05)
    sites: Sites = field(default_factory=Sites)
    salt: Path | None = None
    per_knee: int = 1
    film_days: int = 180
    shard_mb: float = 256
    workers: int = 1

    def __post_init__(self) -> None:
        if min(self.shares) < 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise RefusedInput("--split must be three shares that add to 1, such as 0.9/0.05/0.05; correct it")
        if self.per_knee < 1 or self.workers < 1 or not self.shard_mb > 0:
            raise RefusedInput("--per-knee, --workers and --shard-mb must be more than 0; correct them")
        if self.film_days < 0:
            raise RefusedInput("--radiographs-within must be 0 days or more; correct it")


def prepare_archive(request: ArchiveRequest) -> Generator[Event, None, Mapping[str, int]]:
    """Returns how many series were taken and refused, taken ones by split, and radiographs that were paired.

    Raises RefusedInput for folders or options, MachineFailure for a full disk or memory; what is done is kept.
    """
    for folder in request.folders:
        if not folder.is_dir():
            raise RefusedInput(f"{folder} is not a folder; name the folder of the CTs")
    private, work = request.out / "private", request.out / "work"
    try:
        private.mkdir(parents=True, exist_ok=True, mode=0o700)
        work.mkdir(exist_ok=True)
    except OSError as error:
        raise told(str(request.out), error) from error
    salt = Salt.of(request.salt or private / "salt")
    stored = {c.facts.key: split for split in SPLITS for shard in sealed_shards(work, split) for c in shard.cases}
    with nullcontext() if request.workers == 1 else processes(request.workers) as pool:
        found, films = yield from find(request.folders, salt, request.sites, request.film_days, pool)
        verdicts = yield from _verdicts(found, work, request.per_knee, set(stored), pool)
    verdicts = _without_doubles(found, verdicts, stored)
    of_series = _splits(found, request, salt)
    yield from _shards(request, verdicts, of_series, stored)
    write_paths(private, found, films)
    rows = [_row(one, verdicts[one.key], of_series[one.key]) for one in found]
    return write_report(request.out, rows + film_rows(films, verdicts, of_series, request.film_days))


def _verdicts(
    found: Sequence[Found], work: Path, per_knee: int, sealed: set[str], pool: Executor | None
) -> Generator[Event, None, dict[str, Verdict]]:
    """Verdicts by key: those of earlier runs whose cases are still there, and new ones for the rest."""
    verdicts = {one.key: marker for one in found if (marker := marker_of(work, one, per_knee, sealed)) is not None}
    missing = [one for one in found if one.key not in verdicts]
    yield Progress("series", len(verdicts), len(found))
    with closing(worked_off(partial(work_on, work=work, per_knee=per_knee), missing, pool)) as judged:
        for verdict in judged:
            verdicts[verdict.key] = verdict
            yield Progress("series", len(verdicts), len(found))
    return verdicts


def _without_doubles(
    found: Sequence[Found], verdicts: Mapping[str, Verdict], stored: Mapping[str, str]
) -> dict[str, Verdict]:
    """One series of those that hold the same pixels: one already sealed, else one with labels, else the first key."""

    def rank(one: Found) -> tuple[bool, bool, str]:
        return not any(c.key in stored for c in verdicts[one.key].cases), one.labels is None, one.key

    kept: dict[str, str] = {}
    judged = dict(verdicts)
    for one in sorted(found, key=rank):
        verdict = verdicts[one.key]
        if verdict.reason:
            continue
        first = kept.setdefault(verdict.pixels, one.key)
        if first != one.key:
            reason = f"it holds the same pixels as series {first}, which is taken; leave one of them out"
            judged[one.key] = replace(verdict, reason=reason, cases=())
    return judged


def _splits(found: Sequence[Found], request: ArchiveRequest, salt: Salt) -> dict[str, str]:
    unit = units([(one.patient, one.site) for one in found if not one.refusal], request.sites.source is not None)
    pairs = {one.key: unit.get((one.patient, one.site), one.patient) for one in found}
    return {key: split_of(salt, name, request.shares) for key, name in pairs.items()}


def _shards(
    request: ArchiveRequest, verdicts: Mapping[str, Verdict], of_series: Mapping[str, str], stored: Mapping[str, str]
) -> Generator[Event, None, None]:
    cases = sorted((case for v in verdicts.values() for case in v.cases), key=lambda case: case.key)
    moved = next((c for c in cases if stored.get(c.key, of_series[c.series]) != of_series[c.series]), None)
    if moved is not None:
        raise RefusedInput(
            f"case {moved.key} is sealed in {stored[moved.key]}, but now belongs to {of_series[moved.series]}; "
            "prepare into a new folder, or with the earlier --split and --site-from"
        )
    done = 0
    yield Progress("cases sealed", 0, len(cases))
    for split in SPLITS:
        for step in _sealed_split(request, split, [c for c in cases if of_series[c.series] == split], stored):
            done += step
            yield Progress("cases sealed", done, len(cases))


def _sealed_split(
    request: ArchiveRequest, split: str, cases: Sequence[CaseFacts], stored: Mapping[str, str]
) -> Generator[int]:
    """Seal what is not sealed yet and write the manifest; yields numbers of cases."""
    work, folder = request.out / "work", request.out / split
    shards = sealed_shards(work, split)
    yield sum(case.key in stored for case in cases)
    for batch in batches([c for c in cases if c.key not in stored], work, int(request.shard_mb * 1e6)):
        shards.append(seal(batch, work, folder, len(shards)))
        yield len(batch)
    folder.mkdir(exist_ok=True)
    write_file_atomically(Manifest(split, tuple(shards)).json(), folder / MANIFEST)


def _row(one: Found, verdict: Verdict, split: str) -> Row:
    return Row(
        series=one.key,
        kind=one.kind,
        files=len(one.files),
        copies=verdict.copies,
        patient=one.patient,
        site=one.site,
        verdict="refused" if verdict.reason else "taken",
        reason=verdict.reason,
        sides="".join(sorted({case.side for case in verdict.cases})),
        split="" if verdict.reason else split,
        left_out=verdict.left_out,
    )
