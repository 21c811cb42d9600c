"""One series of an archive to cases: read, judged, its knees filmed, and a marker left that says it is done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from engine.domain import MachineFailure, RefusedInput
from engine.io.durable import write_file_atomically
from training.prepare.case_file import case_arrays
from training.prepare.clinic_knee import knees_of
from training.prepare.ct_series import pixel_hash, read_nifti_ct, read_nifti_volume, read_series
from training.prepare.find import Found
from training.prepare.manifest import CaseFacts, facts_of
from training.simulate.case import simulate_case

VERSION = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a series. reason: '' where it was taken. left_out: knees of it that were not, with reasons.

    pixels: SHA-256 of its HU, '' where they were not read. cases: what lies beside the marker as `<key>.npz`.
    """

    key: str
    fingerprint: str
    reason: str
    pixels: str = ""
    copies: int = 0
    left_out: tuple[str, ...] = ()
    cases: tuple[CaseFacts, ...] = ()


def fingerprint(found: Found, per_knee: int) -> str:
    """Changes with the files of a series and with how they are worked on, so that an old marker does not count."""
    files = [*found.files, *([found.labels] if found.labels else [])]
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
    cases = []
    for knee in knees:
        for draw in range(per_knee):
            key = f"{found.key}-{knee.side.value}-{draw}"
            spacing = (round(ct.in_plane_mm, 4), round(ct.thickness_mm, 4))
            seed = int(hashlib.sha256(key.encode()).hexdigest()[:12], 16)
            arrays = case_arrays(simulate_case(knee, seed), spacing)
            write_file_atomically(_npz(arrays), work / f"{key}.npz")
            how = "given" if knee.given else "automatic"
            cases.append(CaseFacts(key, found.key, found.patient, found.site, knee.side.value, spacing, how))
    notes = tuple(nameless(reason, found) for reason in left_out)
    return Verdict(found.key, mark, "", pixel_hash(ct), copies, notes, tuple(cases))


def _npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    file = BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _verdict_of(stored: Mapping[str, Any]) -> Verdict:
    cases = tuple(facts_of(case) for case in stored["cases"])
    return Verdict(**{**stored, "left_out": tuple(stored["left_out"]), "cases": cases})
