"""Series to volumes: HU lie where the headers say, whatever the gantry did; what is no CT of a leg is refused."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import RLELossless, generate_uid

from engine.domain import RefusedInput
from tests.training.prepare.clinic_cts import AXIAL, positions_of, write_series
from training.prepare.ct_series import pixel_hash, read_series
from training.prepare.source_ct import grid_affine, sampled

HEIGHTS = np.arange(0, 66, 2.0)
SIZE = (32, 36)


def slope_hu(points):
    """HU that rise along every axis at another rate: trilinear resampling keeps them exactly, a flip does not."""
    return np.rint(250 + 9 * points[..., 0] + 5 * points[..., 1] - 3 * (points[..., 2] - 30)).astype(np.int16)


def series(folder, heights=HEIGHTS, axes=AXIAL, tilt=0.0, **changes):
    positions = positions_of(heights, axes, *SIZE, tilt)
    return write_series(folder, slope_hu, positions, axes, SIZE, **changes)


@pytest.mark.parametrize(
    ("heights", "axes", "tilt"),
    [
        (HEIGHTS, AXIAL, 0.0),
        (HEIGHTS, AXIAL, 0.25),
        (np.r_[np.arange(0, 30, 1.5), np.arange(30, 66, 2.5)], AXIAL, 0.0),
        (HEIGHTS, np.array([[0.8, 0.6, 0], [-0.6, 0.8, 0]]), 0.0),
        (HEIGHTS, np.array([[1.0, 0, 0], [0, 0.96, 0.28]]), -0.2),
        (-HEIGHTS, np.array([[-1.0, 0, 0], [0, 1.0, 0]]), 0.0),
    ],
    ids=["straight", "tilted gantry", "uneven steps", "turned", "oblique and tilted", "from below"],
)
def test_that_hu_lie_where_the_headers_say(tmp_path, heights, axes, tilt):
    ct, _ = read_series(series(tmp_path, heights, axes, tilt))
    middle = np.asarray(ct.lps_from_ijk @ [*(np.array(ct.hu.shape) / 2), 1])[:3]
    grid = grid_affine(middle - 8, 1.25)
    points = np.moveaxis(np.indices((12, 12, 12)), 0, -1) * 1.25 + middle - 8
    np.testing.assert_allclose(sampled(ct.hu, ct.lps_from_ijk, grid, (12, 12, 12), -1024.0), slope_hu(points), atol=2.1)


def test_that_spacing_and_thickness_are_those_of_the_scanner(tmp_path):
    ct, _ = read_series(series(tmp_path, SliceThickness=2.5))
    assert (ct.in_plane_mm, ct.thickness_mm) == (2.0, 2.5)


def test_that_copies_count_once_and_impostors_are_refused(tmp_path):
    files = series(tmp_path)
    again = tmp_path / "copy.dcm"
    again.write_bytes(files[3].read_bytes())
    ct, copies = read_series([*files, again])
    assert (ct.hu.shape[2], copies) == (len(HEIGHTS), 1)
    other = dcmread(files[3])
    other.PixelData = bytes(len(other.PixelData))
    other.save_as(again)
    with pytest.raises(RefusedInput, match="two different slices of one SOP Instance UID"):
        read_series([*files, again])


def test_that_compressed_slices_and_new_headers_give_the_same_pixels(tmp_path):
    files = series(tmp_path)
    plain = pixel_hash(read_series(files)[0])
    for path in files:
        dataset = dcmread(path)
        dataset.compress(RLELossless)
        dataset.PatientID, dataset.SOPInstanceUID = "another", generate_uid()
        dataset.save_as(path)
    assert pixel_hash(read_series(files)[0]) == plain


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Modality": "MR", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4"}, "of modality MR, not a CT"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "localiser"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2.1"}, "Enhanced CT"),
        ({"RescaleIntercept": 9000}, "no Hounsfield units"),
        ({"RescaleSlope": 0}, "no usable rescale"),
    ],
)
def test_that_what_is_no_ct_of_a_leg_is_refused_by_name(tmp_path, changes, reason):
    with pytest.raises(RefusedInput, match=reason):
        read_series(series(tmp_path, **changes))


def test_that_a_short_series_is_refused_before_its_pixels_are_read(tmp_path):
    files = series(tmp_path, HEIGHTS[:15])
    files[4].write_bytes(files[4].read_bytes()[:-100])
    with pytest.raises(RefusedInput, match="28 mm long, too short"):
        read_series(files)


def test_that_a_truncated_slice_is_refused(tmp_path):
    files = series(tmp_path)
    files[4].write_bytes(files[4].read_bytes()[:-100])
    with pytest.raises(RefusedInput, match="CANARY_0004"):
        read_series(files)


def test_that_the_real_ct_of_40_slices_is_too_short(data_file):
    folder = data_file("vhf-ct/dicom")
    with pytest.raises(RefusedInput, match="39 mm long, too short to hold a knee joint"):
        read_series(sorted(folder.iterdir()))
