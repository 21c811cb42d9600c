"""Real films beside a CT: chosen by patient, day, side and view, and the knee put where they show it."""

import json
from dataclasses import replace

import numpy as np
import pydicom
import pytest
import torch
from pydicom.uid import generate_uid
from scipy.spatial.transform import Rotation

from app.cli import main
from engine.domain import Bone, Radiograph, Side, View, Volume
from engine.geometry.model_frame import model_from_ijk, model_from_lps
from engine.io.nifti import nifti_bytes
from engine.models.film_norm import normalised
from tests.training.prepare.clinic_cts import (
    HEIGHTS,
    PATIENT,
    knee_bones,
    leg_hu,
    phantom_volume,
    positions_of,
    write_series,
)
from training.cohort.tissue import SimulatedKnee
from training.loop import dataset
from training.loop.dataset import CaseFolder
from training.prepare import paired_case as paired
from training.prepare.manifest import read_manifest
from training.prepare.registration import Registered
from training.prepare.shard_reader import ShardFolder

ISOCENTRE = np.array([7.0, -9.0, -6.0])  # LPS, of both films; the joint is elsewhere
SIDE = Side.LEFT


# How the patient lay in the CT, from how he stood for the AP film.
LYING = Rotation.from_euler("xyz", (4, -3, 9), degrees=True)


def left_leg(points):
    return leg_hu(points, SIDE)


def left_leg_in_the_ct(points):
    return leg_hu(LYING.inv().apply(points.reshape(-1, 3)).reshape(points.shape), SIDE)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A left knee's CT, in another pose than its two films, one of them 4° off; and four films of no use."""
    place = tmp_path_factory.mktemp("clinic")
    write_series(place / "archive" / "ct", left_leg_in_the_ct, positions_of(HEIGHTS), StudyDate="20250310")
    (place / "ct.nii.gz").write_bytes(nifti_bytes(phantom_volume(left_leg)))
    shot = ["drr", str(place / "ct.nii.gz"), "--side", "L", "--lateral-angle", "4", "--spacing", "0.9", "--size", "256"]
    assert main([*shot, "--isocentre", ",".join(f"{v:g}" for v in ISOCENTRE), "--out", str(place / "films")]) == 0
    ap, lateral = place / "films" / "ap.dcm", place / "films" / "lateral.dcm"
    give(ap, place / "archive" / "CANARY ap.dcm", StudyDate="20250301")
    give(lateral, place / "archive" / "CANARY lat.dcm", StudyDate="20250401")
    give(ap, place / "archive" / "CANARY earlier.dcm", StudyDate="20241231")
    give(ap, place / "archive" / "CANARY other.dcm", StudyDate="20250310", ImageLaterality="R")
    give(ap, place / "archive" / "CANARY far.dcm", StudyDate="20200310")
    give(ap, place / "archive" / "CANARY stranger.dcm", StudyDate="20250310", PatientID="CANARY-ID-78")
    return place / "archive"


def give(film, path, **changes):
    dataset = pydicom.dcmread(film)
    dataset.PatientID, dataset.SOPInstanceUID = PATIENT, generate_uid()
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    dataset.save_as(path)


@pytest.fixture(scope="module")
def prepared(archive, tmp_path_factory):
    out = tmp_path_factory.mktemp("prepared") / "out"
    words = ["train", "prepare", "--archive", str(archive), "--out", str(out), "--split", "1/0/0", "--workers", "1"]
    assert main([*words, "--per-knee", "2"]) == 0
    return out


def test_that_every_film_is_told_of_and_why_it_is_not_paired(prepared):
    report = json.loads((prepared / "report.json").read_text())
    films = [row for row in report["series"] if row["kind"] == "radiograph"]
    assert sorted(row["reason"] for row in films) == [
        "",
        "",
        "another film of this view is nearer in time to the CT",
        "no CT of its patient within 180 days was taken",
        "no CT of its patient within 180 days was taken",
        "no right knee was taken from the CT",
    ]
    assert {row["split"] for row in films if row["verdict"] == "paired"} == {"train"}
    assert report["counts"] == {
        "taken": 1, "refused": 0, "train": 1, "validation": 0, "test": 0, "radiographs paired": 2, "not paired": 4,
    }  # fmt: skip
    for path in (path for path in prepared.rglob("*") if path.is_file() and "private" not in path.parts):
        assert b"CANARY" not in path.read_bytes(), path
    assert "CANARY lat.dcm" in (prepared / "private" / "paths.csv").read_text()


def test_that_the_knee_lies_where_its_films_show_it(prepared):
    with first_case(prepared) as case:
        occupancy, cameras = case["occupancy_128"], case["camera_from_lps"]
    truth = phantom_volume(lambda points: knee_bones(points, SIDE))
    for bone in (Bone.FEMUR, Bone.TIBIA):
        found = Volume((occupancy[bone - 1] > 127).astype(np.int16), model_from_ijk(128))
        inner = np.abs(found.lps(np.argwhere(found.hu)))[:, 2] < 45
        seen = found.lps(np.argwhere(found.hu))[inner].mean(0)
        points = truth.lps(np.argwhere(truth.hu == bone)) - ISOCENTRE
        expected = points[np.abs(points[:, 2]) < 45].mean(0) * np.diag(model_from_lps(SIDE))[:3]
        assert seen == pytest.approx(expected, abs=1.2)
    np.testing.assert_allclose(cameras[0][:3, :3], [[1, 0, 0], [0, 0, -1], [0, 1, 0]], atol=1e-6)


def test_that_the_first_case_of_a_knee_shows_its_real_films_and_the_others_do_not(prepared, monkeypatch):
    facts = [case.facts for shard in read_manifest(prepared / "train").shards for case in shard.cases]
    assert [fact.films for fact in facts] == [("AP", "LATERAL"), ()]
    cases = CaseFolder.of(prepared / "train", 0)
    stored = {}
    for place in range(2):
        with cases.store.case(place) as case:
            stored[place] = {name: case[name] for name in ("film_ap", "film_lateral") if name in case}
    assert [len(films) for films in stored.values()] == [2, 0]
    monkeypatch.setattr(dataset, "shown_again", lambda film, _: film)
    films = [torch.from_numpy(stored[0][name].astype(np.float32)) for name in ("film_ap", "film_lateral")]
    shown = [cases.item(n, 1, None).films[0] for n in range(2)]
    assert sorted(torch.equal(one, normalised(torch.stack(films))) for one in shown) == [False, True]


@pytest.mark.parametrize(
    ("turn_deg", "shift_mm", "fit", "reason"),
    [
        ((0, 0, 0), (3, 4, 5), 0.49, "the CT's bones fit it by 0.49, less than 0.5"),
        ((0, 0, 0), (30, 0, 25), 0.6, "its middle lies 39 mm off the joint, over 35 mm"),
        ((0, 9, 13), (3, 4, 5), 0.6, "it stands 16° off a right angle to the AP film, over 15°"),
        ((0, 9, 11), (3, 4, 5), 0.6, None),
    ],
)
def test_that_a_film_which_does_not_fit_is_left_out_with_its_reason(monkeypatch, turn_deg, shift_mm, fit, reason):
    films = blank_films()
    lateral = np.eye(4)
    lateral[:3, :3] = Rotation.from_euler("xyz", turn_deg, degrees=True).as_matrix()
    lateral[:3, 3] = shift_mm
    poses = iter([Registered(np.eye(4), 0.8), Registered(lateral, fit)])
    monkeypatch.setattr(paired, "register", lambda *_: next(poses))
    monkeypatch.setattr(paired, "filmed_case", lambda *_: None)
    found = paired.paired_case(Bones(), films, 3)
    assert found.refused == ({} if reason is None else {View.LATERAL: reason})
    assert list(found.films) == ([View.AP, View.LATERAL] if reason is None else [View.AP])


class Bones:
    """Where a knee's bones would be; empty, for poses that are told."""

    centre_mm, side = np.array([40.0, 30.0, -500.0]), SIDE

    def placed(self, _):
        return SimulatedKnee(np.zeros((8, 8, 8), np.float32), np.zeros((4, 8, 8, 8), np.float32))


def blank_films():
    ap = Radiograph(
        np.zeros((64, 64), np.float32), View.AP, SIDE, (2.0, 2.0), 1100.0, 1000.0, "L", "ap.dcm", "0" * 64
    )  # fmt: skip
    return {View.AP: ap, View.LATERAL: replace(ap, view=View.LATERAL, columns_run_to="A")}


def first_case(prepared):
    return ShardFolder.of(prepared / "train").case(0)
