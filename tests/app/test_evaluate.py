"""`genu evaluate` on the phantom knee, whose truth is known."""

import json
from pathlib import Path

import pytest

from app.cli import main
from engine.domain import Bone, Side, Volume
from engine.io.nifti import label_nifti_bytes
from engine.surface import extract_bones
from export.stl import stl_bytes
from tests.phantoms import knee_field, knee_labels

VOXELS = 64


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the meshes of a right phantom knee."""
    folder = tmp_path_factory.mktemp("result")
    (folder / "meshes").mkdir()
    for mesh in extract_bones(*knee_field(VOXELS, Side.RIGHT), Side.RIGHT):
        (folder / "meshes" / f"{mesh.bone.word}.stl").write_bytes(stl_bytes(mesh, "phantom"))
    return folder


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """The phantom's label map, 3 mm further to the left."""
    labels = knee_labels(VOXELS, Side.RIGHT)
    moved = labels.lps_from_ijk.copy()
    moved[0, 3] += 3.0
    path = tmp_path / "truth.nii.gz"
    path.write_bytes(label_nifti_bytes(Volume(labels.hu, moved)))
    return path


def test_that_registration_finds_the_shift_and_the_dice_behind_it(
    result: Path, truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(result), str(truth), "--json", "--out", str(tmp_path / "scores.json")]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores == json.loads((tmp_path / "scores.json").read_text())
    before, after = scores["unregistered"], scores["registered"]
    assert set(after["bones"]) == {bone.word for bone in Bone}
    assert before["mean"]["dice"] < 0.9
    assert after["mean"]["dice"] > 0.95
    assert after["mean"]["assd_mm"] < 0.6
    assert after["motion"]["translation_mm"] == pytest.approx(3, abs=0.3)


def test_that_the_table_shows_every_bone_before_and_after(
    result: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(result), str(truth)]) == 0
    said = capsys.readouterr().out
    assert all(said.count(bone.word) == 3 for bone in Bone)
    assert all(word in said for word in ("Dice", "IoU", "ASSD", "HD95", "NSD", "registration"))


def test_that_a_folder_without_meshes_is_refused(
    truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(tmp_path), str(truth)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_that_a_mesh_of_unknown_units_is_refused(
    result: Path, truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "meshes").mkdir()
    content = (result / "meshes" / "femur.stl").read_bytes()
    (tmp_path / "meshes" / "femur.stl").write_bytes(b"some other program".ljust(80) + content[80:])
    assert main(["evaluate", str(tmp_path), str(truth)]) == 2
    assert "femur.stl" in capsys.readouterr().err


def test_that_a_truth_that_is_no_label_map_is_refused(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "truth.nii.gz").write_bytes(b"")
    assert main(["evaluate", str(result), str(tmp_path / "truth.nii.gz")]) == 2
    assert "truth.nii.gz" in capsys.readouterr().err
