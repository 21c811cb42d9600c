"""A clinic's archive to shards: every series has its verdict, no name gets out, and a kill costs nothing."""

import csv
import errno
import json
import os
import subprocess
import sys
import tarfile

import numpy as np
import pytest

from app.cli import main
from engine.domain import MachineFailure, RefusedInput, Side
from engine.io.nifti import label_nifti_bytes, nifti_bytes
from engine.progress import drain
from tests.training.prepare.archive_program import cheap_case, request_of
from tests.training.prepare.clinic_cts import (
    HEIGHTS,
    knee_bones,
    leg_hu,
    phantom_volume,
    positions_of,
    write_series,
)
from training.loop.dataset import CaseFolder
from training.prepare import series_job
from training.prepare.archive import prepare_archive
from training.prepare.manifest import read_manifest


def right_leg(points):
    return leg_hu(points, Side.RIGHT)


def write_nifti(folder, name, side, **heights):
    volume = phantom_volume(lambda p: leg_hu(p, side), **heights)
    (folder / f"{name}.nii.gz").write_bytes(nifti_bytes(volume))
    labels = phantom_volume(lambda p: knee_bones(p, side), **heights)
    (folder / f"{name}_labels.nii.gz").write_bytes(label_nifti_bytes(labels))


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Two labelled knees, a copy of one under another name, three series of no use and a letter."""
    place = tmp_path_factory.mktemp("clinic") / "CANARY archive"
    place.mkdir()
    (place.parent / "salt").write_bytes(b"5" * 64)
    write_nifti(place, "CANARY left", Side.LEFT)
    write_nifti(place, "CANARY right", Side.RIGHT, high_mm=60)
    write_nifti(place, "CANARY again", Side.RIGHT, high_mm=60)
    write_series(place / "lost", right_leg, positions_of(np.delete(HEIGHTS, 30)))
    write_series(place / "view", right_leg, positions_of([0.0]), ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    (place / "damaged.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\x02\x00")
    (place / "letter.txt").write_text("Dear CANARY")
    return place


@pytest.fixture(scope="module")
def whole(archive, tmp_path_factory):
    """What an unbroken run writes."""
    out = tmp_path_factory.mktemp("whole") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series_job, "simulate_case", cheap_case)
        drain(prepare_archive(request_of(archive, out)))
    return out


def shards_of(out):
    return {path.name: path.read_bytes() for path in sorted((out / "train").iterdir())}


def test_that_every_series_has_a_verdict_with_its_reason(whole):
    rows = json.loads((whole / "report.json").read_text())["series"]
    reasons = sorted(row["reason"] for row in rows)
    refused = ("it has no Series", "it holds the same pixels", "it is neither", "it is or holds a localiser")
    expected = ("", "", *refused, "slices are missing")
    assert len(reasons) == len(expected)
    for reason, start in zip(reasons, expected, strict=True):
        assert reason.startswith(start)
    assert sorted(row["sides"] for row in rows if row["verdict"] == "taken") == ["L", "R"]
    with (whole / "report.csv").open() as table:
        assert [row["series"] for row in csv.DictReader(table)] == [row["series"] for row in rows]


def test_that_no_name_leaves_the_private_folder(whole):
    shared = [path for path in whole.rglob("*") if path.is_file() and "private" not in path.parts]
    assert len(shared) > 5
    for path in shared:
        assert b"CANARY" not in path.read_bytes(), path
        assert "CANARY" not in path.name
    assert "CANARY" in (whole / "private" / "paths.csv").read_text()


def test_that_cases_of_a_knee_and_copies_of_it_never_meet_twice(whole):
    facts = [case.facts for shard in read_manifest(whole / "train").shards for case in shard.cases]
    assert len(facts) == len({fact.key for fact in facts}) == 4
    assert sorted(fact.side for fact in facts) == ["L", "L", "R", "R"]
    assert {fact.spacing_mm for fact in facts} == {(2.0, 2.0)}


@pytest.mark.parametrize(("stage", "done"), [("series", 3), ("cases sealed", 1)])
def test_that_a_killed_run_goes_on_to_the_same_shards(archive, whole, tmp_path, stage, done, monkeypatch):
    program = [sys.executable, "-m", "tests.training.prepare.archive_program"]
    killed = subprocess.run([*program, archive, tmp_path / "out", stage, str(done)], check=False, timeout=250)
    assert killed.returncode == -9
    assert not (tmp_path / "out" / "report.json").exists()
    monkeypatch.setattr(series_job, "simulate_case", cheap_case)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "work").glob("*.json")}
    drain(prepare_archive(request_of(archive, tmp_path / "out")))
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert shards_of(tmp_path / "out") == shards_of(whole)


def test_that_a_finished_run_asked_again_writes_no_shard(archive, whole):
    before = {path: path.stat().st_mtime_ns for path in (whole / "train").glob("*.tar")}
    drain(prepare_archive(request_of(archive, whole)))
    assert {path: path.stat().st_mtime_ns for path in (whole / "train").glob("*.tar")} == before


def test_that_another_split_of_sealed_cases_is_refused(archive, whole):
    with pytest.raises(RefusedInput, match="is sealed in train, but now belongs to test"):
        drain(prepare_archive(request_of(archive, whole, shares=(0.0, 0.0, 1.0))))


def test_that_a_full_disk_is_named_and_leaves_no_part_of_a_shard(archive, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(series_job, "simulate_case", cheap_case)
    with monkeypatch.context() as patch:
        patch.setattr(tarfile.TarFile, "addfile", full)
        with pytest.raises(MachineFailure, match="the disk is full"):
            drain(prepare_archive(request_of(archive, tmp_path)))
    assert not list(tmp_path.rglob("*.partial"))
    assert not list(tmp_path.rglob("*.tar"))


def test_that_an_archive_becomes_batches_by_the_command_on_two_cores(tmp_path, capsys):
    series = tmp_path / "archive" / "north"
    write_series(series, right_leg, positions_of(HEIGHTS, tilt=0.1), SliceThickness=2.5)
    out = tmp_path / "out"
    words = ["train", "prepare", "--archive", str(tmp_path / "archive"), "--out", str(out), "--split", "1/0/0"]
    assert main([*words, "--site-from", "institution", "--workers", "2"]) == 0
    assert "1 taken, 0 refused, 1 train" in capsys.readouterr().out
    batch = CaseFolder.of(out / "train", 0).batch(0, 1, 1)
    assert batch.micro.tolist() == [[2.0, 2.5]]
    assert batch.labels[0].sum((2, 3, 4)).min() > 0
    assert main(["train", "prepare", "--check", "--out", str(out)]) == 0


def test_that_options_that_cannot_be_are_refused(tmp_path, capsys):
    words = ["train", "prepare", "--out", str(tmp_path / "out"), "--archive", str(tmp_path)]
    assert main([*words, "--split", "0.5/0.1/0.1"]) == 2
    assert main([*words, "--ct", str(tmp_path)]) == 2
    assert main([*words[:4], "--archive", str(tmp_path / "absent")]) == 2
    assert main(["train", "prepare", "--check", "--out", str(tmp_path)]) == 2
    assert "Traceback" not in capsys.readouterr().err
