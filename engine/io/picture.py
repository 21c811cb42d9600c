"""PNG, TIFF and JPEG to stored values. Runs in the decoding child only; dense bone is taken to be bright."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from engine.io.limits import PIXELS, SHORTEST_EDGE
from engine.io.refusals import refused

_ORIENTATION, _PHOTOMETRIC, _BITS = 274, 262, 258
_WHITE_IS_ZERO = 0
_GREY_MODES = {"L": "u1", "I;16": "u2", "I;16B": "u2"}
_REMEDY = "save it as 8- or 16-bit greyscale PNG or TIFF"


def read_picture(data: bytes, word: str, name: str) -> NDArray[Any]:
    """Pixels (rows, columns) of a greyscale picture, uint8 or uint16, of which three equal channels are one.

    Raises RefusedInput for several pages, colour, palettes, alpha, 1, 2, 4 or 32 bits and rotated pictures.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None  # the size is checked here, before any pixel is read
    image = Image.open(BytesIO(data), formats=[word])
    if image.width * image.height > PIXELS or min(image.size) < SHORTEST_EDGE:
        raise refused(name, f"has {image.height} x {image.width} pixels", "give a film between 32 pixels and 64 Mpx")
    if getattr(image, "n_frames", 1) != 1:
        raise refused(name, f"holds {getattr(image, 'n_frames', 1)} pages", "save the film as a single page")
    if image.getexif().get(_ORIENTATION, 1) != 1:
        raise refused(name, "is marked as rotated or mirrored", "save it upright without an orientation mark")
    if word == "PNG" and (data[24] not in (8, 16) or (data[24] == 16 and data[25] != 0)):
        raise refused(name, f"is a PNG of {data[24]} bits with colour type {data[25]}", _REMEDY)
    if word == "TIFF" and set(_tiff_tag(image, _BITS) or (1,)) - {8, 16}:
        raise refused(name, "is a TIFF that has not 8 or 16 bits a sample", _REMEDY)
    return _upright_polarity(_grey(image, name), image, word)


def _grey(image: Image.Image, name: str) -> NDArray[Any]:
    if image.mode in _GREY_MODES:
        return np.asarray(image).astype(_GREY_MODES[image.mode], copy=False)
    if image.mode != "RGB":
        raise refused(name, f"is a picture of mode {image.mode}, not plain greyscale", _REMEDY)
    channels = np.asarray(image)
    if (channels != channels[..., :1]).any():
        raise refused(name, "is a colour picture", _REMEDY)
    return np.ascontiguousarray(channels[..., 0])


def _upright_polarity(pixels: NDArray[Any], image: Image.Image, word: str) -> NDArray[Any]:
    """TIFF WhiteIsZero turned; Pillow has already done so for 8 bits and does not for 16."""
    if word != "TIFF" or pixels.dtype.itemsize == 1 or _tiff_tag(image, _PHOTOMETRIC) != _WHITE_IS_ZERO:
        return pixels
    return np.iinfo(pixels.dtype).max - pixels


def _tiff_tag(image: Image.Image, tag: int) -> Any:
    return image.tag_v2.get(tag)  # pyright: ignore[reportAttributeAccessIssue]
