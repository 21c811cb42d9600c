"""Genu's own volumes back from their bytes."""

import gzip

import numpy as np
import pytest

from engine.domain import RefusedInput, Volume
from engine.io.nifti import HEADER, label_nifti_bytes, nifti_bytes, read_nifti
from engine.io.own_nifti import volume_from

AFFINE = np.array([[0.0, -1.5, 0, 11], [2.0, 0, 0, -7], [0, 0, -0.5, 3], [0, 0, 0, 1]])


def volume(low: int = -1000, high: int = 3000) -> Volume:
    return Volume(np.random.default_rng(1).integers(low, high, (5, 6, 7)).astype(np.int16), AFFINE)


@pytest.mark.parametrize(("made", "written"), [(volume(), nifti_bytes), (volume(0, 5), label_nifti_bytes)])
def test_that_a_volume_comes_back_and_nibabel_reads_the_same(made, written, tmp_path):
    content = written(made)
    back = volume_from(content, "ct.nii.gz")
    (tmp_path / "ct.nii.gz").write_bytes(content)
    other = read_nifti(tmp_path / "ct.nii.gz")
    for read in (back, other):
        assert np.array_equal(read.hu, made.hu)
        assert np.allclose(read.lps_from_ijk, made.lps_from_ijk)


def damaged(change) -> bytes:
    header = bytearray(gzip.decompress(nifti_bytes(volume())))
    change(header)
    return gzip.compress(bytes(header))


def at(name: str) -> int:
    return int(HEADER.fields[name][1])


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.__setitem__(at("datatype"), 16),
        lambda file: file.__setitem__(at("magic"), 0),
        lambda file: file.__setitem__(at("dim"), 4),
        lambda file: file.__setitem__(at("dim") + 2, 200),
        lambda file: file.__delitem__(slice(-3, None)),
        lambda file: file.__delitem__(slice(100, None)),
    ],
)
def test_that_what_genu_did_not_write_is_refused_by_name(change):
    with pytest.raises(RefusedInput, match=r"ct\.nii\.gz"):
        volume_from(damaged(change), "ct.nii.gz")


@pytest.mark.parametrize("content", [b"", b"not gzip", nifti_bytes(volume())[:-10]])
def test_that_what_is_not_whole_is_refused_by_name(content: bytes):
    with pytest.raises(RefusedInput, match=r"ct\.nii\.gz"):
        volume_from(content, "ct.nii.gz")
