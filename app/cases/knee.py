"""From a case and its blobs to engine values: the films as they were settled, and the knee made from them. No Qt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.cases.document import (
    CaseDocument,
    Checked,
    CheckedFilm,
    FilmEntry,
    GeneratedEntry,
    Step,
    StepState,
    step_state,
)
from app.cases.films import apply_decisions, decode_film, pair_of
from engine.domain import (
    Bone,
    BoneMesh,
    CalibratedPair,
    LateralBeam,
    Radiograph,
    RefusedInput,
    Side,
    Volume,
)
from engine.geometry.calibrate import calibrate
from engine.io.own_nifti import volume_from
from export.stl import read_stl, stl_tag

if TYPE_CHECKING:
    from app.cases.store import OpenCase

CT, LABELS, REPORT = "ct.nii.gz", "labels.nii.gz", "report.json"


@dataclass(frozen=True, slots=True, eq=False)
class Knee:
    """A generated knee as it is shown.

    ct: HU; labels: Bone values on the same grid; meshes: in the order of Bone, each with the SHA-256 of its file as
    `sources`, so that what is on screen is bound to what is exported. report: report.json.
    """

    ct: Volume
    labels: Volume
    meshes: tuple[BoneMesh, ...]
    report: Mapping[str, Any]

    @property
    def side(self) -> Side:
        """Of the meshes, as their files say."""
        return self.meshes[0].side


def mesh_file(bone: Bone) -> str:
    """Name of a bone's surface among the files of a result."""
    return f"meshes/{bone.word}.stl"


def read_film(case: OpenCase, film: CheckedFilm) -> Radiograph:
    """An imported film as it was settled: turned, mirrored, and with every decision and who made it.

    Raises RefusedInput for a film that cannot be read or is not checked, MachineFailure for a blob that is gone.
    """
    return _settled(case, case.document, _checked(case.document), film)


def calibrated(case: OpenCase, document: CaseDocument) -> CalibratedPair:
    """The checked films of `document` with their cameras.

    Raises RefusedInput where the films are not checked, or have changed since; errors otherwise as of `read_film`.
    """
    checked = _checked(document)
    ap, lateral = (_settled(case, document, checked, film) for film in (checked.ap, checked.lateral))
    return calibrate(pair_of(ap, lateral), LateralBeam(checked.beam.value))


def load_knee(case: OpenCase, document: CaseDocument) -> Knee:
    """The generated knee of `document`, read from its files.

    Raises RefusedInput where there is none or a file is not what its name says, MachineFailure for a blob that is gone.
    """
    if document.generated is None:
        raise RefusedInput("this case has no generated knee yet; generate one first")
    entry = document.generated
    ct, labels = (volume_from(_content(case, entry, name), name) for name in (CT, LABELS))
    if ct.hu.shape != labels.hu.shape or not np.allclose(ct.lps_from_ijk, labels.lps_from_ijk, atol=1e-4):
        raise RefusedInput("the CT and the labels of this case lie on different grids; generate the knee again")
    return Knee(ct, labels, _meshes(case, entry), _report(_content(case, entry, REPORT)))


def _checked(document: CaseDocument) -> Checked:
    if document.checked is None:
        raise RefusedInput("the films are not checked; settle side, view and scale on the Check page first")
    if step_state(document, Step.CHECK) is not StepState.DONE:
        raise RefusedInput("the films have changed since they were checked; check them again")
    return document.checked


def _settled(case: OpenCase, document: CaseDocument, checked: Checked, film: CheckedFilm) -> Radiograph:
    named = [entry for entry in document.films if entry.blob == film.blob]
    decoded = decode_film(case, named[0] if named else FilmEntry(film.blob, f"{film.view.value} film"))
    return apply_decisions(decoded, film, checked.side)


def _report(content: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(content))
    except (ValueError, TypeError) as error:
        raise RefusedInput(f"{REPORT} of this case is damaged; generate the knee again") from error


def _meshes(case: OpenCase, entry: GeneratedEntry) -> tuple[BoneMesh, ...]:
    meshes = tuple(_mesh(case, entry, bone) for bone in Bone if mesh_file(bone) in entry.files)
    if not meshes:
        raise RefusedInput("this case's knee has no bone; generate it again")
    if len({mesh.side for mesh in meshes}) > 1:
        raise RefusedInput("the bones of this case name different sides; generate the knee again")
    return meshes


def _mesh(case: OpenCase, entry: GeneratedEntry, bone: Bone) -> BoneMesh:
    name = mesh_file(bone)
    content = _content(case, entry, name)
    stated = tuple(stl_tag(content, tag) for tag in ("SPACE", "UNIT", "BONE"))
    if stated != ("LPS", "mm", bone.word):
        raise RefusedInput(f"{name} says space, unit and bone {stated}, not LPS, mm, {bone.word}; generate it again")
    sides = {side.word: side for side in Side}
    side = sides.get(stl_tag(content, "SIDE") or "")
    if side is None:
        raise RefusedInput(f"{name} does not say which side it is of; generate the knee again")
    vertices, faces = read_stl(content, name)
    return BoneMesh(vertices, faces, bone, side, (entry.files[name],))


def _content(case: OpenCase, entry: GeneratedEntry, name: str) -> bytes:
    if name not in entry.files:
        raise RefusedInput(f"the generated knee lacks {name}; generate it again")
    return case.blob(entry.files[name])
