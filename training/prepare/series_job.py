"""One series of an archive to cases: read, judged, its knees filmed, and a marker left that says it is done.

A knee's first case has the real films that were found for it, where they fit; all others have simulated ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.domain import MachineFailure, Radiograph, RefusedInput, View
from engine.io.durable import write_file_atomically
from training.prepare.case_file import case_arrays
from training.prepare.clinic_knee import ClinicKnee, knees_of
from training.prepare.ct_series import pixel_hash, read_nifti_ct, read_nifti_volume, read_series
from training.prepare.find import Found
from training.prepare.manifest import CaseFacts, facts_of
from training.prepare.paired_case import PairedCase, paired_case
from training.prepare.real_films import chosen_films
from training.simulate.case import simulate_case

VERSION = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a series. reason: '' where it was taken. left_out: knees of it that were not, with reasons.

    pixels: SHA-256 of its HU, '' where they were not read. cases: what lies beside the marker as `<key>.npz`.
    films: keys of its patient's films with why each is not paired with a knee of it, '' where it is.
    """

    key: str
    fingerprint: str
    reason: str
    pixels: str = ""
    copies: int = 0
    left_out: tuple[str, ...] = ()
    cases: tuple[CaseFacts, ...] = ()
    films: tuple[tuple[str, str], ...] = ()


def fingerprint(found: Found, per_knee: int) -> str:
    """Changes with the files of a series and with how they are worked on, so that an old marker does not count."""
    files = [*found.files, *([found.labels] if found.labels else [])]
    files += [film.path for film in found.films]
    words = [str(path.stat().st_size) for path in files if path.exists()]
    return hashlib.sha256("\n".join([str(VERSION), str(per_knee), found.refusal, *words]).encode()).hexdigest()


def marker_of(work: Path, found: Found, per_knee: int, sealed: Set[str]) -> Verdict | None:
    """The verdict that an earlier run left, or None. sealed: keys of cases that lie in shards already."""
    try:
        verdict = _verdict_of(json.loads((work / f"{found.key}.json").read_bytes()))
    except (OSError, ValueError, LookupError, TypeError):
        return None
    there = all(case.key in sealed or (work / f"{case.key}.npz").exists() for case in verdict.cases)
    return verdict if there and verdict.fingerprint == fingerprint(found, per_knee) else None


def work_on(found: Found, work: Path, per_knee: int) -> Verdict:
    """Work a series off and write its cases, then its marker. Raises MachineFailure only."""
    mark = fingerprint(found, per_knee)
    try:
        verdict = _taken(found, work, per_knee, mark)
    except MemoryError as full:
        raise MachineFailure("memory is full while a series is read; run again with fewer --workers") from full
    except RefusedInput as refusal:
        verdict = Verdict(found.key, mark, nameless(str(refusal), found))
    except (ValueError, ArithmeticError, LookupError) as odd:
        reason = f"it could not be worked on ({type(odd).__name__}); look at it, or leave it out"
        verdict = Verdict(found.key, mark, reason)
    write_file_atomically(json.dumps(asdict(verdict)).encode(), work / f"{found.key}.json")
    return verdict


def nameless(text: str, found: Found) -> str:
    """A reason without names of files, which may be names of people."""
    if found.labels is not None:
        text = text.replace(found.labels.name, "its label file")
    for path in found.files:
        text = text.replace(path.name, "a file of it")
    return text


def _taken(found: Found, work: Path, per_knee: int, mark: str) -> Verdict:
    if found.refusal:
        raise RefusedInput(found.refusal)
    ct, copies = read_series(found.files) if found.kind == "DICOM" else (read_nifti_ct(found.files[0]), 0)
    labels = None if found.labels is None else read_nifti_volume(found.labels)
    knees, left_out = knees_of(ct, labels, found.laterality)
    chosen = chosen_films(found.films, [knee.side for knee in knees])
    cases = []
    for knee in knees:
        films = chosen.of_side[knee.side]
        for draw in range(per_knee):
            key = f"{found.key}-{knee.side.value}-{draw}"
            spacing = (round(ct.in_plane_mm, 4), round(ct.thickness_mm, 4))
            seed = int(hashlib.sha256(key.encode()).hexdigest()[:12], 16)
            paired = _paired(knee, seed) if draw else _paired(knee, seed, {v: film for v, (_, film) in films.items()})
            chosen.reasons |= {films[view][0]: reason for view, reason in paired.refused.items()}
            write_file_atomically(_npz(case_arrays(paired.case, spacing, paired.films)), work / f"{key}.npz")
            how, real = "given" if knee.given else "automatic", tuple(view.value for view in paired.films)
            cases.append(CaseFacts(key, found.key, found.patient, found.site, knee.side.value, spacing, how, real))
    notes = tuple(nameless(reason, found) for reason in left_out)
    reasons = tuple(chosen.reasons.items())
    return Verdict(found.key, mark, "", pixel_hash(ct), copies, notes, tuple(cases), reasons)


def _paired(knee: ClinicKnee, seed: int, films: Mapping[View, Radiograph] = MappingProxyType({})) -> PairedCase:
    return paired_case(knee, films, seed) if films else PairedCase(simulate_case(knee, seed), {})


def _npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    file = BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _verdict_of(stored: Mapping[str, Any]) -> Verdict:
    cases = tuple(facts_of(case) for case in stored["cases"])
    films = tuple((key, reason) for key, reason in stored["films"])
    return Verdict(**{**stored, "left_out": tuple(stored["left_out"]), "cases": cases, "films": films})
