"""DICOM films and slices made for the tests, with pydicom and not with Genu's own writer."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from engine.domain import Radiograph
from engine.io.decode_file import decode_file
from engine.io.decoding import _decoded
from engine.io.radiograph_file import radiograph_from

DX = "1.2.840.10008.5.1.4.1.1.1.1"
CR = "1.2.840.10008.5.1.4.1.1.1"
CT = "1.2.840.10008.5.1.4.1.1.2"
CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def wedge(rows: int = 48, columns: int = 64, bits: int = 12) -> np.ndarray:
    """Stored values that no flip, transposition or inversion maps to themselves."""
    ramp = 3 * np.arange(rows)[:, None] + 5 * np.arange(columns)[None, :] ** 1.2
    return np.rint(ramp / ramp.max() * ((1 << bits) - 100)).astype(np.uint16)


def film(pixels: np.ndarray | None = None, **changes: Any) -> Dataset:
    """A DX For Presentation AP film of a right knee; a change to None leaves the attribute out."""
    pixels = wedge() if pixels is None else pixels
    values: dict[str, Any] = {
        "SOPClassUID": DX,
        "SOPInstanceUID": generate_uid(),
        "StudyDate": "20260101",
        "Modality": "DX",
        "PresentationIntentType": "FOR PRESENTATION",
        "PatientName": "Canary^Film",
        "PatientID": "P1",
        "BodyPartExamined": "KNEE",
        "DistanceSourceToDetector": "1150",
        "DistanceSourceToPatient": "1050",
        "ImagerPixelSpacing": ["2", "1.5"],
        "ViewPosition": "AP",
        "PatientOrientation": ["L", "F"],
        "ImageLaterality": "R",
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": pixels.shape[0],
        "Columns": pixels.shape[1],
        "BitsAllocated": 8 * pixels.dtype.itemsize,
        "BitsStored": 12 if pixels.dtype.itemsize == 2 else 8,
        "HighBit": 11 if pixels.dtype.itemsize == 2 else 7,
        "PixelRepresentation": 0,
        "BurnedInAnnotation": "NO",
        "PixelIntensityRelationship": "LOG",
        "PresentationLUTShape": "IDENTITY",
        "PixelData": pixels.tobytes() + b"\0" * (pixels.nbytes % 2),
    }
    dataset = Dataset()
    for keyword, value in (values | changes).items():
        if value is not None:
            setattr(dataset, keyword, value)
    return dataset


def lateral(pixels: np.ndarray | None = None, **changes: Any) -> Dataset:
    """The lateral film of the same knee."""
    pixels = wedge()[:, ::-1].copy() if pixels is None else pixels
    return film(pixels, **({"ViewPosition": "LATERAL", "PatientOrientation": ["A", "F"]} | changes))


def encoded(dataset: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """The data set as a DICOM file."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(dataset.get("SOPClassUID", DX))
    meta.MediaStorageSOPInstanceUID = UID(dataset.get("SOPInstanceUID", "1.2.3"))
    meta.TransferSyntaxUID = UID(syntax)
    dataset.file_meta = meta
    if "PixelData" in dataset:
        dataset["PixelData"].VR = "OB" if dataset.BitsAllocated == 8 or meta.TransferSyntaxUID.is_compressed else "OW"
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def compressed(dataset: Dataset, frame: bytes, syntax: str, fragments: int = 1) -> bytes:
    """The data set as a DICOM file whose only frame is `frame`."""
    dataset.PixelData = encapsulate([frame], fragments_per_frame=fragments)
    dataset["PixelData"].is_undefined_length = syntax != "1.2.840.10008.1.2.1.99"
    return encoded(dataset, syntax)


def saved(folder: Path, content: Dataset | bytes, name: str = "film.dcm") -> Path:
    """Write a file of the test."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else encoded(content))
    return path


def read_here(path: Path, view=None, side=None, spacing_mm=None) -> Radiograph:
    """`read_radiograph` without its child process: the same code, ten times as fast."""
    record, pixels = decode_file(str(path), "film")
    return radiograph_from(_decoded(record, pixels, path.name), view, side, spacing_mm)
