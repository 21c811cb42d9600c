"""`genu export`: what generate wrote, in another format."""

import hashlib
import json
from argparse import Namespace
from pathlib import Path

import pytest
import trimesh

from app.cli.export import add_export_command
from app.cli.program import Parser
from engine.domain import RefusedInput, Side
from export.formats import FORMATS
from tests.generated_knee import CASE, knee_files


@pytest.fixture(params=Side, ids=lambda side: side.word)
def knee(request, tmp_path: Path) -> tuple[Side, Path]:
    folder = tmp_path / "knee"
    for name, content in knee_files(request.param).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return request.param, folder


def parsed(*words: object) -> Namespace:
    parser = Parser(prog="genu")
    add_export_command(parser.add_subparsers(parser_class=Parser))
    return parser.parse_args(["export", *map(str, words)])


def export(*words: object) -> int:
    arguments = parsed(*words)
    return arguments.run(arguments)


@pytest.mark.parametrize("form", FORMATS)
def test_that_every_format_is_written_with_a_manifest(knee, tmp_path, form, capsys):
    side, folder = knee
    assert export(folder, "--format", form, "--out", tmp_path / "out") == 0
    told = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert (told["case"], told["side"]) == (CASE, side.word)
    assert told["generated"]["sampler"]["seed"] == 4711
    said = capsys.readouterr().out
    for name, file in told["files"].items():
        data = (tmp_path / "out" / name).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert f"{file['sha256']}  {name}\n" in said
        assert trimesh.load(tmp_path / "out" / name, force="mesh").volume > 0
    assert f"4 bones of the {side.word} knee" in said


def test_that_some_bones_can_be_chosen(knee, tmp_path):
    side, folder = knee
    export(folder, "--format", "ply", "--bones", "tibia,fibula", "--out", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").glob("*.ply"))
    assert names == [f"{CASE}_{side.word}_fibula.ply", f"{CASE}_{side.word}_tibia.ply"]


@pytest.mark.parametrize("words", [("--format", "step"), ("--bones", "skull"), ()])
def test_that_wrong_words_end_with_status_two(words, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        parsed(tmp_path, "--out", tmp_path / "out", *(words if "--format" in words else (*words, "--format", "x")))
    assert end.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "report.json").unlink(), r"report\.json: cannot be read"),
        (lambda folder: (folder / "report.json").write_text("[]"), r"report\.json: is no report"),
        (lambda folder: (folder / "report.json").write_text("{"), r"report\.json: is no report"),
        (lambda folder: (folder / "report.json").write_text('{"files": {}}'), "holds no bones"),
        (lambda folder: (folder / "meshes" / "tibia.stl").unlink(), r"tibia\.stl: cannot be read"),
        (
            lambda folder: (folder / "meshes" / "tibia.stl").write_bytes(b"x" * 200),
            r"tibia\.stl: was changed since report\.json",
        ),
    ],
)
def test_that_a_result_that_is_not_whole_is_refused_by_name(knee, tmp_path, spoil, said):
    _, folder = knee
    spoil(folder)
    with pytest.raises(RefusedInput, match=said):
        export(folder, "--format", "stl", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_that_the_result_itself_is_never_replaced_by_its_export(knee):
    side, folder = knee
    with pytest.raises(RefusedInput, match="holds files already"):
        export(folder, "--format", "stl", "--out", folder)
    for name, content in knee_files(side).items():
        assert (folder / name).read_bytes() == content
