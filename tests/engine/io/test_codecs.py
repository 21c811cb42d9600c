"""Every transfer syntax, encoded here and read back; pydicom's own files; files with flipped bytes."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from engine.domain import RefusedInput
from engine.io.limits import CHILD_ADDRESS_SPACE, MAGIC
from engine.io.radiograph_file import read_radiograph
from tests.engine.io.film_files import CR, compressed, encoded, film, read_here, saved, wedge

PYDICOM_FILES = sorted((Path(pydicom.__file__).parent / "data/test_files").rglob("*.dcm"))
JPEG = "1.2.840.10008.1.2.4."


def _jpeg_2000(pixels, **options):
    bits = 12 if pixels.dtype.itemsize == 2 else 8
    return imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", bitspersample=bits, **options)


LOSSLESS = {
    "57": lambda p: imagecodecs.ljpeg_encode(p, bitspersample=12),
    "70": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=1, bitspersample=12),
    "80": imagecodecs.jpegls_encode,
    "90": lambda p: _jpeg_2000(p, level=0, reversible=True),
}
LOSSY = {
    "50": (wedge(bits=8).astype(np.uint8), lambda p: imagecodecs.jpeg8_encode(p, level=98)),
    "51": (wedge(), lambda p: imagecodecs.jpeg8_encode(p, level=98, bitspersample=12)),
    "81": (wedge(), lambda p: imagecodecs.jpegls_encode(p, level=2)),
    "91": (wedge(), lambda p: _jpeg_2000(p, level=60)),
}


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("rows", [48, 49])
def test_that_plain_pixels_are_read_in_either_byte_order(tmp_path, syntax, rows):
    pixels = wedge(rows, 63)
    dataset = film(pixels)
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = pixels.astype(">u2").tobytes()
    assert np.array_equal(read_here(saved(tmp_path, encoded(dataset, syntax))).pixels, pixels)


def test_that_an_odd_number_of_bytes_has_one_of_padding(tmp_path):
    pixels = wedge(49, 63, bits=8).astype(np.uint8)
    assert np.array_equal(read_here(saved(tmp_path, film(pixels))).pixels, pixels)
    short = film(pixels, PixelData=pixels.tobytes()[:-1])
    with pytest.raises(RefusedInput, match="49 x 63 need 3087"):
        read_here(saved(tmp_path, short))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_that_run_lengths_are_read(tmp_path, dtype):
    pixels = wedge(bits=8 * np.dtype(dtype).itemsize - 4).astype(dtype)
    dataset = film(pixels)
    encoded(dataset)  # gives it the file meta information that compress() asks for
    dataset.compress(RLELossless, encoding_plugin="pydicom")
    assert np.array_equal(read_here(saved(tmp_path, encoded(dataset, RLELossless))).pixels, pixels)


@pytest.mark.parametrize("fragments", [1, 3])
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_that_lossless_compression_loses_nothing(tmp_path, syntax, fragments):
    content = compressed(film(), LOSSLESS[syntax](wedge()), JPEG + syntax, fragments)
    assert np.array_equal(read_here(saved(tmp_path, content)).pixels, wedge())


@pytest.mark.parametrize("syntax", LOSSY)
def test_that_lossy_compression_stays_within_its_loss(tmp_path, syntax):
    pixels, encode = LOSSY[syntax]
    read = read_here(saved(tmp_path, compressed(film(pixels), encode(pixels), JPEG + syntax))).pixels
    assert np.abs(read - pixels).max() <= 0.012 * pixels.max()
    assert np.abs(read - pixels).mean() <= 0.003 * pixels.max()


@pytest.mark.parametrize("syntax", sorted({**LOSSLESS, "81": None}))
def test_that_a_codestream_of_another_size_is_refused_before_decoding(tmp_path, syntax):
    frame = (LOSSLESS.get(syntax) or LOSSY[syntax][1])(wedge(64, 48))
    with pytest.raises(RefusedInput, match="does not match its JPEG"):
        read_here(saved(tmp_path, compressed(film(), frame, JPEG + syntax)))


def test_that_a_codestream_of_another_kind_is_refused(tmp_path):
    with pytest.raises(RefusedInput, match="does not hold the JPEG 2000 lossless data"):
        read_here(saved(tmp_path, compressed(film(), LOSSLESS["80"](wedge()), JPEG + "90")))


def test_that_a_compressed_film_goes_through_the_child(tmp_path):
    content = compressed(film(), LOSSLESS["90"](wedge()), JPEG + "90")
    assert np.array_equal(read_radiograph(saved(tmp_path, content)).pixels, wedge())


def _serve(paths):
    """Each path's record from decoding children, None where the child died on it; a new child after each death."""
    left, records = list(paths), []
    while left:
        command = [sys.executable, "-m", "engine.io.decode_child", "film", str(CHILD_ADDRESS_SPACE), "60"]
        listed = b"\0".join(os.fsencode(p) for p in left)
        environment = os.environ | {"PYTHONPATH": os.getcwd(), "OPENBLAS_NUM_THREADS": "1"}
        out = subprocess.run(
            command, input=listed, capture_output=True, env=environment, timeout=60, check=False
        ).stdout
        assert out.startswith(MAGIC)
        at, count = len(MAGIC), 0
        while at < len(out):
            size = int.from_bytes(out[at : at + 8], "little")
            records.append(json.loads(out[at + 8 : at + 8 + size]))
            at += 8 + size
            if "shape" in records[-1]:
                at += int(np.prod(records[-1]["shape"])) * np.dtype(records[-1]["dtype"]).itemsize
            count += 1
        if count < len(left):
            records.append(None)
        left = left[count + 1 :]
    return records


def test_that_none_of_pydicoms_own_files_passes_for_a_radiograph():
    started = time.monotonic()
    records = _serve(PYDICOM_FILES)
    assert len(records) == len(PYDICOM_FILES) > 60
    for path, record in zip(PYDICOM_FILES, records, strict=True):
        assert record is None or record["refused"].startswith(path.name), path.name
    assert sum(record is None for record in records) < 10
    assert time.monotonic() - started < 40


def _as_films(folder):
    """pydicom's single-frame files, dressed as computed radiographs of a known spacing."""
    for path in PYDICOM_FILES:
        try:
            dataset = pydicom.dcmread(path)
        except pydicom.errors.InvalidDicomError:
            continue
        if "PixelData" not in dataset or "TransferSyntaxUID" not in dataset.file_meta:
            continue
        dataset.SOPClassUID, dataset.Modality = CR, "CR"
        dataset.ImagerPixelSpacing = ["0.2", "0.25"]
        for keyword in ("ViewPosition", "PatientOrientation"):
            if keyword in dataset:
                delattr(dataset, keyword)
        target = folder / path.name
        try:
            dataset.save_as(target, enforce_file_format=False)
        except TypeError:  # a file so broken that pydicom cannot write it again
            continue
        yield target


@pytest.mark.filterwarnings("ignore")
def test_that_pydicoms_files_dressed_as_films_are_refused_or_decoded_to_the_right_shape(tmp_path):
    paths = list(_as_films(tmp_path))
    accepted = {}
    for path, record in zip(paths, _serve(paths), strict=True):
        if record is not None and "refused" not in record:
            header = pydicom.dcmread(path, stop_before_pixels=True)
            assert record["shape"] == [header.Rows, header.Columns]
            assert record["facts"]["ImagerPixelSpacing"] == "0.2\\0.25"
            assert header.PhotometricInterpretation.startswith("MONOCHROME")
            assert int(header.get("NumberOfFrames", 1) or 1) == 1
            accepted[path.name] = path
    for name in ("MR_small.dcm", "JPEG2000.dcm", "image_dfl.dcm", "JPGExtended.dcm"):
        assert name in accepted
    for name in ("MR_truncated.dcm", "MR_small_padded.dcm", "J2K_pixelrep_mismatch.dcm", "SC_rgb_rle.dcm"):
        assert name not in accepted
    truth = pydicom.dcmread(accepted["MR_small.dcm"]).pixel_array
    for name in ("RLE", "bigendian", "expb", "implicit", "jp2klossless", "jpeg_ls_lossless"):
        assert np.array_equal(read_here(accepted[f"MR_small_{name}.dcm"]).pixels, truth), name


@pytest.mark.parametrize("syntax", ["plain", "90", "80", "70", "rle"])
@pytest.mark.filterwarnings("ignore")
def test_that_flipped_bytes_never_give_a_wrong_spacing_or_shape(tmp_path, syntax):
    """In this process: an exception other than a refusal is what ends the child. Oracle: pydicom's own reading."""
    if syntax == "plain":
        whole = encoded(film())
    elif syntax == "rle":
        dataset = film()
        encoded(dataset)
        dataset.compress(RLELossless, encoding_plugin="pydicom")
        whole = encoded(dataset, RLELossless)
    else:
        whole = compressed(film(), LOSSLESS[syntax](wedge()), JPEG + syntax)
    draw = random.Random(syntax)
    header = whole.index(b"\xe0\x7f\x10\x00")
    accepted = 0
    for _ in range(150):
        mutated = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            mutated[draw.randrange(128, header + 60 if syntax == "plain" else len(whole))] = draw.randrange(256)
        path = saved(tmp_path, bytes(mutated))
        try:
            read = read_here(path)
        except Exception:  # noqa: BLE001
            continue
        oracle = pydicom.dcmread(path, force=True)
        assert read.pixel_spacing_mm == tuple(float(v) for v in oracle.ImagerPixelSpacing)
        assert read.pixels.shape == (oracle.Rows, oracle.Columns)
        accepted += 1
    assert accepted
