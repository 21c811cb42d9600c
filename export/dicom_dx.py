"""Simulated films as Digital X-Ray Image Storage - For Presentation, marked as derived and synthetic.

PS3.3 A.26 (DX IOD), C.8.11 (DX modules), C.12.1 (Synthetic Data). The same film always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from engine.domain import Radiograph, View

DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1"
IMPLEMENTATION_UID = "2.25.31399326705723869782155002611862970349"
SERIES_DESCRIPTION = "SIMULATED RADIOGRAPH - research"

# PS3.16 CID 4010, CID 4009 and CID 244, by SNOMED CT.
_VIEW_CODES = {
    (View.AP, "R"): ("399348003", "antero-posterior"),
    (View.AP, "L"): ("399348003", "antero-posterior"),
    (View.LATERAL, "R"): ("399198007", "right lateral"),
    (View.LATERAL, "L"): ("399173006", "left lateral"),
}
_KNEE = ("72696002", "Knee")
_BITS = (12, 16)


def dx_bytes(film: Radiograph, *, description: str = "Projection of a CT volume by Genu") -> bytes:
    """A DICOM file of a simulated film whose view and side are known.

    film.pixels: (rows, columns), whole numbers in [0, 65535], dense bone bright; stored in 12 bits where they fit.
    film.identity: patient and study it belongs to; a study UID is derived from the patient where there is none.

    Raises ValueError for a film without view or side and for other pixels.
    """
    if film.view is None or film.side is None:
        raise ValueError(f"{film.source_name} has no view or no side, which a DX object must state")
    stored, bits = _stored(film)
    fingerprint = _fingerprint(film, stored)
    dataset = Dataset()
    _patient_and_study(dataset, film, fingerprint)
    _acquisition(dataset, film, description)
    _anatomy(dataset, film)
    _image(dataset, stored, bits)
    return _file(dataset)


def _stored(film: Radiograph) -> tuple[NDArray[np.uint16], int]:
    whole = np.rint(film.pixels)
    if not np.array_equal(whole, film.pixels) or whole.min() < 0 or whole.max() > 65535:
        raise ValueError(f"{film.source_name} has pixels that are not whole numbers in [0, 65535]")
    stored = whole.astype("<u2")
    return stored, next(bits for bits in _BITS if stored.max() < 1 << bits)


def _fingerprint(film: Radiograph, stored: NDArray[np.uint16]) -> str:
    geometry = (film.view, film.side, film.pixel_spacing_mm, film.sid_mm, film.sod_mm, film.columns_run_to)
    identity = (film.identity.patient_id, film.identity.study_instance_uid)
    return hashlib.sha256(repr((geometry, identity, stored.shape)).encode() + stored.tobytes()).hexdigest()


def _uid(*parts: str) -> str:
    """A UID under 2.25 (PS3.5 B.2) that depends on `parts` alone."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join((IMPLEMENTATION_UID, *parts))).int}"


def _patient_and_study(dataset: Dataset, film: Radiograph, fingerprint: str) -> None:
    identity = film.identity
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = DX_FOR_PRESENTATION
    dataset.SOPInstanceUID = _uid("instance", fingerprint)
    dataset.StudyDate, dataset.StudyTime, dataset.AccessionNumber = identity.study_date, "", ""
    dataset.ReferringPhysicianName = ""
    dataset.PatientName = identity.patient_name
    dataset.PatientID = identity.patient_id
    dataset.PatientBirthDate, dataset.PatientSex = identity.birth_date, identity.sex
    dataset.StudyInstanceUID = identity.study_instance_uid or _uid("study", identity.patient_id)
    dataset.SeriesInstanceUID = _uid("series", fingerprint)
    dataset.StudyID = "1"
    dataset.SeriesNumber, dataset.InstanceNumber = ("1" if film.view is View.AP else "2"), "1"
    dataset.SeriesDescription = SERIES_DESCRIPTION
    dataset.add_new(0x0008001C, "CS", "YES")  # Synthetic Data, by number: older dictionaries lack it


def _acquisition(dataset: Dataset, film: Radiograph, description: str) -> None:
    dataset.ImageType = ["DERIVED", "SECONDARY", ""]
    dataset.DerivationDescription = description
    dataset.Modality, dataset.PresentationIntentType = "DX", "FOR PRESENTATION"
    dataset.Manufacturer, dataset.ManufacturerModelName = "Genu", "simulated radiograph"
    dataset.KVP = None
    dataset.DetectorType = None
    dataset.ImagerPixelSpacing = [_decimal(mm) for mm in film.pixel_spacing_mm]
    if film.sid_mm is not None:
        dataset.DistanceSourceToDetector = _decimal(film.sid_mm)
    if film.sod_mm is not None:
        dataset.DistanceSourceToPatient = _decimal(film.sod_mm)
    if film.sid_mm is not None and film.sod_mm is not None:
        dataset.EstimatedRadiographicMagnificationFactor = _decimal(film.sid_mm / film.sod_mm)


def _decimal(value: float) -> str:
    """VR DS holds at most 16 characters."""
    return f"{value:.10g}"


def _anatomy(dataset: Dataset, film: Radiograph) -> None:
    assert film.view is not None
    assert film.side is not None
    dataset.BodyPartExamined = "KNEE"
    dataset.ViewPosition = film.view.value  # LATERAL is no defined term, but LL and RL name the side at the detector
    dataset.PatientOrientation = [film.columns_run_to, "F"]
    dataset.ImageLaterality = film.side.value
    dataset.AnatomicRegionSequence = [_code(*_KNEE)]
    view = _code(*_VIEW_CODES[film.view, film.side.value])
    view.ViewModifierCodeSequence = []
    dataset.ViewCodeSequence = [view]
    dataset.PositionerType = ""
    dataset.AcquisitionContextSequence = []


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "SCT", meaning
    return item


def _image(dataset: Dataset, stored: NDArray[np.uint16], bits: int) -> None:
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, bits, bits - 1
    dataset.PixelRepresentation = 0
    dataset.PixelIntensityRelationship, dataset.PixelIntensityRelationshipSign = "LOG", -1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.LossyImageCompression, dataset.BurnedInAnnotation = "00", "NO"
    low, high = float(stored.min()), float(stored.max())
    dataset.WindowCenter, dataset.WindowWidth = _decimal((low + high + 1) / 2), _decimal(max(high - low + 1, 1))
    dataset.add_new(0x7FE00010, "OW", stored.tobytes())


def _file(dataset: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    dataset.file_meta = meta
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()
