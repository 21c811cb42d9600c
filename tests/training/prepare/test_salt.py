"""Hashes in place of names: no patient and no site in two splits, and nothing moves when more is added."""

import pytest

from engine.domain import RefusedInput
from training.prepare.salt import SPLITS, Salt, split_of, units

SALT = Salt(b"s" * 64)


def test_that_a_salt_is_made_once_and_read_again(tmp_path):
    one, same = (Salt.of(tmp_path / "salt") for _ in range(2))
    assert one.hash("patient", "Doe") == same.hash("patient", "Doe")
    assert one.hash("patient", "Doe") != Salt.of(tmp_path / "other").hash("patient", "Doe")
    assert one.hash("patient", "1") != one.hash("site", "1")


def test_that_a_file_that_is_no_salt_is_refused(tmp_path):
    (tmp_path / "salt").write_text("short")
    with pytest.raises(RefusedInput, match="is no salt"):
        Salt.of(tmp_path / "salt")


def test_that_splits_have_their_shares():
    splits = [split_of(SALT, str(n), (0.8, 0.1, 0.1)) for n in range(5000)]
    for split, share in zip(SPLITS, (0.8, 0.1, 0.1), strict=True):
        assert abs(splits.count(split) / 5000 - share) < 0.02


def test_that_patients_of_one_site_and_sites_of_one_patient_stay_together():
    pairs = [("anna", "north"), ("bert", "north"), ("bert", "south"), ("carl", "south"), ("dora", "west")]
    by_site = units(pairs, by_site=True)
    assert len({by_site[pair] for pair in pairs[:4]}) == 1
    assert by_site[pairs[4]] != by_site[pairs[0]]
    alone = units(pairs, by_site=False)
    assert len(set(alone.values())) == 4
    assert alone[pairs[1]] == alone[pairs[2]]
