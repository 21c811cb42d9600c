"""PNG, TIFF and JPEG with a stated spacing."""

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from engine.domain import RefusedInput, Side, Source, View
from engine.io.radiograph_file import pair_radiographs, read_radiograph
from tests.engine.io.film_files import read_here, wedge

EIGHT = wedge(bits=8).astype(np.uint8)
SIXTEEN = wedge(bits=16)


def _image(pixels):
    return Image.fromarray(pixels)


@pytest.mark.parametrize("pixels", [EIGHT, SIXTEEN], ids=["8 bits", "16 bits"])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_that_greyscale_is_read_as_it_is(tmp_path, pixels, suffix):
    path = tmp_path / f"film.{suffix}"
    _image(pixels).save(path)
    read = read_here(path, View.AP, Side.LEFT, (0.4, 0.5))
    assert np.array_equal(read.pixels, pixels)
    assert (read.pixel_spacing_mm, read.side, read.view) == ((0.4, 0.5), Side.LEFT, View.AP)
    assert {read.provenance[k].source for k in ("pixel_spacing_mm", "side", "view")} == {Source.USER}
    assert (read.sid_mm, read.sod_mm) == (None, None)


@pytest.mark.parametrize("pixels", [EIGHT, SIXTEEN], ids=["8 bits", "16 bits"])
def test_that_a_tiff_with_white_as_zero_is_turned(tmp_path, pixels):
    tags = ImageFileDirectory_v2()
    tags[262] = 0
    path = tmp_path / "film.tif"
    _image(pixels).save(path, tiffinfo=tags)
    with Image.open(path) as image:
        assert image.tag_v2[262] == 0
    read = read_here(path, View.AP, Side.LEFT, 1.0).pixels
    if pixels.dtype == np.uint8:  # Pillow writes 8 bits turned as well
        assert np.array_equal(read, pixels)
    else:
        assert np.array_equal(read, 65535 - pixels.astype(int))


def test_that_three_equal_channels_are_one(tmp_path):
    _image(np.stack([EIGHT] * 3, axis=-1)).save(tmp_path / "film.png")
    assert np.array_equal(read_here(tmp_path / "film.png", spacing_mm=1.0).pixels, EIGHT)


def test_that_a_grey_jpeg_is_read_within_its_loss(tmp_path):
    _image(EIGHT).save(tmp_path / "film.jpg", quality=98)
    assert np.abs(read_here(tmp_path / "film.jpg", spacing_mm=1.0).pixels - EIGHT).max() < 6


def _turned(path):
    exif = Image.Exif()
    exif[274] = 6
    _image(EIGHT).save(path, exif=exif)


BAD = {
    "colour.png": (lambda p: _image(np.stack([EIGHT, EIGHT, EIGHT[::-1]], -1)).save(p), "colour picture"),
    "alpha.png": (lambda p: _image(np.stack([EIGHT] * 4, -1)).save(p), "mode RGBA"),
    "palette.png": (lambda p: _image(EIGHT).convert("P").save(p), "mode P"),
    "bits.png": (lambda p: _image(EIGHT > 9).save(p), "PNG of 1 bits"),
    "bits.tif": (lambda p: _image(EIGHT > 9).save(p), "not 8 or 16 bits"),
    "float.tif": (lambda p: _image(EIGHT.astype(np.float32)).save(p), "not 8 or 16 bits"),
    "pages.tif": (lambda p: _image(EIGHT).save(p, save_all=True, append_images=[_image(EIGHT)]), "2 pages"),
    "turned.jpg": (_turned, "rotated or mirrored"),
    "tiny.png": (lambda p: _image(EIGHT[:8, :8]).save(p), "8 x 8 pixels"),
    "flat.png": (lambda p: _image(np.zeros_like(EIGHT)).save(p), "no contrast"),
}


@pytest.mark.parametrize("name", BAD)
def test_that_another_picture_is_refused_by_name(tmp_path, name):
    BAD[name][0](tmp_path / name)
    with pytest.raises(RefusedInput, match=rf"^{name} .*{BAD[name][1]}.*; "):
        read_here(tmp_path / name, View.AP, Side.LEFT, 0.5)


def test_that_a_truncated_picture_ends_its_child_only(tmp_path):
    path = tmp_path / "cut.png"
    _image(SIXTEEN).save(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(RefusedInput, match=r"^cut\.png is damaged"):
        read_radiograph(path, spacing_mm=0.5)


def test_that_a_picture_without_spacing_is_refused(tmp_path):
    _image(EIGHT).save(tmp_path / "film.png")
    with pytest.raises(RefusedInput, match=r"film\.png states no pixel spacing; .*--spacing"):
        read_here(tmp_path / "film.png")


@pytest.mark.parametrize("spacing", [0.0, float("nan"), float("inf"), 3.0, -0.3, (0.3, 0.0)])
def test_that_an_impossible_spacing_of_the_user_is_refused(tmp_path, spacing):
    _image(EIGHT).save(tmp_path / "film.png")
    with pytest.raises(RefusedInput, match=r"film\.png was given a spacing"):
        read_here(tmp_path / "film.png", spacing_mm=spacing)


def test_that_pictures_pair_when_everything_is_stated(tmp_path):
    _image(EIGHT).save(tmp_path / "a.png")
    _image(SIXTEEN).save(tmp_path / "b.tif")
    films = {"ap": tmp_path / "a.png", "lateral": tmp_path / "b.tif"}
    assert pair_radiographs(**films, side=Side.LEFT, spacing_mm=0.5).side is Side.LEFT
    with pytest.raises(RefusedInput, match="--side"):
        pair_radiographs(**films, spacing_mm=0.5)
