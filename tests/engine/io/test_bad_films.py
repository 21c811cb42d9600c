"""Everything that must not become a film: one sentence that names the file, the reason and what to do."""

import os
import time
import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from engine.domain import MachineFailure, RefusedInput, View
from engine.io import decoding
from engine.io.decoding import decode_films
from engine.io.radiograph_file import read_radiograph
from tests.engine.io.film_files import CAPTURE, CT, compressed, encoded, film, read_here, saved, wedge

RGB = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
BAD = {
    "rgb": (film(wedge().view(np.uint8), **RGB), "RGB colour"),
    "palette": (film(PhotometricInterpretation="PALETTE COLOR"), "palette colour"),
    "ybr": (film(PhotometricInterpretation="YBR_FULL_422"), "YBR colour"),
    "two samples": (film(SamplesPerPixel=2), "2 samples a pixel"),
    "frames": (film(NumberOfFrames="2"), "holds 2 frames"),
    "one bit": (film(BitsAllocated=1, BitsStored=1, HighBit=0), "1 bits a pixel"),
    "thirty-two bits": (film(BitsAllocated=32, BitsStored=32, HighBit=31), "32 bits a pixel"),
    "more bits stored than there are": (film(BitsStored=17, HighBit=16), "stores 17 of 16 bits"),
    "no bits stored": (film(BitsStored=None), "stores 0 of 16 bits"),
    "high bit": (film(HighBit=15), "highest bit at 15"),
    "sign": (film(PixelRepresentation=2), "unknown pixel representation"),
    "float pixels": (film(PixelData=None, FloatPixelData=b"\0" * 48 * 64 * 4), "floating-point"),
    "no pixels": (film(PixelData=None), "holds no pixels"),
    "no rows": (film(Rows=None), "does not state its rows"),
    "more rows": (film(Rows=49), "has 6144 bytes of pixels, 49 x 64 need 6272"),
    "fewer rows": (film(Rows=47), "has 6144 bytes of pixels, 47 x 64 need 6016"),
    "padded": (film(PixelData=wedge().tobytes() + b"\0\0"), "has 6146 bytes of pixels"),
    "huge": (film(Rows=65535, Columns=65535), "65535 x 65535 pixels"),
    "tiny": (film(wedge(8, 8)), "8 x 8 pixels"),
    "flat": (film(np.full((48, 64), 7, np.uint16)), "no contrast"),
    "CT slice": (film(SOPClassUID=CT, Modality="CT"), "CT Image Storage"),
    "secondary capture": (film(SOPClassUID=CAPTURE, Modality="OT"), "Secondary Capture"),
    "film class of another modality": (film(Modality="MG"), "modality MG"),
    "no SOP class": (film(SOPClassUID=None), "no SOP class"),
    "spacing nan": (film(ImagerPixelSpacing=None), "nan", (0x00181164, b"nan\\nan ")),
    "spacing inf": (film(ImagerPixelSpacing=None), "inf", (0x00181164, b"inf\\0.3 ")),
    "spacing underscore": (film(ImagerPixelSpacing=None), "1_0", (0x00181164, b"1_0\\1_0 ")),
    "spacing zero": (film(ImagerPixelSpacing=["0", "0"]), "0, 0"),
    "spacing negative": (film(ImagerPixelSpacing=["-0.3", "-0.3"]), "-0.3"),
    "spacing of three": (film(ImagerPixelSpacing=["0.3", "0.3", "0.3"]), "0.3, 0.3, 0.3"),
    "spacing of one": (film(ImagerPixelSpacing=["0.3"]), "not two numbers"),
    "spacing in metres": (film(ImagerPixelSpacing=["0.0003", "0.0003"]), "not two numbers"),
    "spacing too large": (film(ImagerPixelSpacing=["3", "3"]), "not two numbers"),
    "no spacing": (film(ImagerPixelSpacing=None), "states no pixel spacing"),
    "spacing of unknown plane": (film(ImagerPixelSpacing=None, PixelSpacing=["0.3", "0.3"]), "PixelSpacing alone"),
    "object behind detector": (film(DistanceSourceToPatient="1150"), "not smaller than"),
    "negative distance": (film(DistanceSourceToDetector="-1150"), "not a distance"),
    "distance nan": (film(DistanceSourceToDetector=None), "not a distance", (0x00181110, b"nan ")),
    "slope of zero": (film(RescaleSlope="0", RescaleIntercept="0"), "rescale"),
    "slope nan": (film(RescaleIntercept="0"), "rescale", (0x00281053, b"nan ")),
    "PA": (film(ViewPosition="PA"), "is a PA film"),
    "oblique": (film(ViewPosition="RLO"), "is an oblique film"),
    "skyline": (film(ViewPosition="SKYLINE"), "is an axial film"),
    "on its side": (film(PatientOrientation=["F", "L"]), "lies in the orientation"),
    "half an orientation": (film(PatientOrientation=["L"]), "lies in the orientation"),
    "view against orientation": (film(PatientOrientation=["A", "F"]), "columns run to A"),
}


def _file(dataset: Dataset, patch: tuple[int, bytes] | None) -> bytes:
    """The file, with an element whose bytes pydicom would not write."""
    if patch:
        dataset.add_new(patch[0], "LO", patch[1].decode())
    return encoded(dataset)


@pytest.mark.parametrize("case", BAD)
def test_that_a_bad_film_is_refused_in_one_sentence_that_names_it(tmp_path, case):
    dataset, word, *patch = BAD[case]
    path = saved(tmp_path, _file(dataset, patch[0] if patch else None), "bad film.dcm")
    with pytest.raises(RefusedInput) as refusal:
        read_here(path)
    message = str(refusal.value)
    assert message.startswith("bad film.dcm ")
    assert word in message
    assert "; " in message
    assert "\n" not in message
    assert "Canary" not in message
    assert str(tmp_path) not in message


def _nested(depth: int) -> bytes:
    """A film after whose header sequences lie in sequences."""
    item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    inner = b"\x40\x00\x75\xa7SQ\0\0\xff\xff\xff\xff"
    whole = encoded(film())
    at = whole.index(b"\x50\x20\x20\x00CS")
    return whole[:at] + (inner + item) * depth + whole[at:]


def _deflated(body: bytes) -> bytes:
    whole = encoded(film(), ExplicitVRLittleEndian)
    meta = whole[: whole.index(b"\x08\x00\x16\x00UI")]
    old = b"1.2.840.10008.1.2.1\0"
    new = b"1.2.840.10008.1.2.1.99"
    meta = meta.replace(b"UI" + len(old).to_bytes(2, "little") + old, b"UI" + len(new).to_bytes(2, "little") + new)
    length = int.from_bytes(meta[140:144], "little") + len(new) - len(old)
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return meta[:140] + length.to_bytes(4, "little") + meta[144:] + packer.compress(body) + packer.flush()


def _body(dataset: Dataset) -> bytes:
    out = DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, False
    dataset["PixelData"].VR = "OW"
    write_dataset(out, dataset)
    return out.getvalue()


def test_that_a_deflated_film_is_read(tmp_path):
    assert np.array_equal(read_here(saved(tmp_path, _deflated(_body(film())))).pixels, wedge())


def _enormous_jpeg_2000() -> bytes:
    frame = bytearray(imagecodecs.jpeg2k_encode(wedge(), codecformat="J2K", level=0, bitspersample=12))
    for at in (8, 24):  # size of the image and of its only tile
        frame[at : at + 8] = (8000).to_bytes(4, "big") * 2
    return compressed(film(Rows=8000, Columns=8000), bytes(frame), "1.2.840.10008.1.2.4.90")


MALFORMED = {
    "empty": (lambda: b"", "is empty"),
    "text": (lambda: b"not a film\n" * 100, "is not a DICOM file"),
    "only a preamble": (lambda: bytes(128) + b"DICM", ""),
    "header cut": (lambda: encoded(film())[:400], ""),
    "pixels cut": (lambda: encoded(film())[:-1000], "has 5144 bytes of pixels, 48 x 64 need 6144"),
    "an executable": (lambda: b"MZ" + bytes(1000), "is not a DICOM file"),
    "half a PNG": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(300), ""),
    "sequences without end": (lambda: _nested(5000), ""),
    "garbage as JPEG": (lambda: compressed(film(), b"\xff\xd8" + bytes(99), "1.2.840.10008.1.2.4.70"), "does not hold"),
    "garbage as RLE": (lambda: compressed(film(), b"\xff" * 300, "1.2.840.10008.1.2.5"), ""),
    "plain pixels called JPEG": (lambda: _mislabelled(), "plain pixels"),
    "an unknown syntax": (lambda: compressed(film(), bytes(64), "1.2.840.10008.1.2.4.201"), "transfer syntax"),
    "a deflate bomb": (lambda: _deflated(bytes(140 << 20)), "inflates to more than"),
    "a JPEG 2000 that claims 64 Mpx": (_enormous_jpeg_2000, ""),
    "big-endian bytes": (lambda: encoded(film(wedge().astype(np.uint8)), ExplicitVRBigEndian), "big-endian 8-bit"),
}


def _mislabelled() -> bytes:
    dataset = film()
    content = encoded(dataset)
    return content.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0")


@pytest.mark.parametrize("case", MALFORMED)
def test_that_a_malformed_file_is_refused_by_the_child_or_its_death(tmp_path, case):
    build, word = MALFORMED[case]
    path = saved(tmp_path, build(), "bad film.dcm")
    started = time.monotonic()
    with pytest.raises(RefusedInput, match=r"^bad film\.dcm ") as refusal:
        read_radiograph(path)
    assert time.monotonic() - started < 11
    assert word in str(refusal.value)
    assert "; " in str(refusal.value)


def test_that_what_is_no_readable_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.dcm")
    (tmp_path / "folder.dcm").mkdir()
    for name, word in (("pipe.dcm", "is not a file"), ("folder.dcm", "is not a file"), ("absent.dcm", "No such file")):
        with pytest.raises(RefusedInput, match=f"^{name} .*{word}"):
            read_radiograph(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_that_a_forbidden_file_is_refused(tmp_path):
    path = saved(tmp_path, film())
    path.chmod(0)
    with pytest.raises(RefusedInput, match="Permission denied"):
        read_radiograph(path)


@pytest.mark.parametrize(
    ("child", "word"),
    [("hanging_child", "takes too long"), ("dying_child", "SIGABRT"), ("greedy_child", "exit status")],
)
def test_that_a_decoder_that_hangs_dies_or_grows_costs_the_film_and_not_the_program(tmp_path, monkeypatch, child, word):
    monkeypatch.setattr(decoding, "CHILD_MODULE", f"tests.engine.io.{child}")
    monkeypatch.setattr(decoding, "CHILD_SECONDS", 4.0)
    path = saved(tmp_path, film())
    started = time.monotonic()
    with pytest.raises(RefusedInput, match=rf"^film\.dcm .*{word}"):
        decode_films([path, path])
    assert time.monotonic() - started < 8


def test_that_a_decoder_that_cannot_start_is_the_machines_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "CHILD_MODULE", "engine.io.no_such_module")
    with pytest.raises(MachineFailure, match="could not be started"):
        decode_films([saved(tmp_path, film())])


def test_that_the_refused_film_of_two_is_the_one_named(tmp_path):
    good, bad = saved(tmp_path, film(), "good.dcm"), saved(tmp_path, b"nonsense", "bad.dcm")
    for paths in ([good, bad], [bad, good]):
        with pytest.raises(RefusedInput, match=r"^bad\.dcm "):
            decode_films(paths)


def test_that_the_remedy_for_a_missing_spacing_is_accepted(tmp_path):
    path = saved(tmp_path, film(ImagerPixelSpacing=["0", "0"]))
    assert read_here(path, view=View.AP, spacing_mm=1.5).pixel_spacing_mm == (1.5, 1.5)


def test_that_names_with_spaces_and_signs_are_read(tmp_path):
    name = "Knie rechts – ö 🦵 " + "x" * 200 + ".dcm"
    content = BytesIO(encoded(film())).getvalue()
    assert read_radiograph(saved(tmp_path, content, name)).source_name == name
