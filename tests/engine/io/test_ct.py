"""CT series from folders of slices."""

import nibabel
import numpy as np
import pytest

from engine.domain import RefusedInput
from engine.io.ct import read_ct
from tests.engine.io.film_files import CT, encoded, film, saved


def _slice(values, z, **changes):
    return film(
        values.astype(np.int16).view(np.uint16),
        **{
            "SOPClassUID": CT,
            "Modality": "CT",
            "BitsStored": 16,
            "HighBit": 15,
            "PixelRepresentation": 1,
            "SeriesInstanceUID": "1.2.3",
            "ImagePositionPatient": ["-10", "-20", str(z)],
            "ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"],
            "PixelSpacing": ["0.5", "0.25"],
            "RescaleSlope": "1",
            "RescaleIntercept": "-1024",
        }
        | changes,
    )


def _stack(folder, **last):
    """Five slices, 2 mm apart, written in no order; `last` changes the top one."""
    values = np.random.default_rng(0).integers(0, 4000, (5, 48, 64))
    for n in (3, 0, 4, 1, 2):
        saved(folder, encoded(_slice(values[n], 100 + 2 * n, **(last if n == 4 else {}))), f"{9 - n}.dcm")
    return values


def test_that_slices_in_any_order_become_a_volume(tmp_path):
    values = _stack(tmp_path)
    volume = read_ct(tmp_path)
    assert np.array_equal(volume.hu, values.transpose(2, 1, 0) - 1024)
    assert volume.spacing_mm == (0.25, 0.5, 2.0)
    assert np.allclose(volume.lps([[0, 0, 0], [63, 47, 4]]), [[-10, -20, 100], [5.75, 3.5, 108]])


def test_that_what_a_scanner_did_not_measure_is_air(tmp_path):
    for n in range(2):
        values = np.zeros((48, 64))
        values[0, 0] = -1000
        saved(tmp_path, encoded(_slice(values, n)), f"{n}.dcm")
    assert read_ct(tmp_path).hu[0, 0, 0] == -1024


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SeriesInstanceUID": "1.2.4"}, "several series"),
        ({"PixelSpacing": ["0.5", "0.5"]}, "two sizes"),
        ({"ImageOrientationPatient": ["1", "0", "0", "0", "0", "-1"]}, "two orientations"),
        ({"ImageOrientationPatient": ["1", "0", "0", "1", "0", "0"]}, "no pair of directions"),
        ({"ImagePositionPatient": ["-10", "-20", "109"]}, "unevenly spaced"),
        ({"ImagePositionPatient": ["-10", "-20", "106"]}, "unevenly spaced"),
        ({"ImagePositionPatient": None}, "no usable ImagePositionPatient"),
        ({"Modality": "MR"}, "not a CT slice"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1", "Modality": "DX"}, "not a CT slice"),
        ({"RescaleSlope": "0"}, "no usable rescale"),
    ],
)
def test_that_a_folder_that_is_no_one_series_is_refused(tmp_path, change, word):
    _stack(tmp_path, **change)
    with pytest.raises(RefusedInput, match=f"{word}.*; "):
        read_ct(tmp_path)


def test_that_a_tilted_gantry_is_refused(tmp_path):
    for n in range(3):
        changed = _slice(np.eye(48, 64), n, ImagePositionPatient=["-10", str(-20 + n), str(n)])
        saved(tmp_path, encoded(changed), f"{n}.dcm")
    with pytest.raises(RefusedInput, match="tilted gantry"):
        read_ct(tmp_path)


def test_that_a_damaged_slice_is_the_one_named(tmp_path):
    _stack(tmp_path)
    (tmp_path / "5.dcm").write_bytes(encoded(_slice(np.eye(48, 64), 1))[:-100])
    with pytest.raises(RefusedInput, match=r"^5\.dcm has \d+ bytes of pixels"):
        read_ct(tmp_path)


@pytest.mark.parametrize("files", [0, 1])
def test_that_a_folder_without_slices_is_refused(tmp_path, files):
    for n in range(files):
        saved(tmp_path, b"x", f"{n}.dcm")
    with pytest.raises(RefusedInput, match=f"holds {files} files"):
        read_ct(tmp_path)


def test_that_the_real_series_lies_where_its_nifti_lies(data_file):
    series = read_ct(data_file("vhf-ct/dicom"))
    cropped = read_ct(data_file("vhf-ct/knee.nii.gz"))
    image = nibabel.load(data_file("vhf-ct/knee.nii.gz"))
    assert series.spacing_mm == cropped.spacing_mm == (1, 1, 1)
    shift = np.rint(cropped.lps_from_ijk[:3, 3] - series.lps_from_ijk[:3, 3]).astype(int)
    low, high = np.maximum(shift, 0), np.minimum(np.array(cropped.hu.shape) + shift, series.hu.shape)
    mine = series.hu[tuple(slice(a, b) for a, b in zip(low, high, strict=True))]
    same = np.asarray(image.dataobj)[tuple(slice(a, b) for a, b in zip(low - shift, high - shift, strict=True))]
    assert mine.size > 1_000_000
    assert np.array_equal(mine, np.maximum(same, -1024))
