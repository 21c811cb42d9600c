"""DICOM bytes to header facts. Runs in the decoding child only.

pydicom finds the elements; their bytes are read here, strictly, because pydicom accepts spacings that are not numbers.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

from pydicom.dataset import Dataset
from pydicom.filereader import dcmread, read_dataset, read_file_meta_info
from pydicom.tag import Tag

from engine.io.decoded import ModalityLut
from engine.io.limits import INFLATED_BYTES
from engine.io.refusals import refused

DEFLATED = "1.2.840.10008.1.2.1.99"

_TEXT_VRS = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UI", "UN"}
_WORD_VRS = {"US", "SS", "UN", "US or SS"}

TEXTS = {
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "StudyDate": 0x00080020,
    "Modality": 0x00080060,
    "PresentationIntentType": 0x00080068,
    "PatientID": 0x00100020,
    "PatientBirthDate": 0x00100030,
    "PatientSex": 0x00100040,
    "BodyPartExamined": 0x00180015,
    "DistanceSourceToDetector": 0x00181110,
    "DistanceSourceToPatient": 0x00181111,
    "EstimatedRadiographicMagnificationFactor": 0x00181114,
    "ImagerPixelSpacing": 0x00181164,
    "ViewPosition": 0x00185101,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
    "PatientOrientation": 0x00200020,
    "ImagePositionPatient": 0x00200032,
    "ImageOrientationPatient": 0x00200037,
    "Laterality": 0x00200060,
    "ImageLaterality": 0x00200062,
    "PhotometricInterpretation": 0x00280004,
    "NumberOfFrames": 0x00280008,
    "PixelSpacing": 0x00280030,
    "BurnedInAnnotation": 0x00280301,
    "PixelSpacingCalibrationType": 0x00280A02,
    "PixelIntensityRelationship": 0x00281040,
    "RescaleIntercept": 0x00281052,
    "RescaleSlope": 0x00281053,
    "PresentationLUTShape": 0x20500020,
}
WORDS = {
    "SamplesPerPixel": 0x00280002,
    "Rows": 0x00280010,
    "Columns": 0x00280011,
    "BitsAllocated": 0x00280100,
    "BitsStored": 0x00280101,
    "HighBit": 0x00280102,
    "PixelRepresentation": 0x00280103,
}


def open_dataset(data: bytes, path: str, name: str) -> tuple[Dataset, str]:
    """The data set of a DICOM file and its transfer syntax UID; deflated data inflate up to a fixed budget."""
    if data[128:132] != b"DICM":
        raise refused(name, "is not a DICOM file", "give a DX or CR radiograph, or a PNG or TIFF with --spacing")
    meta = read_file_meta_info(path)
    syntax = str(meta.get("TransferSyntaxUID", ""))
    if not syntax:
        raise refused(name, "does not name its transfer syntax", "export it again as a DICOM Part 10 file")
    if syntax != DEFLATED:
        return dcmread(BytesIO(data)), syntax
    body = 144 + int(meta.FileMetaInformationGroupLength)
    return read_dataset(BytesIO(_inflate(data[body:], name)), False, True), syntax


def _inflate(data: bytes, name: str) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflater.decompress(data, INFLATED_BYTES)
    if inflater.unconsumed_tail:
        raise refused(name, f"inflates to more than {INFLATED_BYTES >> 20} MiB", "export it without compression")
    return inflated


def read_facts(dataset: Dataset, name: str) -> dict[str, Any]:
    """The attributes of TEXTS and WORDS that are there and not empty, plus PatientName and ViewCode."""
    facts: dict[str, Any] = {}
    for keyword, tag in TEXTS.items():
        value = _element(dataset, tag, keyword, _TEXT_VRS, name)
        if text := value.decode("latin-1").strip("\0 "):
            facts[keyword] = text
    for keyword, tag in WORDS.items():
        value = _element(dataset, tag, keyword, _WORD_VRS, name)
        if len(value) not in (0, 2):
            raise refused(name, f"has {keyword} of {len(value)} bytes instead of 2", "export it again")
        if value:
            facts[keyword] = _words(value, dataset)[0]
    facts["PatientName"] = str(dataset.get("PatientName", "") or "")
    if view := dataset.get("ViewCodeSequence"):
        facts["ViewCode"] = str(view[0].get("CodeValue", ""))
    return {keyword: value for keyword, value in facts.items() if value != ""}


def _element(dataset: Dataset, tag: int, keyword: str, vrs: set[str], name: str) -> bytes:
    if Tag(tag) not in dataset:
        return b""
    raw = dataset.get_item(Tag(tag))
    if raw.VR is not None and raw.VR not in vrs:
        raise refused(name, f"has {keyword} with the wrong value representation {raw.VR}", "export it again")
    return bytes(raw.value or b"")


def read_modality_lut(dataset: Dataset, signed: bool, name: str) -> ModalityLut | None:
    """The Modality LUT Sequence, or None. LUT Descriptor: entries (0 is 65,536), first stored value, bits."""
    if not dataset.get("ModalityLUTSequence"):
        return None
    item = dataset.ModalityLUTSequence[0]
    count, first, bits = _words(_element(item, 0x00283002, "LUTDescriptor", _WORD_VRS, name), dataset)
    entries = _words(_element(item, 0x00283006, "LUTData", _WORD_VRS | {"OW", "US or OW"}, name), dataset)
    if signed and first > 0x7FFF:
        first -= 0x10000
    if len(entries) != (count or 0x10000) or not 8 <= bits <= 16 or max(entries) >= 1 << bits:
        raise refused(name, "has a modality LUT that does not fit its descriptor", "export it again")
    return ModalityLut(first, bits, entries)


def _words(value: bytes, dataset: Dataset) -> tuple[int, ...]:
    """16-bit unsigned words in the byte order of the data set."""
    order = "little" if dataset.original_encoding[1] else "big"
    return tuple(int.from_bytes(value[n : n + 2], order) for n in range(0, len(value), 2))
