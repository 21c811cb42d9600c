"""Volumes through NIfTI, judged by nibabel and SimpleITK."""

import gzip

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import RefusedInput, Side, Volume
from engine.geometry.model_frame import lps_grid
from engine.io.nifti import HEADER, label_nifti_bytes, nifti_bytes, read_nifti


def _volume(shape=(4, 5, 6), seed=0):
    generator = np.random.default_rng(seed)
    affine = np.eye(4)
    affine[:3, :3] = np.linalg.qr(generator.normal(size=(3, 3)))[0] * [0.5, 1.25, 2.0]
    affine[:3, 3] = generator.normal(size=3) * 100
    return Volume(generator.integers(-1024, 3000, shape).astype(np.int16), affine)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.tuples(*[st.integers(1, 9)] * 3))
def test_that_a_volume_written_is_the_volume_read(tmp_path_factory, seed, shape):
    volume = _volume(shape, seed)
    path = tmp_path_factory.mktemp("nifti") / "ct.nii.gz"
    path.write_bytes(nifti_bytes(volume))
    read = read_nifti(path)
    assert np.array_equal(read.hu, volume.hu)
    assert np.allclose(read.lps_from_ijk, volume.lps_from_ijk, atol=1e-4)


def test_that_other_readers_find_each_voxel_where_it_is(tmp_path):
    import SimpleITK as sitk  # noqa: N813

    volume = _volume()
    path = tmp_path / "ct.nii.gz"
    path.write_bytes(nifti_bytes(volume))
    image = nibabel.load(path)
    assert image.get_data_dtype() == np.int16
    assert image.header.get_xyzt_units()[0] == "mm"
    where, value = (3, 1, 5), volume.hu[3, 1, 5]
    lps = volume.lps([where])[0]
    assert np.asarray(image.dataobj)[where] == value
    assert np.allclose((image.affine @ [*where, 1])[:3], lps * [-1, -1, 1], atol=1e-4)
    second = sitk.ReadImage(str(path))
    assert second.GetPixel(where) == value
    assert np.allclose(second.TransformIndexToPhysicalPoint(where), lps, atol=1e-3)


@pytest.mark.parametrize("side", Side)
def test_that_a_lateral_mark_of_either_knee_stays_on_its_side(tmp_path, side):
    grid = np.zeros((8, 8, 8), np.int16)
    grid[0, 4, 4] = 1  # lateral in the right-knee frame
    path = tmp_path / "labels.nii.gz"
    path.write_bytes(label_nifti_bytes(Volume(*lps_grid(grid, side))))
    image = nibabel.load(path)
    assert image.get_data_dtype() == np.uint8
    assert np.linalg.det(image.affine) > 0
    mark = np.argwhere(np.asarray(image.dataobj))[0]
    right_ward = (image.affine @ [*mark, 1])[0]
    assert right_ward > 0 if side is Side.RIGHT else right_ward < 0


def test_that_the_same_volume_gives_the_same_bytes_without_time_or_name():
    one, two = nifti_bytes(_volume()), nifti_bytes(_volume())
    assert one == two
    assert one[4:8] == bytes(4)
    assert not one[3] & 0b1000
    header = np.frombuffer(gzip.decompress(one)[: HEADER.itemsize], HEADER)[0]
    assert (header["descrip"], header["aux_file"], header["intent_name"]) == (b"", b"", b"")


def test_that_labels_outside_a_byte_are_not_written():
    with pytest.raises(ValueError, match="labels"):
        label_nifti_bytes(Volume(np.full((2, 2, 2), -1, np.int16), np.eye(4)))


def _nifti(values, **changes):
    """A .nii by nibabel, and changes by field that nibabel would not write."""
    content = bytearray(nibabel.Nifti1Image(values, np.eye(4)).to_bytes())
    header = np.frombuffer(content, HEADER, 1)
    for field, value in changes.items():
        header[field] = value
    return bytes(content)


HU = np.arange(27, dtype=np.int16).reshape(3, 3, 3)
BAD = {
    "text": (b"not a volume" * 100, "cannot be read as NIfTI"),
    "empty": (b"", "cannot be read as NIfTI"),
    "cut": (_nifti(HU)[:-10], "cannot be read as NIfTI"),
    "time series": (_nifti(np.zeros((3, 3, 3, 2), np.int16)), "shape"),
    "slice": (_nifti(np.zeros((3, 3), np.int16)), "shape"),
    "colour": (_nifti(np.zeros((3, 3, 3), [("R", "u1"), ("G", "u1"), ("B", "u1")])), "samples of type"),
    "nan": (_nifti(np.full((3, 3, 3), np.nan, np.float32)), "not finite"),
    "large": (_nifti(np.full((3, 3, 3), 40000, np.int32)), "outside int16"),
    "no orientation": (_nifti(HU, sform_code=0, qform_code=0), "states no orientation"),
    "metres": (_nifti(HU, xyzt_units=1), "not in millimetres"),
    "singular": (_nifti(HU, srow=0), "cannot be inverted"),
}


@pytest.mark.parametrize("case", BAD)
def test_that_what_is_no_volume_of_a_knee_is_refused_by_name(tmp_path, case):
    path = tmp_path / "ct.nii"
    path.write_bytes(BAD[case][0])
    with pytest.raises(RefusedInput, match=rf"^ct\.nii .*{BAD[case][1]}.*; "):
        read_nifti(path)


def test_that_an_absent_or_cut_compressed_file_is_refused(tmp_path):
    with pytest.raises(RefusedInput, match=r"^absent\.nii\.gz "):
        read_nifti(tmp_path / "absent.nii.gz")
    path = tmp_path / "cut.nii.gz"
    path.write_bytes(nifti_bytes(_volume((30, 30, 30)))[:-2000])
    with pytest.raises(RefusedInput, match=r"^cut\.nii\.gz "):
        read_nifti(path)


def test_that_floating_point_hu_are_rounded(tmp_path):
    path = tmp_path / "ct.nii"
    path.write_bytes(_nifti(np.full((3, 3, 3), -99.6, np.float32)))
    assert (read_nifti(path).hu == -100).all()
