"""What a CT slice's header says, read strictly and without its pixels."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from engine.domain import RefusedInput
from engine.io.decimals import decimals

_TAGS = {
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "ImageType": 0x00080008,
    "StudyDate": 0x00080020,
    "AcquisitionDate": 0x00080022,
    "Modality": 0x00080060,
    "InstitutionName": 0x00080080,
    "PatientID": 0x00100020,
    "SliceThickness": 0x00180050,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
    "InstanceNumber": 0x00200013,
    "ImagePositionPatient": 0x00200032,
    "ImageOrientationPatient": 0x00200037,
    "Laterality": 0x00200060,
    "NumberOfFrames": 0x00280008,
    "Rows": 0x00280010,
    "Columns": 0x00280011,
    "PixelSpacing": 0x00280030,
}
# What pydicom raises on damaged data sets; it has no error of its own for them.
DAMAGED = (
    InvalidDicomError, OSError, EOFError, ValueError, LookupError, AttributeError, TypeError, NotImplementedError,
    OverflowError, RecursionError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SliceHeader:
    """texts: keyword to the text in the file, '' where absent."""

    path: Path
    texts: dict[str, str]

    def text(self, keyword: str) -> str:
        """The text of an attribute, '' where the file has none."""
        return self.texts.get(keyword, "")

    def numbers(self, keyword: str, count: int) -> tuple[float, ...]:
        """Raises RefusedInput where there are not exactly `count` finite numbers."""
        values = decimals(self.text(keyword), count)
        if values is None:
            raise RefusedInput(f"a slice has no usable {keyword}; export the series again")
        return values


def read_slice_header(path: Path) -> SliceHeader | None:
    """The header of a DICOM file, or None for any other file. Raises RefusedInput for a damaged one."""
    try:
        with path.open("rb") as file:
            if file.read(132)[128:] != b"DICM":
                return None
        dataset = dcmread(path, stop_before_pixels=True, specific_tags=list(_TAGS.values()))
        texts = {keyword: _text(dataset, tag) for keyword, tag in _TAGS.items()}
    except DAMAGED as error:
        raise RefusedInput(f"a file cannot be read ({type(error).__name__}); export the series again") from error
    return SliceHeader(path, {keyword: text for keyword, text in texts.items() if text})


def _text(dataset: Dataset, tag: int) -> str:
    if tag not in dataset:
        return ""
    raw = dataset.get_item(tag)
    value = raw.value
    if raw.VR in ("US", None) and isinstance(value, bytes) and tag >> 16 == 0x0028 and len(value) == 2:
        return str(int.from_bytes(value, "little" if dataset.original_encoding[1] else "big"))
    return value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else str(value or "")
