"""A model from a file: verified to the last byte, whole or not at all."""

import errno
import shutil
import zipfile
from pathlib import Path

import pytest

from app.jobs import install_model as module
from app.jobs.install_model import PARTS, install_model
from app.jobs.models import model_folder, model_folders, models_at_hand
from engine.domain import DamagedModel, MachineFailure, RefusedInput
from engine.models.bundle import read_bundle
from engine.progress import drain
from tests.app.jobs.tiny_model import write_tiny

KEY = "untrained-0.1.0"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "source" / "tiny")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def zipped(bundle: Path, path: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in PARTS:
            archive.write(bundle / name, f"{inside}{name}")
    return path


@pytest.mark.parametrize("kind", ["folder", "manifest", "zip", "zip with a folder"])
def test_that_a_bundle_is_installed_whole_and_can_be_chosen(kind: str, bundle: Path, models: Path) -> None:
    source = {
        "folder": lambda: bundle,
        "manifest": lambda: bundle / "manifest.json",
        "zip": lambda: zipped(bundle, bundle.parent / "tiny.zip"),
        "zip with a folder": lambda: zipped(bundle, bundle.parent / "tiny.zip", "tiny/"),
    }[kind]()
    assert drain(install_model(source, models)) == KEY
    assert {path.name for path in models.iterdir()} == {KEY}
    assert read_bundle(models / KEY).sha256 == read_bundle(bundle).sha256
    assert model_folder(KEY, models) == models / KEY
    assert KEY in [entry.key for entry in models_at_hand(models)]


def test_that_a_model_is_installed_once(bundle: Path, models: Path) -> None:
    drain(install_model(bundle, models))
    with pytest.raises(RefusedInput, match="installed already"):
        drain(install_model(bundle, models))
    assert {path.name for path in models.iterdir()} == {KEY}


def damaged(bundle: Path) -> Path:
    data = bytearray((bundle / "weights.safetensors").read_bytes())
    data[len(data) // 2] ^= 1
    (bundle / "weights.safetensors").write_bytes(data)
    return bundle


def incomplete(bundle: Path) -> Path:
    (bundle / "model_card.md").unlink()
    return bundle


def linked(bundle: Path) -> Path:
    (bundle / "model_card.md").unlink()
    (bundle / "model_card.md").symlink_to("/etc/hostname")
    return bundle


def no_archive(bundle: Path) -> Path:
    (bundle.parent / "model.zip").write_bytes(b"PK no archive")
    return bundle.parent / "model.zip"


def with_more(bundle: Path) -> Path:
    path = zipped(bundle, bundle.parent / "more.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("run_me.py", "print(1)")
    return path


def climbing(bundle: Path) -> Path:
    path = bundle.parent / "climbing.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in PARTS:
            archive.write(bundle / name, f"../../{name}" if name == PARTS[0] else name)
    return path


def cut(bundle: Path) -> Path:
    path = zipped(bundle, bundle.parent / "cut.zip")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("harm", [damaged, incomplete, linked, no_archive, with_more, climbing, cut])
def test_that_what_is_no_whole_model_is_a_sentence_and_leaves_nothing(harm, bundle: Path, models: Path) -> None:
    source = harm(bundle)
    with pytest.raises((RefusedInput, DamagedModel)) as refusal:
        drain(install_model(source, models))
    assert "\n" not in str(refusal.value)
    assert list(models.iterdir()) == []
    assert set(model_folders(models)) & {KEY} == set()


def test_that_a_full_disk_is_a_sentence_and_leaves_nothing(bundle: Path, models: Path, monkeypatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.shutil, "copyfileobj", full)
    with pytest.raises(MachineFailure, match="No space left"):
        drain(install_model(bundle, models))
    assert list(models.iterdir()) == []


def test_that_a_disk_without_room_is_told_before_copying(bundle: Path, models: Path, monkeypatch) -> None:
    monkeypatch.setattr(module.shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    with pytest.raises(MachineFailure, match="make room"):
        drain(install_model(bundle, models))


def test_that_what_a_killed_installation_left_is_swept(bundle: Path, models: Path) -> None:
    (models / ".incoming-abc" / "bundle").mkdir(parents=True)
    assert model_folders(models).keys() & {".incoming-abc"} == set()
    drain(install_model(bundle, models))
    assert {path.name for path in models.iterdir()} == {KEY}
