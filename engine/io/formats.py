"""Picture formats by their first bytes."""

_MAGICS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"\xff\xd8\xff": "JPEG",
}


def picture_format(data: bytes) -> str | None:
    """The picture format of a file's bytes, or None. A DICOM preamble may begin like a TIFF and is none."""
    if data[128:132] == b"DICM":
        return None
    return next((word for magic, word in _MAGICS.items() if data.startswith(magic)), None)
