"""Shards: the same cases give the same bytes, any case is read alone, and what was damaged is named."""

import tarfile

import numpy as np
import pytest

from engine.domain import RefusedInput
from training.loop.dataset import CaseFolder
from training.prepare.case_store import case_store
from training.prepare.manifest import MANIFEST, CaseFacts, Manifest, read_manifest
from training.prepare.shard_reader import check_shards
from training.prepare.shard_writer import batches, seal, sealed_shards

KEYS = ("aa-R-0", "bb-L-0", "cc-R-0")


def arrays_of(n: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(n)
    return {"hu_64": rng.integers(-1000, 2000, (4, 4, 4)).astype(np.int16), "sod_mm": rng.random(2, np.float32)}


def sealed(place):
    """A work folder with three cases, put into shards of two cases and of one; the split's folder."""
    work, folder = place / "work", place / "train"
    work.mkdir(parents=True)
    facts = [CaseFacts(key, key[:2], "p", "s", key[3], (0.5, 1.0), "given") for key in KEYS]
    for n, key in enumerate(KEYS):
        np.savez(work / f"{key}.npz", **arrays_of(n))
    size = (work / f"{KEYS[0]}.npz").stat().st_size
    shards = [seal(batch, work, folder, n) for n, batch in enumerate(list(batches(facts, work, 2 * size)))]
    (folder / MANIFEST).write_bytes(Manifest("train", tuple(shards)).json())
    return folder


@pytest.fixture
def folder(tmp_path):
    return sealed(tmp_path)


def test_that_every_case_comes_back_from_its_place(folder):
    store = case_store(folder)
    assert len(store) == 3
    for n in (2, 0, 1):
        with store.case(n) as case:
            assert set(case) == set(arrays_of(n))
            for name, array in arrays_of(n).items():
                np.testing.assert_array_equal(case[name], array)


def test_that_a_shard_is_a_tar_of_samples_that_others_can_read(folder):
    assert [len(shard.cases) for shard in read_manifest(folder).shards] == [2, 1]
    with tarfile.open(folder / "shard-00000.tar") as tar:
        assert {member.name.split(".")[0] for member in tar} == set(KEYS[:2])
        assert all(member.name.endswith(".npy") for member in tar)


def test_that_the_same_cases_give_the_same_bytes(tmp_path):
    one, other = sealed(tmp_path / "one"), sealed(tmp_path / "other")
    for name in (MANIFEST, "shard-00000.tar", "shard-00001.tar"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_that_sealed_cases_are_recorded_and_their_own_files_gone(folder):
    work = folder.parent / "work"
    assert sealed_shards(work, "train") == list(read_manifest(folder).shards)
    assert not list(work.glob("*.npz"))


def test_that_one_flipped_bit_is_named_by_the_check_and_by_the_reader(folder):
    path = folder / "shard-00000.tar"
    content = bytearray(path.read_bytes())
    at, size, _ = read_manifest(folder).shards[0].cases[1].arrays["hu_64"]
    content[at + size - 1] ^= 1
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match=r"shard-00000\.tar") as refusal:
        list(check_shards(folder))
    assert "shard-00001" not in str(refusal.value)
    store = case_store(folder)
    with store.case(0) as whole:
        np.testing.assert_array_equal(whole["hu_64"], arrays_of(0)["hu_64"])
    with pytest.raises(RefusedInput, match="damaged at case bb-L-0"), store.case(1) as case:
        case["hu_64"]


def test_that_a_shard_cut_short_or_missing_is_named_at_once(folder):
    path = folder / "shard-00001.tar"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RefusedInput, match=r"shard-00001\.tar is missing or not"):
        CaseFolder.of(folder, 0)
    path.unlink()
    with pytest.raises(RefusedInput, match=r"shard-00001\.tar is missing or not"):
        CaseFolder.of(folder, 0)
