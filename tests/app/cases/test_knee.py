"""From a case's blobs to engine values: bound by hash, on the right side, refused in sentences."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from app.assets import asset
from app.cases.document import (
    CaseDocument,
    Checked,
    CheckedFilm,
    Decision,
    FilmEntry,
    GeneratedEntry,
    GenerateRequest,
    Step,
    basis_of,
    new_case,
    with_films,
)
from app.cases.films import DEFAULT_BEAM, decode_path, proposal
from app.cases.knee import calibrated, load_knee, mesh_file, read_film
from engine.domain import Bone, LateralBeam, MachineFailure, RefusedInput, Side, Source, View
from export.stl import stl_bytes
from tests.generated_knee import CASE, knee_files, phantom_meshes
from tests.phantoms import chirality, knee_ct, knee_labels


@pytest.fixture
def case(store):
    case = store.create(new_case("Knee"))
    yield case
    case.close()


def with_knee(case, side: Side = Side.RIGHT, **changed: bytes) -> CaseDocument:
    files = {name: case.put(content) for name, content in (knee_files(side) | changed).items()}
    return replace(case.document, generated=GeneratedEntry("", GenerateRequest(), files))


@pytest.mark.parametrize("side", Side)
def test_that_a_knee_comes_back_as_it_was_written_and_on_its_side(case, side: Side):
    knee = load_knee(case, with_knee(case, side))
    assert np.array_equal(knee.ct.hu, knee_ct(32, side).hu)
    assert np.array_equal(knee.labels.hu, knee_labels(32, side).hu)
    assert np.allclose(knee.ct.lps_from_ijk, knee_ct(32, side).lps_from_ijk)
    assert [mesh.bone for mesh in knee.meshes] == list(Bone)
    assert knee.side is side
    assert chirality(knee.meshes) == (1 if side is Side.RIGHT else -1)
    assert knee.report["sampler"]["seed"] == 4711


def test_that_every_mesh_is_its_file_and_names_the_files_hash(case):
    document = with_knee(case)
    for mesh, drawn in zip(load_knee(case, document).meshes, phantom_meshes(Side.RIGHT), strict=True):
        content = case.blob(document.generated.files[mesh_file(mesh.bone)])
        assert mesh.sources == (hashlib.sha256(content).hexdigest(),)
        assert np.array_equal(mesh.vertices_mm, drawn.vertices_mm)


def test_that_a_case_without_a_knee_says_so(case):
    with pytest.raises(RefusedInput, match="no generated knee"):
        load_knee(case, case.document)


def test_that_a_missing_file_is_named(case):
    document = with_knee(case)
    files = {name: blob for name, blob in document.generated.files.items() if name != "labels.nii.gz"}
    with pytest.raises(RefusedInput, match=r"labels\.nii\.gz"):
        load_knee(case, replace(document, generated=replace(document.generated, files=files)))


def test_that_a_lost_blob_is_the_machines_failure(case):
    document = with_knee(case)
    files = dict(document.generated.files) | {"ct.nii.gz": "00" * 32}
    with pytest.raises(MachineFailure):
        load_knee(case, replace(document, generated=replace(document.generated, files=files)))


@pytest.mark.parametrize("content", [b"", b"no gzip", knee_files(Side.RIGHT)["ct.nii.gz"][:-40]])
def test_that_a_volume_that_is_none_is_refused(case, content: bytes):
    with pytest.raises(RefusedInput, match=r"ct\.nii\.gz"):
        load_knee(case, with_knee(case, **{"ct.nii.gz": content}))


def test_that_a_mesh_under_another_bones_name_is_refused(case):
    tibia = knee_files(Side.RIGHT)["meshes/tibia.stl"]
    with pytest.raises(RefusedInput, match=r"meshes/femur\.stl"):
        load_knee(case, with_knee(case, **{"meshes/femur.stl": tibia}))


def test_that_bones_of_two_sides_are_refused(case):
    left = stl_bytes(phantom_meshes(Side.LEFT)[0], CASE)
    with pytest.raises(RefusedInput, match="different sides"):
        load_knee(case, with_knee(case, **{"meshes/femur.stl": left}))


def test_that_a_damaged_report_is_refused(case):
    with pytest.raises(RefusedInput, match=r"report\.json"):
        load_knee(case, with_knee(case, **{"report.json": b"{"}))


@pytest.fixture
def checked_case(case):
    settled = {}
    for name in ("ap.dcm", "lateral.dcm"):
        blob, said = (
            case.put(asset(f"sample-case/{name}").read_bytes()),
            proposal(decode_path(asset(f"sample-case/{name}"))),
        )
        settled[name] = CheckedFilm(blob, said.view, said.spacing_mm, said.sid_mm, said.sod_mm, said.columns_run_to)
    films = tuple(FilmEntry(film.blob, name) for name, film in settled.items())
    document = with_films(case.document, films)
    side = Decision("R", Source.USER, "chosen on the Check page")
    checked = Checked(basis_of(document, Step.CHECK), side, DEFAULT_BEAM, settled["ap.dcm"], settled["lateral.dcm"])
    case.save(replace(document, checked=checked), "Check")
    return case


def test_that_the_cameras_follow_the_decisions_and_carry_who_made_them(checked_case):
    document = checked_case.document
    sod = Decision(1000.0, Source.USER, "measured at the table")
    decided = replace(document, checked=replace(document.checked, ap=replace(document.checked.ap, sod_mm=sod)))
    pair = calibrated(checked_case, decided)
    assert (pair.ap_camera.sid_mm, pair.ap_camera.sod_mm) == (1150.0, 1000.0)
    assert pair.pair.ap.provenance["sod_mm"].detail == "measured at the table"
    assert pair.pair.ap.provenance["side"].source is Source.USER
    assert pair.lateral_camera.sod_mm == 1050.0


def test_that_the_other_beam_puts_the_source_on_the_other_side(checked_case):
    document = checked_case.document
    beam = Decision(LateralBeam.LATEROMEDIAL.value, Source.USER, "")
    other = calibrated(checked_case, replace(document, checked=replace(document.checked, beam=beam)))
    sources = [
        np.linalg.inv(camera.camera_from_lps)[0, 3]
        for camera in (calibrated(checked_case, document).lateral_camera, other.lateral_camera)
    ]
    assert np.allclose(sources, [1050.0, -1050.0])  # medial of a right knee is to the patient's left, +x


def test_that_a_film_comes_with_its_name_and_its_decisions(checked_case):
    film = read_film(checked_case, checked_case.document.checked.lateral)
    assert (film.source_name, film.view, film.side) == ("lateral.dcm", View.LATERAL, Side.RIGHT)


def test_that_films_that_changed_since_the_check_are_refused(checked_case):
    document = checked_case.document
    with pytest.raises(RefusedInput, match="changed since they were checked"):
        calibrated(checked_case, with_films(document, document.films[:1]))
    with pytest.raises(RefusedInput, match="not checked"):
        calibrated(checked_case, replace(document, checked=None))


def test_that_the_report_of_a_knee_is_what_was_written(case):
    assert load_knee(case, with_knee(case)).report == json.loads(knee_files(Side.RIGHT)["report.json"])
