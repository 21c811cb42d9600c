"""`genu generate` from films to files, with the phantom knee in the network's place."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import nibabel
import numpy as np
import pytest

from app.cli import main
from app.cli.evaluate import read_meshes
from engine.domain import Bone, Side
from tests.app.phantom_knee import VOXELS
from tests.engine.io.film_files import film, lateral, saved
from tests.phantoms import chirality, knee_labels

RESULT = {"ct.nii.gz", "labels.nii.gz", "report.json", "meshes"} | {
    f"meshes/{bone.word}{suffix}" for bone in Bone for suffix in (".stl", ".json")
}


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def program(job: str) -> list[str]:
    """A fresh process of `genu` with the phantom in the network's place."""
    code = f"""
import sys
from pathlib import Path
from app.cli import generate, main
from tests.app import phantom_knee
generate.knee_job, generate.model_folder = phantom_knee.{job}, Path
sys.exit(main())
"""
    return [sys.executable, "-c", code]


@pytest.mark.usefixtures("phantom")
def test_that_two_films_become_a_whole_result(films: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "new" / "result"
    assert main(["generate", *films, "--out", str(out), "--seed", "7"]) == 0
    assert names(out) == RESULT
    assert names(out.parent) - {"result"} == {f"result/{name}" for name in RESULT}
    report = json.loads((out / "report.json").read_text())
    assert report["synthetic"] is True
    assert report["sampler"]["seed"] == 7
    assert set(report["meshes"]["bones"]) == {bone.word for bone in Bone}
    assert report["timings"]["total_s"] >= report["timings"]["outside_network_s"] > 0
    assert report["files"] == {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in RESULT - {"report.json", "meshes"}
    }


@pytest.mark.usefixtures("phantom")
def test_that_the_affine_is_ras_and_the_labels_lie_where_the_bones_do(films: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "result"
    assert main(["generate", *films, "--out", str(out)]) == 0
    image = nibabel.load(out / "labels.nii.gz")
    step = 160 / VOXELS
    np.testing.assert_allclose(np.diag(image.affine), [-step, -step, step, 1])
    np.testing.assert_allclose(image.affine[:3, 3], np.array([1, 1, -1]) * (160 - step) / 2)
    truth = knee_labels(VOXELS, Side.RIGHT).hu
    assert np.mean(np.asarray(image.dataobj)[truth > 0] == truth[truth > 0]) > 0.9


@pytest.mark.parametrize(("side", "sign"), [("R", 1), ("L", -1)])
def test_that_a_fresh_process_turns_two_films_into_stl_of_their_side(
    side: str, sign: int, tmp_path: Path, repository: Path
) -> None:
    ap = saved(tmp_path, film(ImageLaterality=side), "ap.dcm")
    lat = saved(tmp_path, lateral(ImageLaterality=side), "lateral.dcm")
    words = [*program("phantom_job"), "generate", str(ap), str(lat), "--out", str(tmp_path / "out")]
    child = subprocess.run(words, cwd=repository, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    meshes = read_meshes(tmp_path / "out")
    assert {mesh.side.value for mesh in meshes} == {side}
    assert chirality(meshes) == sign
    assert "sampling 1/1" in child.stderr
    assert "\x1b" not in child.stderr


@pytest.mark.usefixtures("phantom")
def test_that_the_same_run_twice_gives_the_same_files(films: tuple[str, str], tmp_path: Path) -> None:
    results = []
    for name in ("one", "two"):
        assert main(["generate", *films, "--out", str(tmp_path / name)]) == 0
        files = {path: (tmp_path / name / path).read_bytes() for path in RESULT - {"meshes"}}
        report = json.loads(files["report.json"])
        del report["timings"]
        results.append(files | {"report.json": report})
    assert results[0] == results[1]


@pytest.mark.usefixtures("phantom")
def test_that_an_earlier_result_is_replaced_and_anything_else_is_not(films: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "result"
    assert main(["generate", *films, "--out", str(out)]) == 0
    (out / "meshes" / "femur.stl").write_bytes(b"stale")
    assert main(["generate", *films, "--out", str(out)]) == 0
    assert len((out / "meshes" / "femur.stl").read_bytes()) > 1000
    (out / "thesis.tex").write_text("precious")
    assert main(["generate", *films, "--out", str(out)]) == 2
    assert (out / "thesis.tex").read_text() == "precious"


@pytest.mark.usefixtures("phantom")
def test_that_no_output_holds_patient_data(tmp_path: Path) -> None:
    canaries = {"PatientName": "Canary^Bird", "PatientID": "CANARY-1", "PatientBirthDate": "19010203"}
    ap, lat = saved(tmp_path, film(**canaries), "ap.dcm"), saved(tmp_path, lateral(**canaries), "lateral.dcm")
    out = tmp_path / "out"
    assert main(["generate", str(ap), str(lat), "--out", str(out)]) == 0
    content = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file()).lower()
    assert not any(word in content for word in (b"canary", b"bird", b"19010203"))


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_that_an_interrupt_in_the_network_leaves_nothing(
    number: signal.Signals, status: int, films: tuple[str, str], tmp_path: Path, repository: Path
) -> None:
    words = [*program("endless_job"), "generate", *films, "--out", str(tmp_path / "out")]
    words[2] = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)" + words[2]
    with subprocess.Popen(words, cwd=repository, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr
        while "sampling 3/" not in child.stderr.readline():
            assert child.poll() is None
        os.kill(child.pid, number)
        assert "Traceback" not in child.stderr.read()
        assert child.wait(10) == status
    assert names(tmp_path) == {"films", "films/ap.dcm", "films/lateral.dcm"}


@pytest.mark.slow
def test_that_the_shipped_model_turns_the_sample_films_into_a_knee_in_a_fresh_process(
    tmp_path: Path, repository: Path
) -> None:
    films = [repository / "assets" / "sample-case" / name for name in ("ap.dcm", "lateral.dcm")]
    if not (repository / "assets" / "models" / "compact").is_dir() or not all(film.exists() for film in films):
        pytest.skip("the source tree has no shipped model or sample case")
    words = [sys.executable, "-c", "import sys; from app.cli import main; sys.exit(main())", "generate"]
    words += [*map(str, films), "--out", str(tmp_path / "out")]
    child = subprocess.run(words, cwd=repository, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    assert names(tmp_path / "out") == RESULT
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["sampler"]["evaluations"] <= 20
    assert all(bone["watertight"] and bone["components"] == 1 for bone in report["meshes"]["bones"].values())
    expected = {"L": -1, "R": 1}[report["inputs"][0]["side"]]
    assert chirality(read_meshes(tmp_path / "out")) == expected
