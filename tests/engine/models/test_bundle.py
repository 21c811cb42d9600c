import hashlib
import itertools
import json
import pickle
import random
import subprocess
from dataclasses import replace
from functools import cache

import pytest
import torch
from safetensors.torch import save

from engine.domain import DamagedModel, MachineFailure, RefusedInput
from engine.models.bundle import (
    CARD,
    DIGEST,
    MANIFEST,
    STORED_DTYPES,
    WEIGHTS,
    bundle_files,
    read_bundle,
    write_bundle,
)
from engine.models.loaded import load_model
from engine.models.manifest import Manifest
from engine.models.network import Network
from engine.models.presets import PRESETS, ConditioningMode
from engine.models.schedule import Schedule

SMALL = replace(
    PRESETS["tiny"],
    name="small",
    outers=PRESETS["tiny"].outers[:1],
    conditioning=ConditioningMode.CROSS_ATTENTION,
)
MANIFEST_VALUE = Manifest(
    id="small-test",
    version="0.1.0",
    licence="Apache-2.0",
    network=SMALL,
    schedule=Schedule(shift_power=2.0),
    training={"steps": 10, "cohort": "phantoms"},
    scores={"dice": 0.5},
)
CARD_TEXT = "# small-test\nFor tests only.\n"


@cache
def weights():
    torch.manual_seed(0)
    dtypes = itertools.cycle(STORED_DTYPES)
    return {name: tensor.to(next(dtypes)) for name, tensor in Network(SMALL).state_dict().items()}


FIRST = min(weights())


def rewritten(folder, change):
    """Apply `change` to the manifest and make the chain of digests whole again: a deliberate maker, not an accident."""
    content = json.loads((folder / MANIFEST).read_bytes())
    for name in (WEIGHTS, CARD):
        data = (folder / name).read_bytes()
        content["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    change(content)
    sealed(folder, json.dumps(content).encode())


def sealed(folder, text):
    (folder / MANIFEST).write_bytes(text)
    (folder / DIGEST).write_bytes(f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode())


@pytest.fixture
def folder(tmp_path):
    write_bundle(tmp_path / "bundle", MANIFEST_VALUE, weights(), CARD_TEXT)
    return tmp_path / "bundle"


def test_that_a_bundle_read_is_the_bundle_written(folder):
    bundle = read_bundle(folder)
    assert bundle.manifest == MANIFEST_VALUE
    assert bundle.model_card == CARD_TEXT
    assert set(bundle.weights) == set(weights())
    for name, tensor in weights().items():
        assert bundle.weights[name].dtype == tensor.dtype
        assert torch.equal(bundle.weights[name], tensor)


def test_that_the_same_weights_make_the_same_bytes_in_any_order():
    forward, backward = weights(), dict(reversed(weights().items()))
    assert bundle_files(MANIFEST_VALUE, forward, CARD_TEXT) == bundle_files(MANIFEST_VALUE, backward, CARD_TEXT)


def test_that_coreutils_can_check_the_manifest(folder):
    subprocess.run(["sha256sum", "-c", "--strict", DIGEST], cwd=folder, check=True, capture_output=True)


def flipped(path, bit):
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)


def test_that_one_flipped_bit_anywhere_is_found(folder):
    source = random.Random(0)
    for name, count in ((MANIFEST, 1000), (DIGEST, None), (CARD, None), (WEIGHTS, 400)):
        path = folder / name
        whole = path.read_bytes()
        for byte in range(len(whole)) if count is None else source.sample(range(len(whole)), count):
            bit = 8 * byte + source.randrange(8)
            flipped(path, bit)
            with pytest.raises(DamagedModel) as refusal:
                read_bundle(folder)
            assert "; copy the bundle again" in str(refusal.value)
            assert str(folder) in str(refusal.value)
            path.write_bytes(whole)
    read_bundle(folder)


@pytest.mark.parametrize("name", [MANIFEST, DIGEST, CARD, WEIGHTS])
@pytest.mark.parametrize("end", ["cut", "longer", "empty"])
def test_that_a_file_of_another_length_is_found(folder, name, end):
    data = (folder / name).read_bytes()
    (folder / name).write_bytes({"cut": data[:-1], "longer": data + b"\0", "empty": b""}[end])
    with pytest.raises(DamagedModel, match=name.replace(".", r"\.")):
        read_bundle(folder)


@pytest.mark.parametrize("name", [DIGEST, CARD, WEIGHTS])
def test_that_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(DamagedModel, match=f"{name}: is missing"):
        read_bundle(folder)


def test_that_a_folder_without_a_manifest_is_no_bundle(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RefusedInput, match="no model bundle"):
            read_bundle(path)


@pytest.mark.parametrize("name", ["weights.pkl", "__init__.py", ".hidden", "more.safetensors"])
def test_that_a_file_the_manifest_does_not_know_is_refused(folder, name):
    (folder / name).write_bytes(b"")
    with pytest.raises(DamagedModel, match="not part of a model bundle; remove it"):
        read_bundle(folder)


@pytest.mark.parametrize("name", [DIGEST, WEIGHTS])
def test_that_a_link_out_of_the_folder_is_refused(folder, name):
    (folder / name).rename(folder.parent / "elsewhere")
    (folder / name).symlink_to("../elsewhere")
    with pytest.raises(DamagedModel, match="is a link"):
        read_bundle(folder)


class Shell:
    def __reduce__(self):
        return print, ("code ran",)


def test_that_a_pickle_called_safetensors_is_refused_and_not_run(folder, capsys):
    (folder / WEIGHTS).write_bytes(pickle.dumps(Shell()))
    with pytest.raises(DamagedModel):
        read_bundle(folder)
    rewritten(folder, lambda content: None)
    with pytest.raises(DamagedModel, match=r"weights\.safetensors: is not safetensors"):
        read_bundle(folder)
    assert capsys.readouterr().out == ""


def test_that_a_torch_checkpoint_called_safetensors_is_refused(folder):
    torch.save(weights(), folder / WEIGHTS)
    rewritten(folder, lambda content: None)
    with pytest.raises(DamagedModel, match="is not safetensors"):
        read_bundle(folder)


def with_value(name, value):
    return lambda content: content.__setitem__(name, value)


@pytest.mark.parametrize(
    "change",
    [
        with_value("format", "other"),
        with_value("id", "../../etc"),
        with_value("id", 7),
        with_value("licence", ""),
        with_value("network", [1, 2]),
        with_value("network", {"name": "small"}),
        with_value("training", [1, 2]),
        lambda content: content["network"].__setitem__("conditioning", "telepathy"),
        lambda content: content["network"]["inner"].__setitem__("unknown", 1),
        with_value("schedule", {"shift_power": 3.0, "log_snr_min": 1e999, "log_snr_max": 10.0}),
        with_value("schedule", {"power": 3.0}),
        with_value("files", []),
        lambda content: content["files"].__setitem__("../weights.safetensors", {"sha256": "0", "size": 1}),
        lambda content: content["files"].__setitem__(WEIGHTS, "weights.safetensors"),
        lambda content: content["files"].pop(CARD),
        lambda content: content["files"][WEIGHTS].__setitem__("size", 1e999),
        lambda content: content.pop("training"),
    ],
)
def test_that_a_manifest_with_a_wrong_value_is_refused(folder, change):
    rewritten(folder, change)
    with pytest.raises(DamagedModel, match="not a manifest that Genu can read"):
        read_bundle(folder)


@pytest.mark.parametrize("size", [-1, 0, 10**30])
def test_that_a_size_no_file_has_is_refused_before_reading(folder, size):
    rewritten(folder, lambda content: content["files"][WEIGHTS].__setitem__("size", size))
    with pytest.raises(DamagedModel, match=f"the manifest says {size}"):
        read_bundle(folder)


@pytest.mark.parametrize("text", [b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000])
def test_that_a_manifest_that_is_not_a_table_is_refused(folder, text):
    sealed(folder, text)
    with pytest.raises(DamagedModel, match="not a manifest that Genu can read"):
        read_bundle(folder)


def test_that_a_newer_format_asks_for_a_newer_genu(folder):
    rewritten(folder, with_value("format_version", 99))
    with pytest.raises(RefusedInput, match="has bundle format 99"):
        read_bundle(folder)


@pytest.mark.parametrize("change", [lambda w: w * float("nan"), lambda w: w.long(), lambda w: w.double()])
def test_that_weights_which_are_not_finite_floats_are_neither_written_nor_read(folder, change):
    bad = weights() | {FIRST: change(weights()[FIRST])}
    with pytest.raises(ValueError, match="not finite"):
        bundle_files(MANIFEST_VALUE, bad, CARD_TEXT)
    (folder / WEIGHTS).write_bytes(save(bad))
    rewritten(folder, lambda content: None)
    with pytest.raises(DamagedModel, match=f"holds {FIRST} as .*not finite"):
        read_bundle(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.pop(FIRST),
        lambda w: w.update({FIRST: torch.zeros(1, 2, 3)}),
        lambda w: w.update({"another": torch.zeros(1)}),
    ],
)
def test_that_weights_of_another_network_are_refused_by_the_first_name_that_differs(folder, change):
    other = dict(weights())
    change(other)
    (folder / WEIGHTS).write_bytes(save(other))
    rewritten(folder, lambda content: None)
    with pytest.raises(DamagedModel, match=r"weights\.safetensors: holds \S+ as .*, the manifest's network as"):
        read_bundle(folder)


def test_that_a_configuration_no_network_has_is_refused(folder):
    rewritten(folder, lambda content: content["network"]["inner"].__setitem__("channels", [-8, 8, 8]))
    with pytest.raises(DamagedModel, match="a network that Genu cannot build"):
        read_bundle(folder)


def test_that_a_loaded_model_has_the_weights_of_its_bundle_in_float32(folder):
    model = load_model(folder)
    assert isinstance(model.network, Network)
    assert not model.network.training
    assert (model.id, model.version, model.sizes) == ("small-test", "0.1.0", (8, 16))
    assert model.schedule == MANIFEST_VALUE.schedule
    assert model.sha256 == hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    for name, tensor in model.network.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, weights()[name].float())


def test_that_a_bundle_never_replaces_what_is_there(folder):
    before = (folder / MANIFEST).read_bytes()
    with pytest.raises(RefusedInput, match="exists already"):
        write_bundle(folder, MANIFEST_VALUE, {}, "")
    assert (folder / MANIFEST).read_bytes() == before


def test_that_a_bundle_which_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(MachineFailure, match="cannot be written"):
        write_bundle(tmp_path / "file" / "bundle", MANIFEST_VALUE, weights(), CARD_TEXT)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_that_a_full_disk_leaves_no_part_of_a_bundle(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.models.bundle.os.fsync", full)
    with pytest.raises(MachineFailure, match="No space left"):
        write_bundle(tmp_path / "bundle", MANIFEST_VALUE, weights(), CARD_TEXT)
    assert list(tmp_path.iterdir()) == []
