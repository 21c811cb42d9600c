"""The export job: every file read back, compared and bound by hash; nothing partial, nothing replaced."""

import hashlib
import json
import os
import resource
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import trimesh

from app.jobs import export_bones as job
from app.jobs.export_bones import ExportRequest, export_bones, folder_name
from engine.domain import Bone, BoneMesh, MachineFailure, RefusedInput, Side
from engine.progress import Progress, drain
from export.formats import FORMATS
from tests.generated_knee import phantom_meshes
from tests.phantoms import chirality

EVERY = tuple(FORMATS)
CHANGED = np.array([0.0, 0.0, 0.02])


def request(folder: Path, side: Side = Side.LEFT, formats: tuple[str, ...] = EVERY) -> ExportRequest:
    return ExportRequest("k7", phantom_meshes(side), formats, folder)


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("side", Side)
def test_that_every_file_stands_with_the_hash_that_manifest_and_result_say(tmp_path, side):
    result = drain(export_bones(request(tmp_path / "out", side)))
    told = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    bones = [bone.word for bone in Bone]
    expected = [f"k7_{side.word}_{bone}.{form}" for form in ("stl", "ply", "obj") for bone in bones]
    assert left_over(tmp_path / "out") == sorted([*expected, f"k7_{side.word}_knee.glb", "manifest.json"])
    for path in (tmp_path / "out").iterdir():
        assert result.sha256[path.name] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert {name: file["sha256"] for name, file in told["files"].items()} == {
        file.name: file.sha256 for file in result.files
    }
    assert result.manifest == tmp_path / "out" / "manifest.json"


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("form", ["stl", "ply", "obj"])
def test_that_an_outside_reader_finds_the_same_knee_on_the_same_side(tmp_path, side, form):
    drain(export_bones(request(tmp_path / "out", side, (form,))))
    read = []
    for shown in phantom_meshes(side):
        judged = trimesh.load_mesh(tmp_path / "out" / f"k7_{side.word}_{shown.bone.word}.{form}")
        assert judged.volume == pytest.approx(shown.volume_mm3, rel=1e-6)
        read.append(BoneMesh(judged.vertices, judged.faces, shown.bone, side))
    assert chirality(read) == (1 if side is Side.RIGHT else -1)


def test_that_it_tells_how_far_it_is(tmp_path):
    events = list(export_bones(request(tmp_path / "out", formats=("stl", "glb"))))
    assert events == [Progress("export", done, 6) for done in range(7)]


def test_that_papers_are_made_once_every_bone_is_checked_and_are_bound_too(tmp_path):
    seen = []

    def papers(files):
        seen.extend(files)
        return {"k7_report.pdf": b"%PDF-1.4 " + files[0].sha256.encode()}

    result = drain(export_bones(replace(request(tmp_path / "out", formats=("glb",)), papers=papers)))
    assert [file.name for file in seen] == ["k7_left_knee.glb"]
    paper = (tmp_path / "out" / "k7_report.pdf").read_bytes()
    assert seen[0].sha256.encode() in paper
    told = json.loads(result.manifest.read_bytes())
    assert told["papers"]["k7_report.pdf"]["sha256"] == hashlib.sha256(paper).hexdigest()


@pytest.mark.parametrize("stop_after", range(6))
def test_that_closing_it_at_any_step_leaves_nothing(tmp_path, stop_after):
    running = export_bones(request(tmp_path / "deep" / "out", formats=("stl",)))
    for _ in range(stop_after):
        next(running)
    running.close()
    assert left_over(tmp_path) == []


def damaged(content: bytes, path: Path, write: Callable[[bytes, Path], None]) -> None:
    if path.suffix == ".ply":
        content = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
    write(content, path)


def test_that_a_disk_that_gives_back_another_bit_is_found_and_nothing_stands(tmp_path, monkeypatch):
    write = job.write_file_atomically
    monkeypatch.setattr(job, "write_file_atomically", lambda content, path: damaged(content, path, write))
    with pytest.raises(MachineFailure, match=r"k7_left_femur\.ply was read back with other content"):
        drain(export_bones(request(tmp_path / "out")))
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda mesh: (mesh.vertices_mm * (-1, 1, 1), mesh.faces[:, ::-1]),
        lambda mesh: (mesh.vertices_mm + CHANGED, mesh.faces),
        lambda mesh: (mesh.vertices_mm * 0.001, mesh.faces),
        lambda mesh: (mesh.vertices_mm, mesh.faces[:-1]),
    ],
    ids=["mirrored", "moved", "in metres", "a triangle short"],
)
def test_that_a_writer_that_writes_something_else_is_found_and_nothing_stands(tmp_path, monkeypatch, change):
    form = FORMATS["stl"]

    def write(meshes, case):
        return form.write([BoneMesh(*change(mesh), mesh.bone, mesh.side) for mesh in meshes], case)

    monkeypatch.setitem(FORMATS, "stl", replace(form, write=write))
    with pytest.raises(MachineFailure, match=r"k7_left_femur\.stl .* unlike the screen"):
        drain(export_bones(request(tmp_path / "out")))
    assert left_over(tmp_path) == []


def test_that_bones_that_lie_like_another_side_are_refused(tmp_path):
    meshes = tuple(
        BoneMesh(mesh.vertices_mm * (-1, 1, 1), mesh.faces[:, ::-1], mesh.bone, Side.LEFT)
        for mesh in phantom_meshes(Side.LEFT)
    )
    with pytest.raises(RefusedInput, match="right knee but are called left"):
        drain(export_bones(ExportRequest("k7", meshes, EVERY, tmp_path / "out")))
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"meshes": ()}, "nothing is chosen"),
        ({"formats": ()}, "nothing is chosen"),
        ({"formats": ("step",)}, "'step' is no mesh format"),
        ({"meshes": (phantom_meshes(Side.LEFT)[0], phantom_meshes(Side.RIGHT)[1])}, "not of one knee"),
        ({"meshes": phantom_meshes(Side.LEFT)[:1] * 2}, "not of one knee"),
        ({"case": "Doe^Jane"}, "Doe\\^Jane"),
        ({"case": "../../x"}, "is not 1 to 14"),
    ],
)
def test_that_what_cannot_be_exported_is_refused_and_nothing_stands(tmp_path, changes, said):
    with pytest.raises(RefusedInput, match=said):
        drain(export_bones(replace(request(tmp_path / "out"), **changes)))
    assert left_over(tmp_path) == []


def test_that_a_folder_that_holds_something_is_never_touched(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "report.json").write_text('{"genu": "0.1.0"}')  # even an earlier result of Genu
    with pytest.raises(RefusedInput, match="mine holds files already"):
        drain(export_bones(request(folder)))
    assert left_over(tmp_path) == ["mine", "report.json"]


def test_that_a_file_that_appears_meanwhile_is_not_touched_either(tmp_path):
    running = export_bones(request(tmp_path / "out", formats=("glb",)))
    next(running)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "theirs.txt").write_text("mine")
    with pytest.raises(RefusedInput, match="out cannot be written"):
        drain(running)
    assert left_over(tmp_path) == ["out", "theirs.txt"]


def test_that_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    drain(export_bones(request(tmp_path / "out", formats=("glb",))))
    assert left_over(tmp_path / "out") == ["k7_left_knee.glb", "manifest.json"]


@contextmanager
def files_no_longer_than(size: int):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 100, 4096, 30_000, 60_000])
def test_that_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, size):
    with files_no_longer_than(size), pytest.raises(MachineFailure, match=r"could not be written: .*make room"):
        drain(export_bones(request(tmp_path / "deep" / "out")))
    assert left_over(tmp_path) == []


def test_that_a_place_where_nothing_can_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file" / "out", Path("/proc/genu/out"), tmp_path / ("n" * 300)):
        with pytest.raises((RefusedInput, MachineFailure)) as refusal:
            drain(export_bones(request(place)))
        assert "choose another place" in str(refusal.value)
    assert left_over(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_that_a_read_only_folder_is_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(RefusedInput, match="permission is denied"):
            drain(export_bones(request(tmp_path / "out")))
    finally:
        tmp_path.chmod(0o700)


def test_that_every_export_has_a_folder_of_its_own():
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert folder_name("k7", "left", at) == "k7_left_20260102-030405"
