"""Every bad input of the command line: its status, one sentence that names the file, and nothing left behind."""

import io
import os
import pickle
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from pydicom.dataset import Dataset

from app.cli import generate, main
from app.cli.options import millimetres, spacing_mm
from engine.models.bundle import MANIFEST, WEIGHTS, write_bundle
from engine.models.manifest import Manifest
from engine.models.network import Network
from engine.models.presets import PRESETS
from tests.engine.io.film_files import CT, encoded, film, lateral, wedge

RGB = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}


def with_spacing(text: bytes) -> bytes:
    dataset = film(ImagerPixelSpacing=None)
    dataset.add_new(0x00181164, "LO", text.decode())  # a value that pydicom would not write as DS
    return encoded(dataset)


# name: AP film, lateral film, what the sentence names (words that all have to be there)
BAD_FILMS: dict[str, tuple[bytes | Dataset, bytes | Dataset, tuple[str, ...]]] = {
    "truncated": (encoded(film())[:-1000], lateral(), ("ap.dcm",)),
    "empty": (b"", lateral(), ("ap.dcm",)),
    "non-DICOM": (b"%PDF-1.7 a letter", lateral(), ("ap.dcm",)),
    "multi-frame": (film(NumberOfFrames="2"), lateral(), ("ap.dcm", "2 frames")),
    "RGB": (film(wedge().view(np.uint8), **RGB), lateral(), ("ap.dcm", "RGB")),
    "spacing nan": (with_spacing(b"nan\\nan "), lateral(), ("ap.dcm", "nan")),
    "spacing zero": (film(ImagerPixelSpacing=["0", "0"]), lateral(), ("ap.dcm", "0, 0")),
    "spacing of three": (film(ImagerPixelSpacing=["0.3", "0.3", "0.3"]), lateral(), ("ap.dcm", "0.3, 0.3, 0.3")),
    "no spacing": (film(ImagerPixelSpacing=None), lateral(), ("ap.dcm", "--spacing")),
    "more rows than pixels": (film(Rows=49), lateral(), ("ap.dcm", "49 x 64")),
    "two patients": (film(), lateral(PatientID="P2"), ("ap.dcm", "lateral.dcm", "patients")),
    "two APs": (film(), film(wedge()[::-1].copy()), ("ap.dcm", "lateral.dcm", "AP")),
    "left with right": (film(), lateral(ImageLaterality="L"), ("ap.dcm", "lateral.dcm", "sides")),
    "no side": (film(ImageLaterality=None), lateral(), ("ap.dcm", "--side")),
    "no view": (film(ViewPosition=None), lateral(), ("ap.dcm", "--ap FILE and --lateral FILE")),
    "swapped views": (lateral(), film(), ("ap.dcm", "lateral.dcm", "swapped")),
    "CT slice": (film(SOPClassUID=CT, Modality="CT"), lateral(), ("ap.dcm", "CT Image Storage")),
    "lateral truncated": (film(), encoded(lateral())[:-1000], ("lateral.dcm",)),
}


def saved_pair(folder: Path, ap: bytes | Dataset, other: bytes | Dataset) -> list[str]:
    folder.mkdir()
    paths = [folder / "ap.dcm", folder / "lateral.dcm"]
    for path, content in zip(paths, (ap, other), strict=True):
        path.write_bytes(content if isinstance(content, bytes) else encoded(content))
    return [str(path) for path in paths]


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on standard error besides progress: one line."""
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("genu: ")]
    assert len(said) == 1
    return said[0]


def files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.usefixtures("phantom")
@pytest.mark.parametrize("case", BAD_FILMS)
def test_that_films_that_are_no_pair_end_with_status_two_and_no_output(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    *pair, words = BAD_FILMS[case]
    films = saved_pair(tmp_path / "films", *pair)
    before = files(tmp_path)
    assert main(["generate", *films, "--out", str(tmp_path / "out")]) == 2
    said = sentence(capsys)
    assert all(word in said for word in words)
    assert "Canary" not in said
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["missing.dcm", "lateral.dcm"], "missing.dcm"),
        (["--ap", "ap.dcm"], "an AP and a lateral film"),
        (["ap.dcm", "lateral.dcm", "extra.dcm"], "extra.dcm is a third film"),
        (["ap.dcm", "ap.dcm"], "same file"),
        (["ap.dcm", "lateral.dcm", "--resolution", "512"], "--resolution 512"),
        (["ap.dcm", "lateral.dcm", "--model", "nowhere"], "nowhere"),
        (["ap.dcm", "lateral.dcm", "--spacing", "5"], "[0.02, 2]"),
    ],
)
def test_that_a_wrong_request_is_refused_before_any_work(
    words: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved_pair(tmp_path / "films", film(), lateral())
    monkeypatch.chdir(tmp_path / "films")
    if "--model" not in words:
        monkeypatch.setattr(generate, "model_folder", lambda name: tmp_path)
    assert main(["generate", *words, "--out", "out"]) == 2
    assert expected in sentence(capsys)
    assert not (tmp_path / "films" / "out").exists()


@pytest.mark.parametrize("text", ["nan", "inf", "0", "-1", "1_0", "", "a", "1,2,3", "0.1,nan"])
def test_that_a_length_on_the_command_line_is_never_guessed(text: str) -> None:
    with pytest.raises(Exception, match=r"not a (positive )?number|neither MM"):
        spacing_mm(text)


def test_that_lengths_are_read_as_row_and_column() -> None:
    assert (spacing_mm("0.15"), spacing_mm("0.1,0.2"), millimetres("3")) == ((0.15, 0.15), (0.1, 0.2), 3.0)


# Places for --out, and what they hold.


def a_file(folder: Path) -> Path:
    (folder / "out").write_text("mine")
    return folder / "out"


def below_a_file(folder: Path) -> Path:
    return a_file(folder) / "deeper"


def a_full_folder(folder: Path) -> Path:
    (folder / "out").mkdir()
    (folder / "out" / "thesis.tex").write_text("mine")
    return folder / "out"


def a_place_of_the_kernel(folder: Path) -> Path:
    return Path("/proc/genu-result")


def an_endless_name(folder: Path) -> Path:
    return folder / ("n" * 300)


@pytest.mark.parametrize("place", [a_file, below_a_file, a_full_folder, a_place_of_the_kernel, an_endless_name])
def test_that_a_place_that_cannot_be_written_is_refused_before_the_network_runs(
    place: Callable[[Path], Path],
    films: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(generate, "knee_job", None)
    out = place(tmp_path)
    before = {path: path.read_bytes() for path in files(tmp_path) if path.is_file()}
    assert main(["generate", *films, "--out", str(out)]) == 2
    assert out.name[:200] in sentence(capsys) or out.parent.name in sentence(capsys)
    assert {path: path.read_bytes() for path in files(tmp_path) if path.is_file()} == before


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small file system of its own; skips where this user may not mount one."""
    folder.mkdir()
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "genu-test", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_that_a_read_only_disk_is_refused_before_the_network_runs(
    films: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "knee_job", None)
    with mounted(tmp_path / "disk", "ro,size=100m") as disk:
        assert main(["generate", *films, "--out", str(disk / "out")]) == 2
    assert "out cannot be written" in sentence(capsys)


def test_that_a_disk_without_room_is_told_before_the_network_runs(
    films: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "knee_job", None)
    with mounted(tmp_path / "disk", "size=200k") as disk:
        assert main(["generate", *films, "--out", str(disk / "out")]) == 1
        assert not files(disk)
    assert "MiB free" in sentence(capsys)


@pytest.mark.usefixtures("phantom")
def test_that_a_disk_that_fills_up_while_writing_leaves_nothing(
    films: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "NEEDED_BYTES", 0)
    with mounted(tmp_path / "disk", "size=40k") as disk:
        assert main(["generate", *films, "--out", str(disk / "deep" / "out")]) == 1
        assert not files(disk)
    assert "the disk is full" in sentence(capsys)


@pytest.mark.usefixtures("phantom")
def test_that_a_limit_on_file_size_leaves_nothing(
    films: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = files(tmp_path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        status = main(["generate", *films, "--out", str(tmp_path / "out")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert status == 1
    assert "size limit" in sentence(capsys)
    assert files(tmp_path) == before


# Model bundles.


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files of an untrained bundle of the test preset."""
    folder = tmp_path_factory.mktemp("bundles") / "tiny"
    torch.manual_seed(0)
    spec = PRESETS["tiny"]
    manifest = Manifest(id="tiny", version="0.0.1", licence="Apache-2.0", network=spec)
    write_bundle(folder, manifest, Network(spec).state_dict(), "Untrained; for tests.\n")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def a_pickle() -> bytes:
    return pickle.dumps({"weights": [1.0, 2.0]})


def a_torch_file() -> bytes:
    stream = io.BytesIO()
    torch.save({"weights": torch.zeros(2)}, stream)
    return stream.getvalue()


# name: changed files (None removes), file that the sentence names
BAD_BUNDLES: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes | None]], str]] = {
    "a flipped bit in a weight": (lambda b: {WEIGHTS: flipped(b[WEIGHTS], 8 * len(b[WEIGHTS]) - 5)}, WEIGHTS),
    "a flipped bit in the header": (lambda b: {WEIGHTS: flipped(b[WEIGHTS], 100)}, WEIGHTS),
    "a flipped bit in the manifest": (lambda b: {MANIFEST: flipped(b[MANIFEST], 801)}, MANIFEST),
    "a flipped bit in the card": (lambda b: {"model_card.md": flipped(b["model_card.md"], 9)}, "model_card.md"),
    "a pickle in the weights' place": (lambda b: {WEIGHTS: a_pickle()}, WEIGHTS),
    "a torch file in the weights' place": (lambda b: {WEIGHTS: a_torch_file()}, WEIGHTS),
    "a pickle besides": (lambda b: {"extra.pkl": a_pickle()}, "extra.pkl"),
    "truncated weights": (lambda b: {WEIGHTS: b[WEIGHTS][:-1]}, WEIGHTS),
    "no weights": (lambda b: {WEIGHTS: None}, WEIGHTS),
    "no manifest": (lambda b: {MANIFEST: None}, MANIFEST),
}


@pytest.mark.parametrize("case", BAD_BUNDLES)
def test_that_a_damaged_model_ends_with_status_two_and_no_output(
    case: str,
    bundle: dict[str, bytes],
    films: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change, named = BAD_BUNDLES[case]
    folder = tmp_path / "model"
    folder.mkdir()
    for name, content in (bundle | change(bundle)).items():
        if content is not None:
            (folder / name).write_bytes(content)
    before = files(tmp_path)
    assert main(["generate", *films, "--model", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert named in sentence(capsys)
    assert files(tmp_path) == before


def test_that_an_untrained_model_gives_no_result(
    bundle: dict[str, bytes], films: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for name, content in bundle.items():
        (folder / name).write_bytes(content)
    words = ["generate", *films, "--model", str(folder), "--steps", "1", "--out", str(tmp_path / "out")]
    assert main(words) == 1
    sentence(capsys)
    assert not (tmp_path / "out").exists()
